import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { type Clock, systemClock } from '../clock.ts';
import type { Db } from '../db.ts';
import { ConfigError, ConflictError } from '../errors.ts';
import { restoreIndexes } from './deferred-indexes.ts';
import { createInitialTables } from './migrations/0001-initial.ts';
import { addSyncCheckpoints } from './migrations/0002-sync-checkpoints.ts';
import { createMappingStates } from './migrations/0003-mapping-states-and-reconcile.ts';
import { createInputTables } from './migrations/0004-inputs.ts';
import { addTouches } from './migrations/0005-touches.ts';
import { addDocumentsAndFamilies } from './migrations/0006-documents-and-families.ts';
import { addParking } from './migrations/0007-governor.ts';
import { createModelFits } from './migrations/0010-model-fits.ts';
import { createDealStages } from './migrations/0012-deal-stages.ts';
import { createDeferredIndexes } from './migrations/0013-deferred-indexes.ts';
import { createLeadScores } from './migrations/0014-lead-scores.ts';
import { addRelation } from './migrations/0015-relation.ts';
import { packScores } from './migrations/0017-score-packs.ts';
import { addServeCosts } from './migrations/0019-serve-costs.ts';
import { addLikenessAndDiscounts } from './migrations/0021-likeness-and-discounts.ts';
import { createBulkWrites } from './migrations/0022-bulk-writes.ts';
import { addUndoAndRefusals } from './migrations/0023-undo-and-refusals.ts';
import { addReminderTexts } from './migrations/0025-reminder-texts.ts';
import { createOutcomesAndDigests } from './migrations/0026-outcomes-and-digests.ts';
import { createErasures } from './migrations/0027-erasures.ts';
import { createCustomerList } from './migrations/0028-customer-list.ts';
import { createAccess } from './migrations/0029-access.ts';
import { extendQueue } from './migrations/0030-queue.ts';
import { widenSchedules } from './migrations/0031-schedules.ts';
import { addWebhooks } from './migrations/0032-webhooks.ts';
import { createNotifications } from './migrations/0033-notifications.ts';
import { createSettings } from './migrations/0034-settings.ts';
import { createServiceFacts } from './migrations/0035-service-facts.ts';
import { createSupportVisits } from './migrations/0036-support-visits.ts';
import { indexCustomerList } from './migrations/0037-customer-list-index.ts';
import { createOAuthProvider } from './migrations/0038-oauth-provider.ts';
import { createListsAndViews } from './migrations/0039-lists-and-views.ts';
import { createRunRequests } from './migrations/0041-run-requests.ts';
import { isBusy } from './sqlite-driver.ts';
import type { Tables } from './tables.ts';

type Up = (db: Kysely<unknown>, dialect: Db['dialect']) => Promise<void>;

/** Numbered, forward only, never edited after merge. */
const MIGRATIONS: { readonly [name: string]: Up } = {
  '0001-initial': createInitialTables,
  '0002-sync-checkpoints': addSyncCheckpoints,
  '0003-mapping-states-and-reconcile': createMappingStates,
  '0004-inputs': createInputTables,
  '0005-touches': addTouches,
  '0006-documents-and-families': addDocumentsAndFamilies,
  '0007-governor': addParking,
  '0010-model-fits': createModelFits,
  '0012-deal-stages': createDealStages,
  '0013-deferred-indexes': createDeferredIndexes,
  '0014-lead-scores': createLeadScores,
  '0015-relation': addRelation,
  '0017-score-packs': packScores,
  '0019-serve-costs': addServeCosts,
  '0021-likeness-and-discounts': addLikenessAndDiscounts,
  '0022-bulk-writes': createBulkWrites,
  '0023-undo-and-refusals': addUndoAndRefusals,
  '0025-reminder-texts': addReminderTexts,
  '0026-outcomes-and-digests': createOutcomesAndDigests,
  '0027-erasures': createErasures,
  '0028-customer-list': createCustomerList,
  '0029-access': createAccess,
  '0030-queue': extendQueue,
  '0031-schedules': widenSchedules,
  '0032-webhooks': addWebhooks,
  '0033-notifications': createNotifications,
  '0034-settings': createSettings,
  '0035-service-facts': createServiceFacts,
  '0036-support-visits': createSupportVisits,
  '0037-customer-list-index': indexCustomerList,
  '0038-oauth-provider': createOAuthProvider,
  '0039-lists-and-views': createListsAndViews,
  '0041-run-requests': createRunRequests,
};

/** Names in order. */
export const ALL_MIGRATIONS: readonly string[] = Object.keys(MIGRATIONS);

const WAIT_MS = 120_000;
const POLL_MS = 250;
// Any number that nobody else uses for an advisory lock of this database.
const LOCK = 7_203_511_904;

interface MigrateOptions {
  /** How long to wait for another process that migrates. */
  readonly waitMs?: number;
  readonly clock?: Pick<Clock, 'now' | 'sleep'>;
  /** Names of the migrations to run, for tests of upgrades; all when left out. */
  readonly only?: readonly string[];
}

/**
 * Brings the schema up to date in one transaction; returns the names of the migrations it ran. Of several processes that
 * start at once one migrates and the others wait. Throws ConfigError when a newer version made the schema, and
 * ConflictError when another process has not ended within the time.
 */
export async function migrate(db: Db, options: MigrateOptions = {}): Promise<string[]> {
  const { clock = systemClock, waitMs = WAIT_MS } = options;
  const deadline = clock.now().getTime() + waitMs;
  for (;;) {
    await refuseNewer(db);
    const pending = await pendingMigrations(db).catch(() => null); // null: no such table, a new database
    if (pending?.length === 0) return [];
    const ran = await underLock(db, () => migrateAlone(db, pending, options.only));
    if (ran !== null) return ran;
    if (clock.now().getTime() > deadline) {
      throw new ConflictError(
        `another process has been migrating this database for ${Math.round(waitMs / 1_000)} s; look at its log, and start again when it has ended`,
      );
    }
    await clock.sleep(POLL_MS);
  }
}

/** Null: another process is at it. */
async function underLock(db: Db, work: () => Promise<string[]>): Promise<string[] | null> {
  if (db.dialect === 'sqlite') {
    // The transaction of the migrations begins with the write lock.
    return work().catch((error: unknown) => {
      if (isBusy(error)) return null;
      throw error;
    });
  }
  return db.kysely.connection().execute(async (session) => {
    const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_lock(${LOCK}) as got`.execute(
      session,
    );
    if (!rows[0]?.got) return null;
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(${LOCK})`.execute(session);
    }
  });
}

async function migrateAlone(
  db: Db,
  pending: readonly string[] | null,
  only: readonly string[] | undefined,
): Promise<string[]> {
  // A migration may change a column that the statement of a missing index names.
  if (pending !== null && !pending.includes('0013-deferred-indexes')) await restoreIndexes(db);
  const migrator = new Migrator({
    db: db.kysely.withTables<Record<never, never>>(),
    // Branches bring their numbers in any order; none depends on a higher one.
    allowUnorderedMigrations: true,
    provider: { getMigrations: async () => providedFor(db, only) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error;
  return results.map((result) => result.migrationName);
}

function providedFor(db: Db, only: readonly string[] | undefined): Record<string, Migration> {
  const entries = Object.entries(MIGRATIONS)
    .filter(([name]) => only === undefined || only.includes(name))
    .map(([name, up]): [string, Migration] => [name, { up: (trx) => up(trx, db.dialect) }]);
  return Object.fromEntries(entries);
}

/** Names of those that have not run here. Throws what the database throws when it cannot be read. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const done = new Set(await doneMigrations(db));
  return ALL_MIGRATIONS.filter((name) => !done.has(name));
}

/** Names of those that ran here and that this version does not know: a newer one was at work. */
export async function unknownMigrations(db: Db): Promise<string[]> {
  return unknownAmong(await doneMigrations(db));
}
export function unknownAmong(names: readonly string[]): string[] {
  return names.filter((name) => !Object.hasOwn(MIGRATIONS, name));
}

async function doneMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db.kysely);
  return rows.map(({ name }) => name);
}

async function refuseNewer(db: Db): Promise<void> {
  const unknown = await unknownMigrations(db).catch(() => []);
  if (unknown.length === 0) return;
  throw new ConfigError(
    `a newer version has changed this database (${unknown.join(', ')}); start that version again, or restore a backup that was made before the upgrade (docs/upgrade.md)`,
  );
}

/** Makes the schema as these migrations left it, in an empty database and within a transaction. */
export async function createSchema(
  trx: Kysely<Tables>,
  dialect: Db['dialect'],
  names: readonly string[],
): Promise<void> {
  // The two tables of Kysely's Migrator, so that it goes on from here.
  const bookkeeping = [
    'create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)',
    'create table kysely_migration_lock (id varchar(255) primary key, is_locked integer not null default 0)',
    "insert into kysely_migration_lock (id, is_locked) values ('migration_lock', 0)",
  ];
  for (const statement of bookkeeping) await sql.raw(statement).execute(trx);
  await runMigrations(trx, dialect, names);
}

/** Those that `done` does not name. */
export async function completeSchema(
  trx: Kysely<Tables>,
  dialect: Db['dialect'],
  done: readonly string[],
): Promise<void> {
  await runMigrations(
    trx,
    dialect,
    ALL_MIGRATIONS.filter((name) => !done.includes(name)),
  );
}

async function runMigrations(
  trx: Kysely<Tables>,
  dialect: Db['dialect'],
  names: readonly string[],
): Promise<void> {
  for (const [name, up] of Object.entries(MIGRATIONS)) {
    if (!names.includes(name)) continue;
    await up(trx as unknown as Kysely<unknown>, dialect); // a migration knows the tables of its own time only
    await sql`insert into kysely_migration (name, timestamp) values (${name}, ${systemClock.now().toISOString()})`.execute(
      trx,
    );
  }
}
