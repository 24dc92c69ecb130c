import type { MappedField } from '../changes.ts';
import type { ModuleName } from '../domain.ts';
import type { FieldMeta } from '../zoho/metadata.ts';

/** Which of Zoho's fields we read of each module, and what the org calls ours there. */

const COMMON = ['Owner', 'Created_Time', 'Modified_Time'] as const;
const STANDARD: { readonly [M in ModuleName]: readonly string[] } = {
  Accounts: ['Account_Name', 'Parent_Account', 'Account_Type', 'Account_Number', 'Lead_Source'],
  Contacts: ['Full_Name', 'First_Name', 'Last_Name', 'Account_Name', 'Lead_Source'],
  Leads: [
    'Full_Name',
    'Last_Name',
    'Company',
    'Lead_Source',
    'Lead_Status',
    'Rating',
    'Converted__s',
    'Converted_Date_Time',
    'Converted_Account',
    'Converted_Contact',
    'Converted_Deal',
  ],
  Deals: [
    'Deal_Name',
    'Amount',
    'Stage',
    'Pipeline',
    'Closing_Date',
    'Account_Name',
    'Contact_Name',
    'Lead_Source',
    'Reason_For_Loss__s',
    'Currency',
    'Exchange_Rate',
  ],
  Tasks: ['Subject', 'Status', 'Due_Date', 'What_Id', 'Who_Id', 'Closed_Time'],
  Calls: [
    'Subject',
    'Call_Type',
    'Call_Start_Time',
    'Call_Duration_in_seconds',
    'Call_Duration',
    'Outgoing_Call_Status',
    'Outbound_Call_Status',
    'What_Id',
    'Who_Id',
  ],
  Events: ['Event_Title', 'Start_DateTime', 'End_DateTime', 'What_Id', 'Who_Id'],
  Cases: ['Subject', 'Status', 'Priority', 'Account_Name', 'Related_To', 'Deal_Name'],
  Products: ['Product_Name', 'Product_Code', 'Product_Category', 'Product_Active'],
};

/** Without these a module tells scoring nothing; their absence is named in the run. */
const NEEDED: { readonly [M in ModuleName]: readonly string[] } = {
  Accounts: ['Account_Name'],
  Contacts: ['Account_Name'],
  Leads: [],
  Deals: ['Amount', 'Stage', 'Closing_Date', 'Account_Name'],
  Tasks: ['Status', 'What_Id'],
  Calls: ['Call_Start_Time', 'What_Id'],
  Events: ['Start_DateTime', 'What_Id'],
  Cases: ['Status', 'Account_Name'],
  Products: [],
};

type DealInput = 'cost' | 'profit' | 'purchaseDate';
export type DealMapping = { readonly [K in DealInput]: string | string[] | null };

/** One of our fields as it is read here. */
export interface OurColumn {
  readonly mapped: MappedField;
  readonly dataType: string;
  /** What Zoho may give for an option, also after somebody renamed it, and the text that is stored for it. */
  readonly options: ReadonlyMap<string, string>;
}

export interface Columns {
  /** API names to ask for; `id` comes by itself. */
  readonly fields: readonly string[];
  readonly deal: { readonly [K in DealInput]: string | null };
  readonly ours: readonly OurColumn[];
  /** API names that we were told to read and that the org does not have. */
  readonly missing: readonly string[];
  /** Changes when the set of columns changes: rows read before lack what was added. */
  readonly hash: string;
}

function chosen(
  wanted: string | string[] | null,
  known: ReadonlySet<string> | null,
  missing: string[],
): string | null {
  if (wanted === null) return null;
  const names = Array.isArray(wanted) ? wanted : [wanted];
  const found = names.find((name) => known?.has(name));
  // A list names candidates, none of which need exist; a single name was chosen by somebody.
  if (found === undefined && typeof wanted === 'string') missing.push(wanted);
  return found ?? null;
}

function ourColumn(mapped: MappedField, meta: FieldMeta | undefined): OurColumn {
  // The stored texts of an adopted field are its maker's; ours may be its labels.
  const picklist = mapped.state === 'created' ? (meta?.picklist ?? []) : [];
  // A stored text wins over another option's label of the same spelling.
  const options = new Map([
    ...picklist.flatMap(({ display, reference, actual }) =>
      [display, reference ?? actual].map((text) => [text, actual] as const),
    ),
    ...picklist.map(({ actual }) => [actual, actual] as const),
  ]);
  return { mapped, dataType: meta?.dataType ?? 'text', options };
}

/** `meta` empty: Zoho gave no metadata for this module, so the standard fields are taken to exist. */
export function columnsOf(
  module: ModuleName,
  meta: readonly FieldMeta[],
  mapping: DealMapping,
  ours: readonly MappedField[],
): Columns {
  const known = meta.length > 0 ? new Map(meta.map((field) => [field.apiName, field])) : null;
  const names = known ? new Set(known.keys()) : null;
  const missing: string[] = [];
  const standard = [...COMMON, ...STANDARD[module]].filter((name) => !names || names.has(name));
  if (names) missing.push(...NEEDED[module].filter((name) => !names.has(name)));
  const deal = { cost: null, profit: null, purchaseDate: null } as { [K in DealInput]: string | null }; // widened: filled below
  if (module === 'Deals') {
    deal.cost = chosen(mapping.cost, names, missing);
    deal.profit = chosen(mapping.profit, names, missing);
    deal.purchaseDate = names ? chosen(mapping.purchaseDate, names, missing) : 'Closing_Date';
  }
  const present = ours.filter((field) => field.module === module && (!names || names.has(field.apiName)));
  if (names) {
    missing.push(
      ...ours
        .filter((field) => field.module === module && !names.has(field.apiName))
        .map((field) => field.apiName),
    );
  }
  const extra = Object.values(deal).filter((name) => name !== null);
  const fields = [...new Set([...standard, ...extra, ...present.map((field) => field.apiName)])];
  return {
    fields,
    deal,
    ours: present.map((mapped) => ourColumn(mapped, known?.get(mapped.apiName))),
    missing: [...new Set(missing)],
    hash: [...standard, ...extra].sort().join(','),
  };
}
