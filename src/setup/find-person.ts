import type { Connection, ModuleName, RecordId } from '../domain.ts';
import { ZohoRejectedError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { coql, literal } from '../zoho/coql.ts';
import { getRecords, updateRecords } from '../zoho/records.ts';
import { textOf } from '../zoho/values.ts';

/** A person as Zoho knows them: we keep no addresses and numbers, so only Zoho can tell whose they are. */

export interface FoundPerson {
  readonly ids: readonly RecordId[];
  readonly names: readonly string[];
  /** Addresses and telephone numbers. */
  readonly numbers: readonly string[];
}

const MODULES = ['Contacts', 'Leads'] as const;
const ADDRESSES = ['Email', 'Secondary_Email'];
const NUMBERS = [...ADDRESSES, 'Phone', 'Mobile'];

export async function findByEmail(zoho: ZohoClient, email: string): Promise<FoundPerson> {
  const ids: RecordId[] = [];
  for (const module of MODULES) {
    for (const field of ADDRESSES) {
      const query = `select id from ${module} where ${field} = ${literal(email)} limit 200`;
      ids.push(...(await answered(async () => (await coql(zoho, query, 200)).rows)).map(({ id }) => id));
    }
  }
  const found = await findByIds(zoho, [...new Set(ids)]);
  return { ...found, numbers: [...new Set([email, ...found.numbers])] };
}

/** What Zoho knows of them beside; a record that is gone there is known by its id alone. */
export async function findByIds(zoho: ZohoClient, ids: readonly RecordId[]): Promise<FoundPerson> {
  const names = new Set<string>();
  const numbers = new Set<string>();
  for (const module of MODULES) {
    const fields = ['First_Name', 'Last_Name', ...NUMBERS];
    for (const row of await answered(() => getRecords(zoho, module, ids, fields))) {
      const name = [row.First_Name, row.Last_Name].flatMap((part) => textOf(part) ?? []).join(' ');
      if (name !== '') names.add(name);
      for (const field of NUMBERS) {
        const number = textOf(row[field]);
        if (number !== null) numbers.add(number);
      }
    }
  }
  return { ids, names: [...names], numbers: [...numbers] };
}

/** An org without leads, or without a field of that name, has nobody there. */
async function answered<T>(ask: () => Promise<T[]>): Promise<T[]> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ZohoRejectedError) return [];
    throw error;
  }
}

/** Our fields on these records in Zoho, emptied. Tells how many records were written. */
export async function clearOurValues(
  deps: { readonly store: Pick<Store, 'fieldMap'>; readonly zoho: ZohoClient },
  connection: Connection,
  people: ReadonlyMap<ModuleName, readonly RecordId[]>,
): Promise<number> {
  const mapped = await deps.store.fieldMap.writable(connection.id);
  let cleared = 0;
  for (const [module, ids] of people) {
    const names = mapped.filter((field) => field.module === module && field.state === 'created');
    if (names.length === 0) continue;
    const nothing = Object.fromEntries(names.map(({ apiName }) => [apiName, null]));
    const rows = ids.map((id) => ({ ...nothing, id }));
    cleared += (await updateRecords(deps.zoho, module, rows)).filter(({ ok }) => ok).length;
  }
  return cleared;
}
