import { sql } from 'kysely';
import type { Keys } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import { forgetBytes, isOneOf, selectArrays } from './dialect.ts';
import { ERASED, type Redactor, redactorOf } from './erased-text.ts';
import type { Erased, ErasureStore, Person } from './erasure-stores.ts';
import { rowPages, textColumnsOf } from './row-pages.ts';
import { toJson } from './rows.ts';
import { rewritePacks } from './score-packs.ts';
import { suppress, suppressionsOf } from './suppressions.ts';

/**
 * Takes a person out of everything that is stored about an org. The tables and their columns are asked of the database,
 * so a table that is added later is covered by the general rule: a row that names the person as its record goes, a
 * link to the person is emptied, a text loses name, address and number.
 */

/** They hold hashes, secrets and counts, or what the erasure itself says. */
const LEFT_OUT = new Set(['suppressions', 'suppression_salts', 'erasures', 'credit_ledger', 'score_packs']);
/** Columns that say whose row it is. */
const OWNERS = ['record_id', 'customer_id'];
/** What hangs on the person alone is linked to the account, so that its totals stay. */
const ACCOUNT_LINKS: { readonly [table: string]: string } = {
  activities: 'what_id',
  deals: 'account_id',
  cases: 'account_id',
  documents: 'account_id',
  purchases: 'account_id',
  costs: 'account_id',
  contributions: 'account_id',
  referrals: 'account_id',
};
/** Texts that may tell anything of a person whom the row is about. */
const WORDS: { readonly [table: string]: readonly string[] } = {
  activities: ['subject'],
  cases: ['subject'],
  costs: ['note'],
  contributions: ['note'],
};
const CHUNK = 1_000;

export function erasureStore(db: Db, keys: Keys): ErasureStore {
  return {
    people: (connection, ids) => peopleOf(db, connection, ids),
    async hasNamesake(connection, names, ids) {
      const rows = await selectArrays(
        db,
        sql`select id from leads where connection_id = ${connection} and ${isOneOf(db, 'name', names)}
          union all select id from contacts where connection_id = ${connection} and ${isOneOf(db, 'name', names)}`,
      );
      return rows.some(([id]) => !ids.has(id as RecordId)); // a text column
    },
    remember: (connection, wanted) => suppress(db, keys, connection, wanted),
    async remembered(connection) {
      const suppressions = await suppressionsOf(db, keys, connection);
      if (!suppressions) return [];
      const rows = await selectArrays(
        db,
        sql`select id from contacts where connection_id = ${connection}
          union select id from leads where connection_id = ${connection}`,
      );
      return rows.map(([id]) => id as RecordId).filter(suppressions.isErased); // a text column
    },
    erase: (connection, person) => erasePerson(db, connection, person),
    async certify(connection, at, certificate) {
      await db.kysely
        .insertInto('erasures')
        .values({ connection_id: connection, erased_at: at, certificate: toJson(certificate) })
        .execute();
    },
    forgetBytes: (tables) => forgetBytes(db, tables),
  };
}

/** Contacts and leads by id, and the leads that became them. */
async function peopleOf(db: Db, connection: ConnectionId, ids: readonly RecordId[]) {
  const rows = await selectArrays(
    db,
    sql`select id, name, account_id from contacts
        where connection_id = ${connection} and ${isOneOf(db, 'id', ids)}
      union all select id, name, converted_account_id from leads
        where connection_id = ${connection} and (${isOneOf(db, 'id', ids)} or ${isOneOf(db, 'converted_contact_id', ids)})
      union all select c.id, c.name, c.account_id from contacts c
        join leads l on l.connection_id = c.connection_id and l.converted_contact_id = c.id
        where c.connection_id = ${connection} and ${isOneOf(db, 'l.id', ids)}`,
  );
  // The columns are text, text and text or null.
  const people = rows.map(([id, name, account]) => ({
    id: id as RecordId,
    name: name as string,
    accountId: account as RecordId | null,
  }));
  return [...new Map(people.map((person) => [person.id, person])).values()];
}

async function erasePerson(db: Db, connection: ConnectionId, person: Person): Promise<Erased[]> {
  const erased = new Map<string, { deleted: number; changed: number }>();
  const count = (table: string, what: 'deleted' | 'changed') => {
    const counts = erased.get(table) ?? { deleted: 0, changed: 0 };
    counts[what] += 1;
    erased.set(table, counts);
  };
  const work: Work = {
    person,
    everywhere: redactorOf({
      ids: person.ids,
      phrases: person.hasNamesake ? person.numbers : [...person.names, ...person.numbers],
    }),
    about: redactorOf({ ids: person.ids, phrases: [...person.names, ...person.numbers] }),
  };
  const columns = await textColumnsOf(db);
  for (const [table, names] of lastPeople(columns)) {
    if (LEFT_OUT.has(table)) continue;
    for await (const page of rowPages(db, { table, columns: names, connection, size: CHUNK })) {
      await page(async (rows, write) => {
        for (const { at, cells } of rows) {
          const change = changeOf(work, table, names, cells);
          if (change === 'keep') continue;
          count(table, change === 'delete' ? 'deleted' : 'changed');
          await write(at, change);
        }
      });
    }
  }
  await rewritePacks(db, connection, (score) => {
    if (work.about.isPerson(score.key.id)) {
      count('score_packs', 'deleted');
      return null;
    }
    if (!work.everywhere.finds(toJson(score))) return score;
    count('score_packs', 'changed');
    return work.everywhere.value(score) as typeof score; // the same shape; texts changed, ids became null
  });
  await closePlans(db, connection);
  return [...erased]
    .map(([table, counts]) => ({ table, ...counts }))
    .sort((a, b) => (a.table < b.table ? -1 : 1));
}

/** A run that is killed is repeated, and still finds the name there. */
function lastPeople(columns: ReadonlyMap<string, string[]>): [string, string[]][] {
  const isPeople = ([table]: [string, string[]]) => table === 'contacts' || table === 'leads';
  return [...[...columns].filter((each) => !isPeople(each)), ...[...columns].filter(isPeople)];
}

interface Work {
  readonly person: Person;
  readonly everywhere: Redactor;
  readonly about: Redactor;
}
type Cell = string | null;
type Change = 'keep' | 'delete' | { readonly [column: string]: Cell };

function changeOf(work: Work, table: string, names: readonly string[], cells: readonly Cell[]): Change {
  const cell = (name: string): Cell => cells[names.indexOf(name)] ?? null;
  const { isPerson } = work.about;
  if (OWNERS.some((owner) => isPerson(cell(owner)))) return 'delete';
  if ((table === 'contacts' || table === 'leads') && isPerson(cell('id'))) return 'delete';
  const changed: { [column: string]: Cell } = {};
  const linked = names.filter((name, index) => name.endsWith('_id') && isPerson(cells[index] ?? null));
  for (const name of linked) changed[name] = null;
  const isAbout = linked.length > 0;
  if (isAbout) {
    const link = ACCOUNT_LINKS[table];
    if (link !== undefined && (cell(link) === null || isPerson(cell(link))))
      changed[link] = accountOf(work, linked, cell);
    for (const name of WORDS[table] ?? []) if (cell(name) !== null) changed[name] = ERASED;
  }
  const redactor = isAbout ? work.about : work.everywhere;
  for (const [index, name] of names.entries()) {
    const held = cells[index] ?? null;
    if (held === null || name in changed || name === 'connection_id') continue;
    if (!redactor.finds(held)) continue;
    if (name === 'cv_ref') {
      // The key of a task names whom it is about.
      if (table !== 'activities') return 'delete';
      changed[name] = null;
      continue;
    }
    const told = cleaned(redactor, held);
    if (told === null) return 'delete';
    if (told !== held) changed[name] = told;
  }
  return Object.keys(changed).length === 0 ? 'keep' : changed;
}

function accountOf({ person }: Work, linked: readonly string[], cell: (name: string) => Cell): Cell {
  const ids = linked.flatMap((name) => cell(name) ?? []);
  return ids.map((id) => person.accounts.get(id) ?? null).find((account) => account !== null) ?? null;
}

/** Null: the row is about the person alone. */
function cleaned(redactor: Redactor, held: string): string | null {
  if (!/^[[{]/.test(held)) return redactor.text(held);
  try {
    return redactor.json(held);
  } catch {
    return redactor.text(held); // it only looked like JSON
  }
}

/** A plan made before holds texts that were changed and lacks rows: it is made anew. */
async function closePlans(db: Db, connection: ConnectionId): Promise<void> {
  await db.kysely
    .updateTable('plans')
    .set({ state: 'superseded' })
    .where('connection_id', '=', connection)
    .where('state', 'in', ['open', 'held', 'approved', 'building'])
    .execute();
}
