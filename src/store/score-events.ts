import type { Transaction } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, CustomerKey, Day } from '../domain.ts';
import type { Score } from '../scores.ts';
import { forUpdate, isOneOf } from './dialect.ts';
import type { NewEvent } from './notify-stores.ts';
import { appendEvents, FIRST_SCORE_EVENT, listeners, wants } from './out-events.ts';
import type { Tables } from './tables.ts';

/** Which changes of scores are told: once, in the transaction that stores them. */

/** What is told of a score. */
export interface ScoreNews {
  readonly key: CustomerKey;
  readonly asOf: Day;
  readonly tier: string;
  readonly gold: boolean;
  /** As Zoho shows it: win-back is a phase there. */
  readonly phase: string;
}

export function toldOf({ key, asOf, tier, gold, phase, subPhase }: Score): ScoreNews {
  return { key, asOf, tier, gold, phase: subPhase === 'win_back' ? subPhase : phase };
}

const DAY_MS = 86_400_000;
const TYPES = ['customer.tier_changed', 'customer.phase_changed', FIRST_SCORE_EVENT];

/** A scoring of another day is a look back or ahead. Zones differ by up to a day. */
export function isForToday({ asOf }: Pick<Score, 'asOf'>, at: Date): boolean {
  return Math.abs(Date.parse(`${asOf}T12:00:00Z`) - at.getTime()) <= 1.5 * DAY_MS;
}

/** Before the rows are written: compares with what was told last, under their locks. */
export async function appendScoreEvents(
  db: Db,
  trx: Transaction<Tables>,
  connection: ConnectionId,
  news: readonly ScoreNews[],
  at: Date,
): Promise<void> {
  if (news.length === 0) return;
  const asked = await listeners(trx, connection);
  if (!asked.some(({ types }) => TYPES.some((type) => wants(types, type)))) return;
  const rows = await trx
    .selectFrom('scores')
    .select(['record_id', 'told_tier', 'told_gold', 'told_phase'])
    .where('connection_id', '=', connection)
    .where('module', 'in', ['Accounts', 'Contacts'])
    .where(
      isOneOf(
        db,
        'record_id',
        news.map(({ key }) => key.id),
      ),
    )
    .modifyEnd(forUpdate(db))
    .execute();
  const before = new Map(rows.map((row) => [row.record_id, row]));
  const events = news.flatMap((one): NewEvent[] => {
    const told = before.get(one.key.id);
    const { key, asOf, tier, gold, phase } = one;
    const about = { connection, customer: { module: key.module, id: key.id }, asOf };
    const event = (type: string, data: object) => ({ type, recordId: key.id, data: { ...about, ...data } });
    if (!told || told.told_tier === null || told.told_phase === null)
      return [event(FIRST_SCORE_EVENT, { tier, gold, phase })];
    const wasGold = told.told_gold === true;
    return [
      ...(told.told_tier === tier && wasGold === gold
        ? []
        : [
            event('customer.tier_changed', {
              from: { tier: told.told_tier, gold: wasGold },
              to: { tier, gold },
            }),
          ]),
      ...(told.told_phase === phase
        ? []
        : [event('customer.phase_changed', { from: told.told_phase, to: phase })]),
    ];
  });
  await appendEvents(trx, connection, events, at);
}
