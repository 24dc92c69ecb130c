import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, CustomerKey, CustomerModule, RecordId } from '../domain.ts';
import type { Score, ScoreState } from '../scores.ts';
import { nameKey } from './customer-list.ts';
import { bulkUpsert, isOneOf, selectArrays } from './dialect.ts';
import { storable, toJson } from './rows.ts';
import { appendScoreEvents, isForToday, type ScoreNews, toldOf } from './score-events.ts';
import { addPacks, packIdOf, packsOf } from './score-packs.ts';

/** How scores are written: prepared page by page, then many in one transaction. */

const SCORES = {
  table: 'scores',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'module', type: 'text' },
    { name: 'record_id', type: 'text' },
    { name: 'as_of', type: 'text' },
    { name: 'written_at', type: 'timestamptz' },
    { name: 'tier', type: 'text' },
    { name: 'phase', type: 'text' },
    { name: 'sub_phase', type: 'text' },
    { name: 'gold', type: 'boolean' },
    { name: 'rank', type: 'bigint' },
    { name: 'state', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'name_key', type: 'text' },
    { name: 'owner_id', type: 'text' },
    { name: 'contact_status', type: 'text' },
    { name: 'last_contact', type: 'text' },
    { name: 'profit12', type: 'bigint' },
    { name: 'revenue12', type: 'bigint' },
    { name: 'expected12', type: 'bigint' },
    { name: 'relationship_months', type: 'bigint' },
    { name: 'contact_gap_days', type: 'bigint' },
    { name: 'referral_profit', type: 'bigint' },
    { name: 'expected_low', type: 'bigint' },
    { name: 'expected_high', type: 'bigint' },
    { name: 'told_tier', type: 'text' },
    { name: 'told_gold', type: 'boolean' },
    { name: 'told_phase', type: 'text' },
    { name: 'score', type: 'text' },
    { name: 'pack', type: 'bigint' },
  ],
  key: ['connection_id', 'module', 'record_id'],
  update: {
    // With a score of its own the pack is where a former one stands, which goes when the customer goes.
    pack: 'coalesce(excluded.pack, scores.pack)',
    // A scoring of another day tells nobody anything.
    told_tier: 'coalesce(excluded.told_tier, scores.told_tier)',
    told_gold: 'coalesce(excluded.told_gold, scores.told_gold)',
    told_phase: 'coalesce(excluded.told_phase, scores.told_phase)',
  },
} as const;
const HISTORY = {
  table: 'score_history',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'module', type: 'text' },
    { name: 'record_id', type: 'text' },
    { name: 'as_of', type: 'text' },
    { name: 'tier', type: 'text' },
    { name: 'phase', type: 'text' },
    { name: 'sub_phase', type: 'text' },
    { name: 'gold', type: 'boolean' },
    { name: 'profit12', type: 'bigint' },
  ],
  key: ['connection_id', 'module', 'record_id', 'as_of'],
} as const;

const MODULES: readonly CustomerModule[] = ['Accounts', 'Contacts'];

/** Ids are looked up once in each module, so the fewer the better. */
export function isScoreOf(
  db: Db,
  connection: ConnectionId,
  ids: readonly RecordId[],
  modules: readonly CustomerModule[] = MODULES,
): RawBuilder<boolean> {
  return sql<boolean>`connection_id = ${connection} and module in (${sql.join(modules)})
    and ${isOneOf(db, 'record_id', ids)}`;
}
export function isScoreOfKeys(
  db: Db,
  connection: ConnectionId,
  keys: readonly CustomerKey[],
): RawBuilder<boolean> {
  const modules = new Set(keys.map(({ module }) => module));
  return isScoreOf(
    db,
    connection,
    keys.map(({ id }) => id),
    [...modules],
  );
}

function shownOf(score: Pick<Score, 'tier' | 'phase' | 'subPhase' | 'gold'>): string {
  return `${score.tier}/${score.phase}/${score.subPhase ?? ''}/${score.gold}`;
}

interface Before {
  readonly shown: string;
  /** As told last; null: never. */
  readonly told: string | null;
}
async function shownBefore(
  db: Db,
  connection: ConnectionId,
  rows: readonly { readonly score: Score }[],
): Promise<Map<RecordId, Before>> {
  const keys = rows.map(({ score }) => score.key);
  const before = await selectArrays(
    db,
    sql`select record_id, tier, phase, sub_phase, gold, told_tier, told_gold, told_phase from scores
      where ${isScoreOfKeys(db, connection, keys)}`,
  );
  return new Map(
    before.map(([id, tier, phase, subPhase, gold, toldTier, toldGold, toldPhase]) => [
      id as RecordId, // a text column, never null
      {
        shown: `${tier}/${phase}/${subPhase ?? ''}/${gold}`,
        told: toldTier === null ? null : `${toldTier}/${toldGold}/${toldPhase}`,
      },
    ]),
  );
}

type Scored = { readonly score: Score; readonly state: ScoreState };

/** Scores as they will be written: small, because their texts are in packs. */
export interface PreparedScores {
  readonly writtenAt: Date;
  /** Without the last two columns, the text and the pack. */
  readonly rows: readonly (readonly unknown[])[];
  /** Null: each row has a text of its own. */
  readonly packs: readonly Uint8Array[] | null;
  readonly texts: readonly string[];
  readonly history: readonly (readonly unknown[])[];
  /** Those of today. */
  readonly news: readonly ScoreNews[];
}

/** Everything that can be done before the transaction: on SQLite nobody else can write during it. */
export async function prepareScores(
  db: Db,
  connection: ConnectionId,
  scored: readonly Scored[],
  writtenAt: Date,
  inPacks = false,
): Promise<PreparedScores> {
  const before = await shownBefore(db, connection, scored);
  const changed = scored.filter(({ score }) => before.get(score.key.id)?.shown !== shownOf(score));
  const news = scored
    .filter(({ score }) => isForToday(score, writtenAt))
    .map(({ score }) => toldOf(score))
    .filter(({ key, tier, gold, phase }) => before.get(key.id)?.told !== `${tier}/${gold}/${phase}`);
  return {
    writtenAt,
    rows: scored.map((row) => shownValues(connection, writtenAt, row)),
    packs: inPacks ? packsOf(scored.map(({ score }) => score)) : null,
    texts: inPacks ? [] : scored.map(({ score }) => toJson(score)),
    history: changed.map(({ score }) => historyValues(connection, score)),
    news,
  };
}

/** One transaction. */
export async function writeScores(
  db: Db,
  connection: ConnectionId,
  pieces: readonly PreparedScores[],
): Promise<void> {
  if (pieces.length === 0) return;
  await db.kysely.transaction().execute(async (trx) => {
    for (const { news, writtenAt } of pieces) await appendScoreEvents(db, trx, connection, news, writtenAt);
    const values: unknown[][] = [];
    for (const { writtenAt, rows, packs, texts } of pieces) {
      const ids = packs && (await addPacks(trx, connection, writtenAt, packs));
      for (const [at, row] of rows.entries())
        values.push([...row, ...(ids ? [null, packIdOf(ids, at)] : [texts[at], null])]);
    }
    await bulkUpsert(db, trx, SCORES, values);
    await bulkUpsert(
      db,
      trx,
      HISTORY,
      pieces.flatMap(({ history }) => history),
    );
  });
}

function shownValues(connection: ConnectionId, writtenAt: Date, { score, state }: Scored): unknown[] {
  const { key, asOf, tier, phase, subPhase, gold, rank } = score;
  const shown = [tier, phase, subPhase, gold, rank, toJson(state)];
  const told = isForToday(score, writtenAt) ? toldOf(score) : null;
  const toldValues = told ? [told.tier, told.gold, told.phase] : [null, null, null];
  return [connection, key.module, key.id, asOf, writtenAt, ...shown, ...listedValues(score), ...toldValues];
}

function listedValues(score: Score): unknown[] {
  const { ownerId, contactStatus, lastContact, window12, expectedProfit12, relationshipMonths } = score;
  const name = storable(score.name);
  const sums = [window12.profit, window12.revenue, expectedProfit12];
  const { contactGapDays, referralProfit, expectedProfitRange: range } = score;
  const shown = [relationshipMonths, contactGapDays, referralProfit, range?.low ?? null, range?.high ?? null];
  return [name, nameKey(name), ownerId, contactStatus, lastContact, ...sums, ...shown];
}

function historyValues(connection: ConnectionId, score: Score): unknown[] {
  const { key, asOf, tier, phase, subPhase, gold } = score;
  return [connection, key.module, key.id, asOf, tier, phase, subPhase, gold, score.window12.profit];
}
