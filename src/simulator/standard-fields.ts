/**
 * Zoho's own modules: API names and types. One field is `Name:type`, followed by `>Module` for lookups, `!` when it
 * is mandatory, `^` when it is read-only.
 */
export interface StandardModule {
  singular: string;
  plural: string;
  displayField: string;
  fields: string;
}

const WHO_WHAT = 'What_Id:lookup Who_Id:lookup>Contacts';

export const STANDARD_MODULES: Readonly<Record<string, StandardModule>> = {
  Leads: {
    singular: 'Lead',
    plural: 'Leads',
    displayField: 'Full_Name',
    fields: `Company:text First_Name:text Last_Name:text! Full_Name:text^ Designation:text Email:email
      Secondary_Email:email Phone:phone Mobile:phone Website:website Lead_Source:picklist Lead_Status:picklist
      Industry:picklist Annual_Revenue:currency No_of_Employees:integer Rating:picklist Email_Opt_Out:boolean
      Unsubscribed_Mode:picklist^ Unsubscribed_Time:datetime^ Street:text City:text State:text Zip_Code:text
      Country:text Converted__s:boolean^ Converted_Date_Time:datetime^ Converted_Account:lookup>Accounts^
      Converted_Contact:lookup>Contacts^ Converted_Deal:lookup>Deals^ Lead_Conversion_Time:integer^
      Visitor_Score:bigint^ Change_Log_Time__s:datetime^`,
  },
  Accounts: {
    singular: 'Account',
    plural: 'Accounts',
    displayField: 'Account_Name',
    fields: `Account_Name:text! Parent_Account:lookup>Accounts Account_Type:picklist Account_Number:bigint
      Account_Site:text Industry:picklist Annual_Revenue:currency Employees:integer Ownership:picklist Rating:picklist
      SIC_Code:integer Ticker_Symbol:text Phone:phone Website:website Billing_Street:text Billing_City:text
      Billing_State:text Billing_Code:text Billing_Country:text Shipping_Street:text Shipping_City:text
      Shipping_State:text Shipping_Code:text Shipping_Country:text`,
  },
  Contacts: {
    singular: 'Contact',
    plural: 'Contacts',
    displayField: 'Full_Name',
    fields: `First_Name:text Last_Name:text! Full_Name:text^ Account_Name:lookup>Accounts Vendor_Name:lookup>Vendors
      Email:email Secondary_Email:email Email_Opt_Out:boolean Unsubscribed_Mode:picklist^ Unsubscribed_Time:datetime^
      Phone:phone Mobile:phone Home_Phone:phone Other_Phone:phone Title:text Department:text
      Reporting_To:lookup>Contacts Date_of_Birth:date Lead_Source:picklist Mailing_Street:text Mailing_City:text
      Mailing_State:text Mailing_Zip:text Mailing_Country:text`,
  },
  Deals: {
    singular: 'Deal',
    plural: 'Deals',
    displayField: 'Deal_Name',
    fields: `Deal_Name:text! Amount:currency Stage:picklist! Pipeline:picklist! Probability:integer
      Expected_Revenue:currency^ Closing_Date:date Account_Name:lookup>Accounts Contact_Name:lookup>Contacts
      Campaign_Source:lookup>Campaigns Type:picklist Lead_Source:picklist Next_Step:text Reason_For_Loss__s:picklist
      Sales_Cycle_Duration:integer^ Overall_Sales_Duration:integer^ Lead_Conversion_Time:integer^`,
  },
  Tasks: {
    singular: 'Task',
    plural: 'Tasks',
    displayField: 'Subject',
    fields: `Subject:text! Due_Date:date Status:picklist Priority:picklist ${WHO_WHAT} Closed_Time:datetime^
      Remind_At:ALARM Recurring_Activity:RRULE Send_Notification_Email:boolean`,
  },
  Calls: {
    singular: 'Call',
    plural: 'Calls',
    displayField: 'Subject',
    fields: `Subject:text! Call_Type:picklist! Call_Start_Time:datetime! Call_Duration:text!
      Call_Duration_in_seconds:integer^ Call_Purpose:picklist Call_Result:picklist Call_Agenda:text
      Outgoing_Call_Status:picklist ${WHO_WHAT} Dialled_Number:phone Caller_ID:phone`,
  },
  Events: {
    singular: 'Meeting',
    plural: 'Meetings',
    displayField: 'Event_Title',
    fields: `Event_Title:text! Start_DateTime:datetime! End_DateTime:datetime! All_day:boolean Participants:bigint
      Venue:text Remind_At:event_reminder Check_In_Time:datetime^ ${WHO_WHAT}`,
  },
  Cases: {
    singular: 'Case',
    plural: 'Cases',
    displayField: 'Subject',
    fields: `Subject:text! Case_Number:autonumber^ Status:picklist! Priority:picklist Type:picklist
      Case_Reason:picklist Case_Origin:picklist! Related_To:lookup>Contacts Account_Name:lookup>Accounts
      Deal_Name:lookup>Deals Product_Name:lookup>Products Reported_By:text Email:email Phone:phone Solution:textarea`,
  },
  Notes: {
    singular: 'Note',
    plural: 'Notes',
    displayField: 'Note_Title',
    fields: 'Note_Title:text Note_Content:textarea Parent_Id:lookup!',
  },
  Products: {
    singular: 'Product',
    plural: 'Products',
    displayField: 'Product_Name',
    fields: `Product_Name:text! Product_Code:text Product_Active:boolean Product_Category:picklist
      Unit_Price:currency Qty_in_Stock:double Vendor_Name:lookup>Vendors`,
  },
};

/** Of every module, custom ones included. Created_… and Modified_… are kept with the row, not among its values. */
export const COMMON_FIELDS = `id:bigint^ Owner:ownerlookup Created_Time:datetime^ Modified_Time:datetime^
  Created_By:ownerlookup^ Modified_By:ownerlookup^ Tag:text Last_Activity_Time:datetime^ Description:textarea
  Layout:bigint Record_Status__s:picklist^ Locked__s:boolean^`;

/** Only of orgs with several currencies. */
export const CURRENCY_FIELDS = 'Currency:picklist Exchange_Rate:double';

/** Options of Zoho's picklists; the API takes other values as well. */
export const STANDARD_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'Tasks.Status': ['Not Started', 'Deferred', 'In Progress', 'Completed', 'Waiting for input'],
  'Tasks.Priority': ['High', 'Highest', 'Low', 'Lowest', 'Normal'],
  'Calls.Call_Type': ['Inbound', 'Outbound', 'Missed'],
  'Calls.Outgoing_Call_Status': ['Scheduled', 'Completed', 'Cancelled'],
  'Cases.Status': ['New', 'On Hold', 'Escalated', 'Closed'],
  'Cases.Priority': ['High', 'Medium', 'Low'],
  'Cases.Case_Origin': ['Phone', 'Email', 'Web'],
  'Deals.Type': ['Existing Business', 'New Business'],
  'Leads.Lead_Status': [
    'Contacted',
    'Contact in Future',
    'Junk Lead',
    'Lost Lead',
    'Not Contacted',
    'Qualified',
  ],
  'Accounts.Account_Type': ['Analyst', 'Competitor', 'Customer', 'Partner', 'Prospect', 'Supplier', 'Vendor'],
  'Accounts.Rating': ['Acquired', 'Active', 'Market Failed', 'Project Cancelled', 'Shut Down'],
};
