import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, ContributionKind, RecordId } from '../domain.ts';
import type { CostLine, ImportedRows, PurchaseLine } from '../records.ts';
import { isOneOf, isOneOfNumbers, selectArrays } from './dialect.ts';
import type { ImportKind } from './import-stores.ts';
import { hasNoCustomer } from './linked-rows.ts';

/** What was imported or noted about the customers of a page. */

type Imported = {
  -readonly [K in keyof ImportedRows]: ImportedRows[K] extends readonly (infer T)[] ? T[] : ImportedRows[K];
};
/** A customer under assembly. */
export interface Holder {
  imported?: Imported;
}

/** A way from lines to customers: which lines `r` it finds, and by which of their columns they are whose. */
export interface Way {
  readonly rest: RawBuilder<unknown>;
  readonly by: 'account' | 'contact';
}
interface PageOfHolders {
  readonly ways: readonly Way[];
  readonly customerIds: readonly RecordId[];
  readonly dealIds: readonly RecordId[];
  /** By the id of the customer or of one of its records. */
  readonly holder: (id: RecordId) => Holder | undefined;
}

export async function addImported(db: Db, connection: ConnectionId, page: PageOfHolders): Promise<void> {
  const known = await importsOf(db, connection);
  // Most connections import nothing: then that one look is all it costs.
  if (known.purchases) await addPurchases(db, connection, page, known.purchases);
  if (known.costs) await addCosts(db, page, known.costs);
  if (known.contributions) await addContributions(db, page, known.contributions);
  if (known.referrals) await addReferrals(db, page, known.referrals);
  if (known.thanks) await addThanks(db, connection, page);
}

async function importsOf(
  db: Db,
  connection: ConnectionId,
): Promise<{ [K in ImportKind | 'thanks']?: number[] }> {
  const { rows } = await sql<{ kind: ImportKind | 'thanks'; id: number }>`
    select kind, id from imports where connection_id = ${connection} and state = 'done'
    union all select * from (select 'thanks' as kind, id from thanks where connection_id = ${connection} limit 1) t
  `.execute(db.kysely);
  const known: { [K in ImportKind | 'thanks']?: number[] } = {};
  for (const { kind, id } of rows) {
    const ids = known[kind] ?? [];
    ids.push(id);
    known[kind] = ids;
  }
  return known;
}

function importedTo(holder: Holder): Imported {
  const known = holder.imported;
  if (known) return known;
  const made: Imported = {
    purchases: [],
    costs: [],
    billedDeals: [],
    contributions: [],
    referredBy: null,
    thanks: [],
  };
  holder.imported = made;
  return made;
}

/** The lines of a page in the order of their files. */
async function linesOf(
  db: Db,
  { ways, holder }: PageOfHolders,
  table: ImportKind,
  columns: readonly string[],
  imports: readonly number[],
): Promise<{ imported: Imported; cells: unknown[] }[]> {
  const found: { imported: Imported; cells: unknown[] }[] = [];
  for (const { rest, by } of ways) {
    const names = sql.join([`${by}_id`, ...columns].map((name) => sql.ref(`r.${name}`)));
    // "+" keeps the databases from going through all lines of a file instead of the lines of these customers.
    const rows = await selectArrays(
      db,
      sql`select ${names} from ${sql.table(table)} r ${rest} and ${isDone(db, imports)}
        order by r.import_id, r.line`,
    );
    for (const [id, ...cells] of rows) {
      const to = holder(text(id));
      if (to) found.push({ imported: importedTo(to), cells });
    }
  }
  return found;
}

function isDone(db: Db, imports: readonly number[]): RawBuilder<boolean> {
  const ids = isOneOfNumbers(db, 'id', imports);
  return sql<boolean>`+r.import_id in (select id from imports where ${ids})`;
}

// Each cell comes from the column that its place names, whose type the schema sets.
const text = (cell: unknown) => cell as string;
const maybe = (cell: unknown) => cell as string | null;
const number = (cell: unknown) => cell as number;

const PURCHASE_COLUMNS = [
  'import_id',
  'line',
  'day',
  'deal_id',
  'number',
  'kind',
  'product',
  'product_group',
  'quantity',
  'amount',
  'list_price',
  'discount_percent',
  'cost',
  'currency',
  'rate',
  'due_day',
  'paid_day',
];
function purchaseLine(c: readonly unknown[]): PurchaseLine {
  return {
    importId: number(c[0]),
    line: number(c[1]),
    day: text(c[2]),
    dealId: maybe(c[3]),
    number: maybe(c[4]),
    kind: c[5] as PurchaseLine['kind'], // only ever written from this type
    product: maybe(c[6]),
    group: maybe(c[7]),
    quantity: maybe(c[8]),
    amount: text(c[9]),
    listPrice: maybe(c[10]),
    discountPercent: maybe(c[11]),
    cost: maybe(c[12]),
    currency: maybe(c[13]),
    rate: maybe(c[14]),
    dueDay: maybe(c[15]),
    paidDay: maybe(c[16]),
  };
}

async function addPurchases(
  db: Db,
  connection: ConnectionId,
  page: PageOfHolders,
  imports: readonly number[],
): Promise<void> {
  for (const { imported, cells } of await linesOf(db, page, 'purchases', PURCHASE_COLUMNS, imports)) {
    imported.purchases.push(purchaseLine(cells));
  }
  // Whoever the invoice names. Money that is withheld cannot take the place of a deal's, nor can a credit note.
  const billed = await selectArrays(
    db,
    sql`select r.deal_id, min(r.day) from purchases r
      where r.connection_id = ${connection} and ${isOneOf(db, 'r.deal_id', page.dealIds)}
      and not ${hasNoCustomer('r')} and (r.currency is null or r.rate is not null)
      and (r.kind = 'invoice' or (r.kind is null and r.amount not like '-%')) and ${isDone(db, imports)}
      group by r.deal_id order by r.deal_id`,
  );
  for (const [deal, day] of billed) {
    const to = page.holder(text(deal));
    if (to) importedTo(to).billedDeals.push({ dealId: text(deal), day: text(day) });
  }
}

const COST_COLUMNS = ['day', 'kind', 'amount', 'minutes', 'note', 'currency', 'rate'];
function costLine(c: readonly unknown[]): CostLine {
  return {
    day: text(c[0]),
    kind: text(c[1]),
    amount: maybe(c[2]),
    minutes: maybe(c[3]),
    note: maybe(c[4]),
    currency: maybe(c[5]),
    rate: maybe(c[6]),
  };
}
async function addCosts(db: Db, page: PageOfHolders, imports: readonly number[]): Promise<void> {
  for (const { imported, cells } of await linesOf(db, page, 'costs', COST_COLUMNS, imports)) {
    imported.costs.push(costLine(cells));
  }
}

async function addContributions(db: Db, page: PageOfHolders, imports: readonly number[]): Promise<void> {
  const columns = ['day', 'kind', 'amount', 'note'];
  for (const { imported, cells } of await linesOf(db, page, 'contributions', columns, imports)) {
    const [day, kind, amount, note] = cells;
    imported.contributions.push({
      day: text(day),
      kind: kind as ContributionKind, // only ever written from this type
      amount: maybe(amount),
      note: maybe(note),
    });
  }
}

/** The first referrer wins: the earliest day, then the earlier file, then the earlier line. */
async function addReferrals(db: Db, page: PageOfHolders, imports: readonly number[]): Promise<void> {
  const columns = ['day', 'referrer_id', 'referrer_number'];
  for (const { imported, cells } of await linesOf(db, page, 'referrals', columns, imports)) {
    const [day, id, accountNumber] = cells;
    const known = imported.referredBy;
    if (known !== null && known.day <= text(day)) continue;
    imported.referredBy = { id: maybe(id), number: maybe(accountNumber), day: text(day) };
  }
}

async function addThanks(db: Db, connection: ConnectionId, page: PageOfHolders): Promise<void> {
  const rows = await selectArrays(
    db,
    sql`select record_id, day, how, note from thanks
      where connection_id = ${connection} and ${isOneOf(db, 'record_id', page.customerIds)} order by day, id`,
  );
  for (const [id, day, how, note] of rows) {
    const to = page.holder(text(id));
    if (to) importedTo(to).thanks.push({ day: text(day), how: text(how), note: maybe(note) });
  }
}
