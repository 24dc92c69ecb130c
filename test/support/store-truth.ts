import { sql } from 'kysely';
import { expect } from 'vitest';
import { openDb } from '../../src/db.ts';
import type { ModuleName } from '../../src/domain.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/**
 * What must stand in the store, worked out from the simulator's own rows without a line of the code under test. Left
 * out are only columns that tell about us: when and with which hash a row was stored, and the day we first saw it won.
 */

type Row = Readonly<Record<string, unknown>>;
type Cell = (row: Row) => unknown;

const text =
  (name: string): Cell =>
  (row) =>
    row[name] === '' || row[name] === '-None-' ? null : (row[name] ?? null);
const filled =
  (name: string): Cell =>
  (row) =>
    text(name)(row) ?? '';
const idOf =
  (name: string): Cell =>
  (row) =>
    (row[name] as { id?: string } | null | undefined)?.id ?? null; // lookups are objects or null
const instant =
  (name: string): Cell =>
  (row) =>
    typeof row[name] === 'string' ? new Date(row[name]).toISOString() : null;
const yes =
  (name: string): Cell =>
  (row) =>
    row[name] === true;
/** Plain digits, as money is stored. */
const digits =
  (...names: string[]): Cell =>
  (row) => {
    const value = names.map((name) => row[name]).find((one) => one !== undefined) ?? null;
    return value === null || value === '' ? null : Number(value);
  };

const person: Cell = (row) =>
  text('Full_Name')(row) ?? [row.First_Name, row.Last_Name].filter(Boolean).join(' ');
const nothing: Cell = () => null;

function callSeconds(row: Row): unknown {
  if (typeof row.Call_Duration_in_seconds === 'number') return row.Call_Duration_in_seconds;
  const parts = typeof row.Call_Duration === 'string' ? row.Call_Duration.split(':').map(Number) : [];
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum * 60 + part, 0);
}
const isCancelled: Cell = (row) =>
  row.$event_cancelled === true || /cancel/i.test(String(row.Outgoing_Call_Status ?? ''));

const ACTIVITY: Readonly<Record<string, Cell>> = {
  subject: filled('Subject'),
  what_id: idOf('What_Id'),
  who_id: idOf('Who_Id'),
  status: nothing,
  call_type: nothing,
  start_at: nothing,
  end_at: nothing,
  duration_seconds: nothing,
  due_day: nothing,
  closed_at: nothing,
  cancelled: isCancelled,
};

const COMMON: Readonly<Record<string, Cell>> = {
  created_at: instant('Created_Time'),
  modified_at: instant('Modified_Time'),
  owner_id: idOf('Owner'),
};
/** Notes are read only where a setting asks for it. */
type Synced = Exclude<ModuleName, 'Notes'>;
const DOCUMENT: Readonly<Record<string, Cell>> = {
  name: filled('Subject'),
  account_id: idOf('Account_Name'),
  contact_id: idOf('Contact_Name'),
  deal_id: idOf('Deal_Name'),
  sub_total: digits('Sub_Total'),
  tax: digits('Tax'),
  total: digits('Grand_Total'),
};
const TRUTH: { readonly [M in Synced]: { table: string; columns: Readonly<Record<string, Cell>> } } = {
  Accounts: {
    table: 'accounts',
    columns: {
      name: filled('Account_Name'),
      parent_id: idOf('Parent_Account'),
      account_type: text('Account_Type'),
      number: text('Account_Number'),
      source: text('Lead_Source'),
    },
  },
  Contacts: {
    table: 'contacts',
    columns: { name: person, account_id: idOf('Account_Name'), source: text('Lead_Source') },
  },
  Leads: {
    table: 'leads',
    columns: {
      name: (row) => text('Company')(row) ?? person(row),
      source: text('Lead_Source'),
      status: text('Lead_Status'),
      rating: text('Rating'),
      converted: yes('Converted__s'),
      converted_at: instant('Converted_Date_Time'),
      converted_account_id: idOf('Converted_Account'),
      converted_contact_id: idOf('Converted_Contact'),
      converted_deal_id: idOf('Converted_Deal'),
    },
  },
  Deals: {
    table: 'deals',
    columns: {
      name: filled('Deal_Name'),
      account_id: idOf('Account_Name'),
      contact_id: idOf('Contact_Name'),
      amount: digits('Amount'),
      cost: digits('Cost', 'Deal_Cost', 'Cost_Amount'),
      profit: digits('Profit', 'Deal_Profit', 'Gross_Profit'),
      currency: text('Currency'),
      exchange_rate: digits('Exchange_Rate'),
      stage: text('Stage'),
      pipeline: text('Pipeline'),
      closing_day: text('Closing_Date'),
      source: text('Lead_Source'),
      loss_reason: text('Reason_For_Loss__s'),
    },
  },
  Tasks: {
    table: 'activities',
    columns: {
      ...ACTIVITY,
      status: text('Status'),
      due_day: text('Due_Date'),
      closed_at: instant('Closed_Time'),
    },
  },
  Calls: {
    table: 'activities',
    columns: {
      ...ACTIVITY,
      status: text('Outgoing_Call_Status'),
      call_type: text('Call_Type'),
      start_at: instant('Call_Start_Time'),
      duration_seconds: callSeconds,
    },
  },
  Events: {
    table: 'activities',
    columns: {
      ...ACTIVITY,
      subject: filled('Event_Title'),
      start_at: instant('Start_DateTime'),
      end_at: instant('End_DateTime'),
    },
  },
  Cases: {
    table: 'cases',
    columns: {
      subject: filled('Subject'),
      account_id: idOf('Account_Name'),
      contact_id: idOf('Related_To'),
      deal_id: idOf('Deal_Name'),
      status: text('Status'),
      priority: text('Priority'),
    },
  },
  Products: {
    table: 'products',
    columns: {
      name: filled('Product_Name'),
      code: text('Product_Code'),
      category: text('Product_Category'),
      active: (row) => row.Product_Active === undefined || row.Product_Active === true,
    },
  },
  Quotes: {
    table: 'documents',
    columns: { ...DOCUMENT, status: text('Quote_Stage'), until_day: text('Valid_Till') },
  },
  Sales_Orders: { table: 'documents', columns: { ...DOCUMENT, status: text('Status') } },
  Invoices: {
    table: 'documents',
    columns: { ...DOCUMENT, status: text('Status'), day: text('Invoice_Date') },
  },
};
const NUMBERS = new Set(['amount', 'cost', 'profit', 'exchange_rate', 'sub_total', 'tax', 'total']);

type Mapped = { readonly module: string; readonly key: string; readonly apiName: string };

function expectedRow(module: Synced, row: Row, mapped: readonly Mapped[]): Row {
  const cells = Object.entries({ ...COMMON, ...TRUTH[module].columns }).map(
    ([column, cell]) => [column, cell(row)] as const,
  );
  const ours = mapped
    .filter((field) => field.module === module && row[field.apiName] !== undefined)
    .map((field) => [field.key, row[field.apiName]] as const);
  return { ...Object.fromEntries(cells), ours: Object.fromEntries(ours) };
}

function storedRow(module: Synced, row: Row): Row {
  const columns = Object.keys({ ...COMMON, ...TRUTH[module].columns });
  const cells = columns.map((column) => {
    const value = row[column];
    if (value instanceof Date) return [column, value.toISOString()] as const;
    if (NUMBERS.has(column)) return [column, value === null ? null : Number(value)] as const;
    return [column, value] as const;
  });
  return { ...Object.fromEntries(cells), ours: JSON.parse(String(row.ours)) as unknown };
}

function without(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)));
}

/** Sales documents exist only in an org whose seed names them. */
function hasModule({ control }: Pick<Simulator, 'control'>, module: string): boolean {
  try {
    control.records(module);
    return true;
  } catch {
    return false;
  }
}

const PIECE = 5_000;

/**
 * Every living record of the org, in every synced column, is in the store, and nothing else lives there. `setAside`:
 * ids of records that cannot be stored and stand in quarantine instead. `except`: columns that hold what was read before
 * their field was removed.
 */
export async function expectStoreEqualsTruth(
  simulator: Pick<Simulator, 'control'>,
  databaseUrl: string,
  options: {
    connection?: string;
    modules?: readonly Synced[];
    setAside?: readonly string[];
    except?: readonly string[];
  } = {},
): Promise<{ records: number }> {
  const known = Object.keys(TRUTH) as Synced[]; // keys of that type
  const modules = options.modules ?? known.filter((module) => hasModule(simulator, module));
  const setAside = new Set(options.setAside);
  const db = await openDb(databaseUrl);
  let records = 0;
  try {
    const { id: connection } = await db.kysely
      .selectFrom('connections')
      .select('id')
      .where('name', '=', options.connection ?? 'default')
      .executeTakeFirstOrThrow();
    const mapped = (
      await db.kysely.selectFrom('field_map').selectAll().where('connection_id', '=', connection).execute()
    ).map((row): Mapped => ({ module: row.module, key: row.field_key, apiName: row.api_name }));
    for (const module of modules) {
      const truth = new Map(
        recordsIn(simulator, module)
          .filter((row) => !setAside.has(String(row.id)))
          .map((row) => [String(row.id), row]),
      );
      records += truth.size;
      for await (const row of livingRows(db, connection, module)) {
        const id = String(row.id);
        const real = truth.get(id);
        truth.delete(id);
        const label = `${module} ${id}`;
        expect(real, `${label} lives in the store and not in the org`).toBeDefined();
        if (!real) continue;
        const [stored, expected] = [storedRow(module, row), expectedRow(module, real, mapped)].map((one) =>
          without(one, options.except ?? []),
        );
        // A deep comparison of a million rows by the assertion itself would take minutes.
        if (JSON.stringify(stored) !== JSON.stringify(expected))
          expect(stored, `${label} in the store`).toEqual(expected);
      }
      expect([...truth.keys()].slice(0, 10), `${module} that the store lacks (${truth.size})`).toEqual([]);
    }
    return { records };
  } finally {
    await db.close();
  }
}

/** An org without the module has none of its records, and so must the store. */
function recordsIn({ control }: Pick<Simulator, 'control'>, module: ModuleName): Row[] {
  try {
    return control.records(module);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

async function* livingRows(
  db: Awaited<ReturnType<typeof openDb>>,
  connection: string,
  module: Synced,
): AsyncGenerator<Row> {
  const { table } = TRUTH[module];
  const ofModule = table === 'activities' ? sql`and module = ${module}` : sql``;
  for (let after = ''; ; ) {
    const { rows } = await sql<Row>`
      select * from ${sql.table(table)}
      where connection_id = ${connection} ${ofModule} and id > ${after} and deleted_at is null
      order by id limit ${PIECE}`.execute(db.kysely);
    if (rows.length === 0) return;
    yield* rows;
    after = String(rows.at(-1)?.id);
  }
}
