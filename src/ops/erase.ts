import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Connection, RecordId } from '../domain.ts';
import type { Erased } from '../store/erasure-stores.ts';
import type { Store } from '../store/store.ts';

/** Data-subject erasure: everything that is stored about a person goes, and a certificate says what went. */

export interface Certificate {
  readonly connection: string;
  readonly erasedAt: string;
  /** Contacts and leads that were this person. */
  readonly records: number;
  /** What was searched for in texts; the values themselves are not kept. */
  readonly searched: { readonly names: number; readonly addressesAndNumbers: number };
  /** Somebody else has the name: texts that are about others keep it. */
  readonly namesake: boolean;
  readonly tables: readonly Erased[];
  /** Null: what deleted rows leave in the database file was overwritten; else why not. */
  readonly bytesLeft: string | null;
  /** SHA-256 of the rest of this certificate as JSON. */
  readonly hash: string;
}
export interface Subject {
  readonly ids: readonly RecordId[];
  readonly names: readonly string[];
  readonly numbers: readonly string[];
}
interface EraseDeps {
  readonly store: Pick<Store, 'erasure'>;
  readonly clock: Clock;
}

export async function erasePerson(
  deps: EraseDeps,
  connection: Connection,
  subject: Subject,
): Promise<{ certificate: Certificate; accounts: readonly RecordId[] }> {
  const { erasure } = deps.store;
  const at = deps.clock.now();
  const stored = await erasure.people(connection.id, subject.ids);
  const ids = new Set([...subject.ids, ...stored.map(({ id }) => id)]);
  // A name of one word is that of many, and of things: it goes with the rows that are about the person.
  const names = [...new Set([...subject.names, ...stored.map(({ name }) => name)])].filter((name) =>
    /\S\s+\S/.test(name.trim()),
  );
  const hasNamesake = await erasure.hasNamesake(connection.id, names, ids);
  const accounts = new Map(
    stored.flatMap(({ id, accountId }) => (accountId === null ? [] : [[id, accountId] as const])),
  );
  await erasure.remember(connection.id, {
    records: [...ids].map((id) => ({ id, accountId: accounts.get(id) ?? null })),
    phrases: hasNamesake ? subject.numbers : [...names, ...subject.numbers],
    at,
  });
  const tables = await erasure.erase(connection.id, {
    ids,
    accounts,
    names,
    numbers: subject.numbers,
    hasNamesake,
  });
  const bytesLeft = await erasure.forgetBytes(tables.map(({ table }) => table));
  const told = {
    connection: connection.name,
    erasedAt: at.toISOString(),
    records: stored.length,
    searched: { names: names.length, addressesAndNumbers: subject.numbers.length },
    namesake: hasNamesake,
    tables,
    bytesLeft,
  };
  const certificate = { ...told, hash: createHash('sha256').update(JSON.stringify(told)).digest('hex') };
  await erasure.certify(connection.id, at, certificate);
  return { certificate, accounts: [...new Set(accounts.values())] };
}

/** People who were erased before and stand in the store again, e.g. from a backup. */
export async function eraseAgain(deps: EraseDeps, connection: Connection): Promise<Certificate[]> {
  const certificates: Certificate[] = [];
  for (const id of await deps.store.erasure.remembered(connection.id)) {
    const { certificate } = await erasePerson(deps, connection, { ids: [id], names: [], numbers: [] });
    certificates.push(certificate);
  }
  return certificates;
}
