import type { ConnectionId, Day } from '../domain.ts';
import type { CustomerRows } from '../records.ts';
import type { Baseline, Score, ScoreState } from '../scores.ts';
import { BaselineBuilder, type BaselineParts } from '../scoring/baseline.ts';
import { type FactContext, factsOf } from '../scoring/facts.ts';
import { scoreCustomer } from '../scoring/score.ts';
import { Tally as MoneyTally } from '../scoring/tally.ts';
import type { CustomerOptions, KeyRange } from '../store/record-stores.ts';
import type { Store } from '../store/store.ts';
import { type ScoreParts, ScoreTally } from './score-tally.ts';

/** The two passes of a full scoring over a range of customers, in whatever thread. */

const CHUNK = 1_000;

/** What all ranges of one full scoring have in common. It goes to other threads: plain data. */
export interface ScoreTask {
  readonly connection: ConnectionId;
  readonly asOf: Day;
  readonly startedAt: Date;
  readonly options: CustomerOptions;
  readonly context: FactContext;
}

export interface RangeScorer {
  /** First pass: what the range adds to the cut-offs. */
  measure(range: KeyRange): Promise<BaselineParts>;
  /** Between the passes: the cut-offs of everybody. */
  judgeBy(baseline: Baseline): Promise<void>;
  /** Second pass: scores, saved. */
  score(range: KeyRange): Promise<ScoreParts>;
  /** Resolves when nothing of it is at work any more. */
  stop(): Promise<void>;
}

type RangeStore = { readonly customers: Pick<Store['customers'], 'pass'> } & {
  readonly scores: Pick<Store['scores'], 'states' | 'packer'>;
};

export function rangeScorer(store: RangeStore, task: ScoreTask): RangeScorer {
  const { connection, asOf, options, context } = task;
  // What people do for a customer matters to the cut-offs only where it costs something.
  const isWhole = MoneyTally.countsService(context.rules.money.unitCosts);
  // Nor do leads that may stand for somebody.
  const { newLeads: _, ...measuring } = context;
  const narrow = isWhole ? options : { ...options, without: 'touches' as const };
  const measured = store.customers.pass(connection, narrow);
  const scored = store.customers.pass(connection, options);
  let baseline: Baseline | null = null;
  return {
    async measure(range) {
      const builder = new BaselineBuilder(context.rules, asOf);
      for await (const rows of measured.within(range, CHUNK)) {
        for (const row of rows) builder.add(factsOf(row, measuring, asOf));
      }
      return builder.parts();
    },
    async judgeBy(found) {
      baseline = found;
    },
    async score(range) {
      if (baseline === null) throw new RangeError('customers are scored by a baseline, and none was given');
      const tally = new ScoreTally();
      const packer = store.scores.packer(connection);
      for await (const rows of scored.within(range, CHUNK)) {
        await packer.add(await scoresOf(store, rows, { task, baseline, tally }));
      }
      await packer.flush();
      return tally.parts();
    },
    async stop() {},
  };
}

export async function scoresOf(
  store: { readonly scores: Pick<Store['scores'], 'states'> },
  rows: readonly CustomerRows[],
  with_: {
    readonly task: Pick<ScoreTask, 'connection' | 'asOf' | 'context'>;
    readonly baseline: Baseline;
    readonly tally: ScoreTally;
  },
): Promise<{ score: Score; state: ScoreState }[]> {
  const { task, baseline, tally } = with_;
  const { connection, context, asOf } = task;
  const states = await store.scores.states(
    connection,
    rows.map((row) => row.key),
  );
  return rows.map((row) => {
    const facts = factsOf(row, context, asOf);
    const one = scoreCustomer(facts, states.get(row.key.id) ?? null, baseline, context.rules, asOf);
    tally.add(one.score, facts.issues);
    return one;
  });
}
