import { isAbsolute, resolve } from 'node:path';
import { type Clock, systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { addKeyToFile, existingKeys, type Keys, keepKeysInFile, loadKeys } from './crypto.ts';
import { openDb } from './db.ts';
import { ConfigError } from './errors.ts';
import type { Log } from './log.ts';
import { type BackupDeps, scheduledBackup } from './ops/backup.ts';
import type { MoveDeps } from './ops/move-store.ts';
import { copyTarget } from './store/copy-target.ts';
import { ALL_MIGRATIONS, migrate, pendingMigrations, unknownMigrations } from './store/migrate.ts';
import { rememberedErasures } from './store/remembered-erasures.ts';
import { serviceFacts } from './store/service-facts.ts';
import { openSnapshot } from './store/snapshot.ts';
import { createStore, type Store } from './store/store.ts';
import { type Activated, activateCopy, whileLocked, workersIn } from './store/whole-load.ts';
import { packageVersion } from './version.ts';

/** What operates on a database as a whole, opened without asking whether work may begin on it. */

/** The secret files of an SQLite store lie beside its database; PostgreSQL has none. */
export function fileBeside(databaseUrl: string, ending: '.key' | '.session'): string | null {
  if (!databaseUrl.startsWith('file:')) return null;
  const path = databaseUrl.slice('file:'.length);
  return `${isAbsolute(path) ? path : resolve(path)}${ending}`;
}

const placesOf = (config: Config, url: string) => ({
  keys: config.encryptionKeys,
  keyFile: fileBeside(url, '.key'),
});

/** Names of the keys that are there; none is made. */
export async function existingKeyIds(config: Config, url: string): Promise<string[]> {
  return (await existingKeys(placesOf(config, url)))?.all.map(({ id }) => id) ?? [];
}

function ownKeyFile(config: Config): string {
  const file = fileBeside(config.databaseUrl, '.key');
  if (config.encryptionKeys === null && file !== null) return file;
  throw new ConfigError(
    'the keys come from ENCRYPTION_KEYS: put a new one before the others there (openssl rand -base64 32), separated by a comma',
  );
}
/** Puts a new key first in the key file; answers its name. Throws ConfigError when the keys come from elsewhere. */
export async function addKey(config: Config): Promise<string> {
  return addKeyToFile(ownKeyFile(config));
}
export async function dropKeys(config: Config, kept: readonly string[]): Promise<void> {
  await keepKeysInFile(ownKeyFile(config), kept);
}

export interface Operations {
  readonly url: string;
  /** Null: there is no key yet. */
  readonly keys: Keys | null;
  readonly keyIds: readonly string[];
  readonly store: () => Store;
  readonly migrate: () => Promise<string[]>;
  readonly pendingMigrations: () => Promise<string[]>;
  readonly unknownMigrations: () => Promise<string[]>;
  readonly allMigrations: readonly string[];
  readonly backup: BackupDeps;
  readonly target: MoveDeps['target'];
  readonly source: MoveDeps['source'];
  readonly activate: () => Promise<Activated | null>;
  readonly close: () => Promise<void>;
}

/** `keys`: of another database, whose secrets come here. Throws ConfigError when the database cannot be opened. */
export async function openOperations(
  config: Config,
  options: { readonly url?: string; readonly keys?: Keys; readonly mayCreateKey?: boolean } = {},
): Promise<Operations> {
  const url = options.url ?? config.databaseUrl;
  const load = options.mayCreateKey ? loadKeys : existingKeys;
  const keys = options.keys ?? (await load(placesOf(config, url)));
  const db = await openDb(url);
  const store = (): Store => {
    if (keys === null) throw new ConfigError('there is no key here; set ENCRYPTION_KEYS');
    return createStore(db, keys);
  };
  return {
    url,
    keys,
    keyIds: keys?.all.map(({ id }) => id) ?? [],
    store,
    migrate: () => migrate(db),
    pendingMigrations: () => pendingMigrations(db),
    unknownMigrations: () => unknownMigrations(db),
    allMigrations: ALL_MIGRATIONS,
    backup: backupDeps(db, store),
    target: { ...copyTarget(db, store), openSnapshot: () => openSnapshot(db) },
    source: {
      whileLocked: (work) => whileLocked(db, work),
      facts: serviceFacts(db),
      workers: (now) => workersIn(db, now),
    },
    activate: () => activateCopy(db, systemClock.now()),
    close: () => db.close(),
  };
}

type AnyDb = Awaited<ReturnType<typeof openDb>>;

export function backupDeps(db: AnyDb, store: () => Pick<Store, 'secrets'>, clock = systemClock): BackupDeps {
  return {
    openSnapshot: () => openSnapshot(db),
    erasures: () => rememberedErasures(db),
    keyUses: () => store().secrets.uses(),
    facts: serviceFacts(db),
    clock,
    product: packageVersion(),
  };
}

/** Why this database is not, or not yet, the one to work on, and what to do; null: it is. */
export async function reasonNotInForce(
  store: Pick<Store, 'facts' | 'secrets'>,
  keys: Keys,
): Promise<string | null> {
  const moved = await store.facts.get('moved');
  if (moved !== null) {
    return `this database was moved to ${moved.to}; set DATABASE_URL to that one. To come back to this one instead: zcv restore --activate`;
  }
  const copy = await store.facts.get('copy');
  if (copy?.state === 'unfinished') {
    return copy.kind === 'move'
      ? 'the move into this database did not come to its end; with DATABASE_URL of the former one, run the same zcv move-store again'
      : 'the restore into this database did not come to its end; run: zcv restore --finish';
  }
  const known = new Set(keys.all.map(({ id }) => id));
  const lacking = (await store.secrets.uses()).filter(({ keyId }) => !known.has(keyId));
  const [first] = lacking;
  if (!first) return null;
  const count = Object.values(first.secrets).reduce((sum, each) => sum + each, 0);
  return `key ${first.keyId} still seals ${count} secrets (${Object.keys(first.secrets).join(', ')}) and is not among the keys given; put it back after the new one and run: zcv keys rotate. Is it lost? zcv keys forget ${first.keyId}`;
}

const RETENTION_MS = 25_000;

/** What the schedule does for the installation as a whole. */
export function installationWork(deps: {
  readonly db: AnyDb;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: Config;
}) {
  const { db, store, clock, log, config } = deps;
  return {
    async backup() {
      const { folder, keep } = config.backup;
      if (folder === null) {
        log.debug({}, 'no backup: BACKUP_DIR is not set');
        return;
      }
      const done = await scheduledBackup(
        backupDeps(db, () => store, clock),
        { folder, keep },
      );
      log.info({ file: done.file, bytes: done.bytes, durationMs: done.durationMs }, 'backup written');
    },
    async retention() {
      const { rows, isMore } = await store.retention.removeOld(
        config.settings.retention,
        clock.now(),
        RETENTION_MS,
      );
      log.info({ rows, isMore }, 'old rows removed');
    },
  };
}
