import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, Day, Phase, SubPhase, Tier } from '../domain.ts';
import { isOneOf } from './dialect.ts';
import type { ScoreMove } from './outcome-stores.ts';
import { chunksOf, MAX_ROWS } from './rows.ts';

type Row = Record<'module' | 'record_id' | 'tier' | 'phase', string> & {
  sub_phase: string | null;
  gold: boolean | number;
};

/** Which customers were shown as something else at the end of a span of days than before it, or have just come. */
export async function movesBetween(
  db: Db,
  connection: ConnectionId,
  from: Day,
  until: Day,
): Promise<ScoreMove[]> {
  const shown = sql`select module, record_id, tier, phase, sub_phase, gold from score_history
    where connection_id = ${connection}`;
  const { rows } = await sql<Row>`${shown} and as_of > ${from} and as_of <= ${until}
    order by module, record_id, as_of`.execute(db.kysely);
  const last = new Map(rows.map((row) => [row.record_id, row]));
  const before = new Map<string, Row>();
  for (const ids of chunksOf([...last.keys()], MAX_ROWS)) {
    const { rows: earlier } = await sql<Row>`${shown} and as_of <= ${from}
      and ${isOneOf(db, 'record_id', ids)} order by module, record_id, as_of`.execute(db.kysely);
    for (const row of earlier) before.set(row.record_id, row);
  }
  return [...last.values()].map((row) => {
    const earlier = before.get(row.record_id);
    return {
      // Both columns are written from a Score only.
      key: { module: row.module as ScoreMove['key']['module'], id: row.record_id },
      before: earlier ? shownOf(earlier) : null,
      after: shownOf(row),
    };
  });
}

function shownOf(row: Row): ScoreMove['after'] {
  return {
    // Written from a Score only.
    tier: row.tier as Tier,
    phase: row.phase as Phase,
    subPhase: row.sub_phase as SubPhase | null,
    gold: Boolean(row.gold),
  };
}
