import type { StandardModule } from './standard-fields.ts';

const ADDRESSES = `Billing_Street:text Billing_City:text Billing_State:text Billing_Code:text Billing_Country:text
  Shipping_Street:text Shipping_City:text Shipping_State:text Shipping_Code:text Shipping_Country:text`;
const TOTALS = `Sub_Total:currency^ Discount:currency Tax:currency Adjustment:currency Grand_Total:currency^
  Terms_and_Conditions:textarea`;

/** Quotes, orders and invoices: only in orgs whose seed names them. Each brings the module of its lines. */
export const SALES_MODULES = {
  Quotes: {
    singular: 'Quote',
    plural: 'Quotes',
    displayField: 'Subject',
    lines: 'Quoted_Items',
    fields: `Subject:text! Quote_Number:bigint^ Quote_Stage:picklist Valid_Till:date Team:text Carrier:picklist
      Account_Name:lookup>Accounts! Contact_Name:lookup>Contacts Deal_Name:lookup>Deals ${TOTALS} ${ADDRESSES}
      Quoted_Items:subform>Quoted_Items`,
  },
  Sales_Orders: {
    singular: 'Sales Order',
    plural: 'Sales Orders',
    displayField: 'Subject',
    lines: 'Ordered_Items',
    fields: `Subject:text! SO_Number:bigint^ Purchase_Order:text Status:picklist Due_Date:date Customer_No:text
      Pending:text Carrier:picklist Sales_Commission:currency Excise_Duty:currency Account_Name:lookup>Accounts!
      Contact_Name:lookup>Contacts Deal_Name:lookup>Deals Quote_Name:lookup>Quotes ${TOTALS} ${ADDRESSES}
      Ordered_Items:subform>Ordered_Items`,
  },
  Invoices: {
    singular: 'Invoice',
    plural: 'Invoices',
    displayField: 'Subject',
    lines: 'Invoiced_Items',
    fields: `Subject:text! Invoice_Number:bigint^ Invoice_Date:date Due_Date:date Status:picklist Purchase_Order:text
      Sales_Commission:currency Excise_Duty:currency Account_Name:lookup>Accounts! Contact_Name:lookup>Contacts
      Deal_Name__s:lookup>Deals Sales_Order:lookup>Sales_Orders ${TOTALS} ${ADDRESSES}
      Invoiced_Items:subform>Invoiced_Items`,
  },
} as const satisfies Readonly<Record<string, StandardModule & { lines: string }>>;

export const LINE_FIELDS = `id:bigint^ Sequence_Number:integer Product_Name:lookup>Products Quantity:double
  List_Price:currency Total:currency^ Discount:currency Total_After_Discount:currency^ Tax:currency Net_Total:currency^
  Description:textarea Created_Time:datetime^ Modified_Time:datetime^ Created_By:ownerlookup^ Modified_By:ownerlookup^`;

/** Stage history. Its Modified_Time is when the deal entered the stage. */
export const HISTORY_FIELDS = `id:bigint^ Potential_Name:lookup>Deals^ Stage:picklist^ Moved_To__s:picklist^
  Stage_Duration_Calendar_Days:integer^ Amount:currency^ Probability:integer^ Expected_Revenue:currency^
  Closing_Date:date^ Modified_Time:datetime^ Modified_By:ownerlookup^`;

export const SALES_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'Quotes.Quote_Stage': [
    'Draft',
    'Negotiation',
    'Delivered',
    'On Hold',
    'Confirmed',
    'Closed Won',
    'Closed Lost',
  ],
  'Sales_Orders.Status': ['Created', 'Approved', 'Delivered', 'Cancelled'],
  'Invoices.Status': ['Created', 'Approved', 'Delivered', 'Cancelled'],
};
