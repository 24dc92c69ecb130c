import type { Baseline } from '../scores.ts';
import type { BaselineParts } from '../scoring/baseline.ts';
import type { KeyRange } from '../store/record-stores.ts';
import type { Store } from '../store/store.ts';
import { type RangeScorer, rangeScorer, type ScoreTask } from './score-range.ts';
import type { ScoreParts } from './score-tally.ts';

/** Who works at a full scoring: threads that take one range of customers after the other, or this thread alone. */

/** How many threads there may be, and how one begins. */
export interface ScoreThreads {
  readonly count: number;
  readonly start: (task: ScoreTask) => RangeScorer;
  /** Records of a range; left out: RANGE. */
  readonly rangeSize?: number;
}

// Large enough that handing it over counts for nothing (a quarter of a second of work), small enough that no thread waits
// long for another at the end.
const RANGE = 2_500;
// Below it a thread would take longer to begin than to work.
const RANGES_PER_THREAD = 2;

export interface ScoreCrew {
  /** In key order, whoever found them. */
  measure(): Promise<BaselineParts[]>;
  score(baseline: Baseline): Promise<ScoreParts[]>;
}

/** The crew is dismissed when the work ends: after a failure none of its threads writes any more. */
export async function withCrew<T>(
  { store, threads }: { readonly store: Store; readonly threads: ScoreThreads | undefined },
  task: ScoreTask,
  work: (crew: ScoreCrew) => Promise<T>,
): Promise<T> {
  const ranges = await store.customers.ranges(task.connection, task.options, threads?.rangeSize ?? RANGE);
  const count = Math.min(threads?.count ?? 1, Math.floor(ranges.length / RANGES_PER_THREAD));
  const scorers =
    threads && count > 1
      ? Array.from({ length: count }, () => threads.start(task))
      : [rangeScorer(store, task)];
  try {
    return await work({
      measure: () => shareOut(scorers, ranges, (scorer, range) => scorer.measure(range)),
      async score(baseline) {
        await Promise.all(scorers.map((scorer) => scorer.judgeBy(baseline)));
        return shareOut(scorers, ranges, (scorer, range) => scorer.score(range));
      },
    });
  } finally {
    await Promise.all(scorers.map((scorer) => scorer.stop()));
  }
}

/** Whoever is free takes the next range; the answers stand in the order of the ranges. */
async function shareOut<T>(
  scorers: readonly RangeScorer[],
  ranges: readonly KeyRange[],
  work: (scorer: RangeScorer, range: KeyRange) => Promise<T>,
): Promise<T[]> {
  const left = ranges.entries();
  const found: T[] = [];
  await Promise.all(
    scorers.map(async (scorer) => {
      // One iterator for all: what one has taken is gone for the others.
      for (const [at, range] of left) found[at] = await work(scorer, range);
    }),
  );
  return found;
}
