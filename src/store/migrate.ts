import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from '../db.ts';
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
};

/**
 * Brings the schema up to date in one transaction; returns the names of the migrations it ran. Several processes may
 * start at once: PostgreSQL's adapter takes an advisory lock, and on SQLite the transaction begins with the write lock.
 */
export async function migrate(db: Db): Promise<string[]> {
  const pending = await pendingMigrations(db).catch(() => null); // null: no such table, a new database
  if (pending?.length === 0) return [];
  // A migration may change a column that the statement of a missing index names.
  if (pending !== null && !pending.includes('0013-deferred-indexes')) await restoreIndexes(db);
  const migrator = new Migrator({
    db: db.kysely.withTables<Record<never, never>>(),
    // Branches bring their numbers in any order; none depends on a higher one.
    allowUnorderedMigrations: true,
    provider: { getMigrations: async () => providedFor(db) },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error) throw error;
  return results.map((result) => result.migrationName);
}

function providedFor(db: Db): Record<string, Migration> {
  const entries = Object.entries(MIGRATIONS).map(([name, up]): [string, Migration] => [
    name,
    { up: (trx) => up(trx, db.dialect) },
  ]);
  return Object.fromEntries(entries);
}

/** Names of those that have not run here. Throws what the database throws when it cannot be read. */
export async function pendingMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db.kysely);
  const done = new Set(rows.map((row) => row.name));
  return Object.keys(MIGRATIONS).filter((name) => !done.has(name));
}

/** Names of those that ran here and that this version does not know: a newer one is in use beside it. */
export async function unknownMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db.kysely);
  return rows.map((row) => row.name).filter((name) => !Object.hasOwn(MIGRATIONS, name));
}
