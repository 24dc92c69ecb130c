import type { ModuleName } from '../domain.ts';

/** What we read of each module: where Zoho usually keeps it, which kinds of field can hold it, where it is stored. */

/** What a field must be able to hold; `any` takes whatever the values can be read from. */
export type InputKind = 'any' | 'number' | 'day' | 'instant' | 'lookup' | 'flag';
export interface InputSpec {
  readonly kind: InputKind;
  /** API names, best first. Settings may name others. */
  readonly names: readonly string[];
  /** Columns of the store that are filled from it. */
  readonly columns: readonly string[];
  /** Without it the module tells scoring nothing: its absence is named. */
  readonly isNeeded?: true;
  /** Not one of Zoho's own fields: read only where the org's metadata shows it. */
  readonly isCustom?: true;
  /** Of a picklist whose options scoring knows by their English names: that name is stored, where the option has it. */
  readonly words?: RegExp;
}

const any = (name: string, ...columns: string[]): InputSpec => ({ kind: 'any', names: [name], columns });
const lookup = (name: string, ...columns: string[]): InputSpec => ({
  kind: 'lookup',
  names: [name],
  columns,
});
const instant = (name: string, ...columns: string[]): InputSpec => ({
  kind: 'instant',
  names: [name],
  columns,
});
const option = (words: RegExp, column: string, ...names: string[]): InputSpec => ({
  kind: 'any',
  names,
  columns: [column],
  words,
});
const needed = (spec: InputSpec): InputSpec => ({ ...spec, isNeeded: true });
const personName = {
  fullName: any('Full_Name', 'name'),
  firstName: any('First_Name', 'name'),
  lastName: any('Last_Name', 'name'),
};

/** A date in which people themselves keep the day of the last contact: only where a setting names it. */
const lastContact: InputSpec = { kind: 'day', names: [], columns: ['kept_contact_day'], isCustom: true };
/** What an org says of a relation stands in fields of its own making: only where a setting names them. */
const unset = (kind: InputKind, column: string): InputSpec => ({
  kind,
  names: [],
  columns: [column],
  isCustom: true,
});
const terms = {
  closed: unset('any', 'closed'),
  contractEnd: unset('day', 'contract_end'),
  noticeGiven: unset('day', 'notice_day'),
  buyerType: unset('any', 'buyer_type'),
  survey: unset('number', 'survey'),
};
const number = (name: string, ...columns: string[]): InputSpec => ({
  kind: 'number',
  names: [name],
  columns,
});
const day = (name: string, ...columns: string[]): InputSpec => ({ kind: 'day', names: [name], columns });
/** Without a name it is read only where a setting names the field. */
const custom = (kind: InputKind, column: string, ...names: string[]): InputSpec => ({
  kind,
  names,
  columns: [column],
  isCustom: true,
});
/** Quotes, orders and invoices are alike, and what each calls its number, status and days differs. */
function documentInputs<Own extends Record<'number' | 'status' | 'date' | 'until', InputSpec>>(own: Own) {
  return {
    name: any('Subject', 'name'),
    ...own,
    account: needed(lookup('Account_Name', 'account_id')),
    contact: lookup('Contact_Name', 'contact_id'),
    deal: custom('lookup', 'deal_id', 'Deal_Name', 'Deal_Name__s'),
    subTotal: number('Sub_Total', 'sub_total'),
    discount: number('Discount', 'discount'),
    tax: number('Tax', 'tax'),
    total: needed(number('Grand_Total', 'total')),
    cost: custom('number', 'cost', 'Cost', 'Total_Cost', 'Cost_Amount'),
    profit: custom('number', 'profit', 'Profit', 'Gross_Profit'),
    freight: custom('number', 'freight'),
    currency: any('Currency', 'currency'),
    exchangeRate: number('Exchange_Rate', 'exchange_rate'),
  };
}

/** Every record has these under names that nobody can change. */
export const COMMON_FIELDS = ['Owner', 'Created_Time', 'Modified_Time'] as const;

export const INPUTS = {
  Accounts: {
    name: needed(any('Account_Name', 'name')),
    parent: lookup('Parent_Account', 'parent_id'),
    type: any('Account_Type', 'account_type'),
    number: any('Account_Number', 'number'),
    source: any('Lead_Source', 'source'),
    website: any('Website', 'domain'),
    lastContact,
    ...terms,
  },
  Contacts: {
    ...personName,
    account: needed(lookup('Account_Name', 'account_id')),
    source: any('Lead_Source', 'source'),
    email: any('Email', 'domain'),
    lastContact,
    ...terms,
  },
  Leads: {
    ...personName,
    company: any('Company', 'name', 'company'),
    email: any('Email', 'domain'),
    source: any('Lead_Source', 'source'),
    status: any('Lead_Status', 'status'),
    rating: any('Rating', 'rating'),
    converted: { kind: 'flag', names: ['Converted__s'], columns: ['converted'] },
    convertedAt: instant('Converted_Date_Time', 'converted_at'),
    convertedAccount: lookup('Converted_Account', 'converted_account_id'),
    convertedContact: lookup('Converted_Contact', 'converted_contact_id'),
    convertedDeal: lookup('Converted_Deal', 'converted_deal_id'),
  },
  Deals: {
    name: any('Deal_Name', 'name'),
    amount: { kind: 'number', names: ['Amount'], columns: ['amount'], isNeeded: true },
    cost: { kind: 'number', names: ['Cost', 'Deal_Cost', 'Cost_Amount'], columns: ['cost'], isCustom: true },
    profit: {
      kind: 'number',
      names: ['Profit', 'Deal_Profit', 'Gross_Profit'],
      columns: ['profit'],
      isCustom: true,
    },
    freight: custom('number', 'freight'),
    purchaseDate: { kind: 'day', names: ['Closing_Date'], columns: ['closing_day'], isNeeded: true },
    stage: needed(any('Stage', 'stage')),
    pipeline: any('Pipeline', 'pipeline'),
    account: needed(lookup('Account_Name', 'account_id')),
    contact: lookup('Contact_Name', 'contact_id'),
    source: any('Lead_Source', 'source'),
    lossReason: any('Reason_For_Loss__s', 'loss_reason'),
    currency: any('Currency', 'currency'),
    exchangeRate: { kind: 'number', names: ['Exchange_Rate'], columns: ['exchange_rate'] },
  },
  Tasks: {
    subject: any('Subject', 'subject'),
    status: needed(option(/^completed$/i, 'status', 'Status')),
    due: { kind: 'day', names: ['Due_Date'], columns: ['due_day'] },
    what: needed(lookup('What_Id', 'what_id')),
    who: lookup('Who_Id', 'who_id'),
    closed: instant('Closed_Time', 'closed_at'),
  },
  Calls: {
    subject: any('Subject', 'subject'),
    type: option(/^(inbound|outbound|missed)$/i, 'call_type', 'Call_Type'),
    start: needed(instant('Call_Start_Time', 'start_at')),
    durationSeconds: any('Call_Duration_in_seconds', 'duration_seconds'),
    duration: any('Call_Duration', 'duration_seconds'),
    status: {
      kind: 'any',
      names: ['Outgoing_Call_Status', 'Outbound_Call_Status'],
      columns: ['status', 'cancelled'],
      words: /^(scheduled|overdue|completed|cancell?ed)$/i,
    },
    what: needed(lookup('What_Id', 'what_id')),
    who: lookup('Who_Id', 'who_id'),
  },
  Events: {
    subject: any('Event_Title', 'subject'),
    start: needed(instant('Start_DateTime', 'start_at')),
    end: instant('End_DateTime', 'end_at'),
    kilometres: custom('number', 'kilometres'),
    what: needed(lookup('What_Id', 'what_id')),
    who: lookup('Who_Id', 'who_id'),
  },
  Cases: {
    subject: any('Subject', 'subject'),
    status: needed(option(/^(closed|resolved|completed)$/i, 'status', 'Status')),
    priority: any('Priority', 'priority'),
    due: unset('day', 'due_day'),
    account: needed(lookup('Account_Name', 'account_id')),
    contact: lookup('Related_To', 'contact_id'),
    deal: lookup('Deal_Name', 'deal_id'),
  },
  Products: {
    name: any('Product_Name', 'name'),
    code: any('Product_Code', 'code'),
    category: any('Product_Category', 'category'),
    active: { kind: 'flag', names: ['Product_Active'], columns: ['active'] },
    cost: custom('number', 'cost', 'Cost', 'Cost_Price', 'Unit_Cost', 'Purchase_Price', 'Purchase_Cost'),
    currency: any('Currency', 'currency'),
    exchangeRate: number('Exchange_Rate', 'exchange_rate'),
  },
  Notes: {
    title: any('Note_Title', 'subject'),
    parent: needed(any('Parent_Id', 'what_id')),
  },
  Quotes: documentInputs({
    number: any('Quote_Number', 'number'),
    status: needed(any('Quote_Stage', 'status')),
    date: custom('day', 'day', 'Quote_Date'),
    until: day('Valid_Till', 'until_day'),
  }),
  Sales_Orders: documentInputs({
    number: any('SO_Number', 'number'),
    status: needed(any('Status', 'status')),
    date: custom('day', 'day', 'Order_Date', 'SO_Date', 'Sales_Order_Date'),
    until: day('Due_Date', 'until_day'),
  }),
  Invoices: {
    ...documentInputs({
      number: any('Invoice_Number', 'number'),
      status: needed(any('Status', 'status')),
      date: needed(day('Invoice_Date', 'day')),
      until: day('Due_Date', 'until_day'),
    }),
    paid: custom('day', 'paid_day'),
  },
} as const satisfies { readonly [M in ModuleName]: { readonly [input: string]: InputSpec } };

export type InputName<M extends ModuleName> = keyof (typeof INPUTS)[M] & string;

export function inputsOf(module: ModuleName): [string, InputSpec][] {
  return Object.entries<InputSpec>(INPUTS[module]);
}

const NUMBERS = ['integer', 'bigint', 'double', 'currency', 'percent', 'decimal'];
const FITTING: { readonly [K in Exclude<InputKind, 'any'>]: readonly string[] } = {
  number: NUMBERS,
  day: ['date', 'datetime'],
  instant: ['datetime'],
  lookup: ['lookup', 'ownerlookup', 'userlookup'],
  flag: ['boolean'],
};

/** A type that Zoho does not tell is taken to fit: the values decide. */
export function fits(kind: InputKind, dataType: string): boolean {
  return kind === 'any' || dataType === '' || FITTING[kind].includes(dataType);
}
