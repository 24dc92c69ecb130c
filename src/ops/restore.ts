import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { keyIdOf } from '../crypto.ts';
import type { Connection } from '../domain.ts';
import { ConfigError, ConflictError, InputError } from '../errors.ts';
import type { RememberedErasures } from '../store/remembered-erasures.ts';
import type { ServiceFacts } from '../store/service-facts.ts';
import type { Store } from '../store/store.ts';
import type { Copy, FillOptions } from '../store/whole-load.ts';
import { erasuresFile } from './backup.ts';
import { type BackupHead, readHead, tablesOf, verifyBackup } from './backup-file.ts';
import { eraseAgain } from './erase.ts';

/** Brings a backup back. Nothing is written before all of it was read and found right. */

/** A database that a copy goes into. */
export interface CopyTarget {
  readonly isEmpty: () => Promise<boolean>;
  readonly workers: (now: Date) => Promise<string[]>;
  /** Null: there is no such table yet. */
  readonly erasures: () => Promise<RememberedErasures | null>;
  readonly fill: (copy: Copy, options: FillOptions) => Promise<void>;
  readonly finish: (at: Date) => Promise<void>;
  /** Null: there is no such table yet. */
  readonly facts: () => Promise<ServiceFacts | null>;
  /** Over what now stands in it. */
  readonly store: () => Store;
}
export interface RestoreDeps {
  readonly target: CopyTarget;
  readonly keyIds: readonly string[];
  readonly unknownMigrations: (names: readonly string[]) => string[];
  readonly clock: Clock;
  readonly say: (text: string) => void;
}
export interface RestoreInput {
  readonly file: string;
  /** What stands in the database goes. */
  readonly replace: boolean;
  /** Seal all secrets with the first key. */
  readonly rekey: boolean;
  /** Go on although the keys are lost: what they sealed goes. */
  readonly withoutKeys: boolean;
  /** List of erasures; null: the one beside the backup, where there is one. */
  readonly erasures: string | null;
}
export interface RestoreResult {
  readonly head: BackupHead;
  readonly rows: number;
  /** People who were erased after the backup was made, and so once more. */
  readonly erasedAgain: number;
  readonly resealed: number;
}

const Erasures = z.strictObject({
  version: z.literal(1),
  salts: z.array(z.strictObject({ connection: z.string(), salt: z.string() })),
  suppressions: z.array(
    z.strictObject({
      connection: z.string(),
      kind: z.string(),
      hash: z.string(),
      words: z.int(),
      account: z.string().nullable(),
      at: z.iso.datetime(),
    }),
  ),
  certificates: z.array(
    z.strictObject({ connection: z.string(), at: z.iso.datetime(), certificate: z.string() }),
  ),
}) satisfies z.ZodType<RememberedErasures>;

/** Reads and judges all of a backup. Throws InputError or ConfigError that says what is missing. */
export async function checkBackup(
  deps: Pick<RestoreDeps, 'unknownMigrations'> & {
    /** Null: they are lost. */
    readonly keyIds: readonly string[] | null;
  },
  file: string,
): Promise<BackupHead> {
  const head = await readHead(file);
  const unknown = deps.unknownMigrations(head.migrations);
  if (unknown.length > 0) {
    throw new ConfigError(
      `${file} was made by version ${head.product}, whose schema this version does not know (${unknown.join(', ')}); use version ${head.product} or a later one`,
    );
  }
  const { keyIds } = deps;
  const missing = keyIds === null ? [] : head.keyIds.filter((id) => !keyIds.includes(id));
  if (missing.length > 0) throw missingKeys(file, missing, keyIds ?? []);
  await verifyBackup(file, head);
  return head;
}

function missingKeys(where: string, missing: readonly string[], here: readonly string[]): ConfigError {
  const ours = here.length === 0 ? 'none is given' : `${here.join(', ')} is given`;
  return new ConfigError(
    `the secrets in ${where} were sealed with key ${missing.join(', ')}, but ${ours}; set ENCRYPTION_KEYS, or put the key file of that machine beside the database. Is it lost? Add --without-keys: connections must then be linked again`,
  );
}

export async function restore(deps: RestoreDeps, input: RestoreInput): Promise<RestoreResult> {
  const { target, clock, say } = deps;
  const head = await checkBackup({ ...deps, keyIds: input.withoutKeys ? null : deps.keyIds }, input.file);
  await requireFree(deps, input.replace);
  const lists = await knownErasures(target, input);
  const sealedBy = new Set(lists.flatMap(({ salts }) => salts.map(({ salt }) => keyIdOf(salt) ?? '')));
  const lacking = [...sealedBy].filter((id) => !deps.keyIds.includes(id));
  if (lacking.length > 0 && !input.withoutKeys)
    throw missingKeys('the list of erasures', lacking, deps.keyIds);
  say(`Restoring ${head.tables.length} tables as of ${head.createdAt}.`);
  const at = clock.now();
  await target.fill(
    { migrations: head.migrations, sequences: head.sequences, tables: tablesOf(input.file, head) },
    { kind: 'restore', id: randomUUID(), asOf: new Date(head.createdAt), standby: true, erasures: lists, at },
  );
  return {
    head,
    rows: head.tables.reduce((sum, table) => sum + table.rows, 0),
    ...(await finishRestore(deps, input)),
  };
}

/** What comes after the rows: also when the process that restored was killed in between. */
export async function finishRestore(
  { target, clock, keyIds }: Pick<RestoreDeps, 'target' | 'clock' | 'keyIds'>,
  { rekey, withoutKeys }: { readonly rekey: boolean; readonly withoutKeys: boolean },
): Promise<{ erasedAgain: number; resealed: number }> {
  const store = target.store();
  const lacking = (await store.secrets.uses()).map(({ keyId }) => keyId).filter((id) => !keyIds.includes(id));
  if (lacking.length > 0 && !withoutKeys) throw missingKeys('this database', lacking, keyIds);
  for (const keyId of lacking) await store.secrets.forget(keyId);
  await store.secrets.proveKeys();
  let erasedAgain = 0;
  for (const connection of await store.connections.list())
    erasedAgain += await eraseInCopy(store, clock, connection);
  const { resealed } = rekey ? await store.secrets.rotate() : { resealed: 0 };
  await target.finish(clock.now());
  return { erasedAgain, resealed };
}

async function eraseInCopy(store: Store, clock: Clock, connection: Connection): Promise<number> {
  return (await eraseAgain({ store, clock }, connection)).length;
}

async function requireFree({ target, clock }: RestoreDeps, replace: boolean): Promise<void> {
  if (await target.isEmpty()) return;
  const facts = await target.facts();
  const copy = (await facts?.get('copy')) ?? null;
  if (!replace && copy?.state !== 'unfinished') {
    throw new ConflictError(
      'this database is not empty; with --replace everything in it goes. Make a backup of it first',
    );
  }
  const workers = await target.workers(clock.now());
  if (workers.length > 0) {
    throw new ConflictError(
      `${workers.join(', ')} still works on this database; stop the service, wait a minute, and restore again`,
    );
  }
}

/** What the database itself remembers until it is replaced, and what lies beside the backup. */
async function knownErasures(target: CopyTarget, input: RestoreInput): Promise<RememberedErasures[]> {
  const beside = input.erasures ?? erasuresFile(dirname(input.file));
  const text = await readFile(beside, 'utf8').catch((cause: unknown) => {
    if (input.erasures === null) return null;
    throw new InputError(`the list of erasures ${beside} cannot be read`, { cause });
  });
  const own = await target.erasures();
  if (text === null) return own ? [own] : [];
  const parsed = Erasures.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new InputError(`${beside} is no list of erasures: ${z.prettifyError(parsed.error)}`);
  return own ? [parsed.data, own] : [parsed.data];
}
