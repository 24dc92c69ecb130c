import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Baseline, columnsOfRanks, type RankColumns } from '../scores.ts';
import type { BaselineParts } from '../scoring/baseline.ts';
import type { KeyRange } from '../store/record-stores.ts';
import type { RangeScorer, ScoreTask } from './score-range.ts';
import type { ScoreParts } from './score-tally.ts';

/** A thread that scores ranges of customers over a database connection of its own. */

export interface ScoreThreadData {
  readonly databaseUrl: string;
  readonly task: ScoreTask;
}
/** A baseline as it is handed over: 300,000 entries one by one would take a second. */
type BaselineMessage = Omit<Baseline, 'ranked'> & { readonly ranked: RankColumns };
export type ScoreRequest =
  | { readonly do: 'measure' | 'score'; readonly range: KeyRange }
  | { readonly do: 'judgeBy'; readonly baseline: BaselineMessage };
export type ScoreAnswer = { readonly done: BaselineParts | ScoreParts | null } | { readonly failed: unknown };

// Rows and scores of a page take some 5 MB: a third of this is what may be young at a time, so hardly any outlives its page.
const YOUNG_MB = 24;
// Runs from src/ under Node's type stripping and from dist/ as built.
const ENTRY = new URL(`../score-worker${extname(import.meta.url)}`, import.meta.url);

export function startScoreThread(data: ScoreThreadData): RangeScorer {
  const worker = new Worker(ENTRY, {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  // One request at a time. Whoever waits is told of the end of the thread; who asks after it, at once.
  let waiting: PromiseWithResolvers<unknown> | null = null;
  let ended: Error | null = null;
  const end = (error: Error) => {
    ended ??= error;
    waiting?.reject(error);
  };
  worker.on('message', (answer: ScoreAnswer) => {
    if ('failed' in answer) waiting?.reject(answer.failed);
    else waiting?.resolve(answer.done);
  });
  worker.on('error', (cause) => end(new Error('a scoring thread crashed', { cause })));
  worker.on('exit', (code) => end(new Error(`a scoring thread ended with ${code}`)));

  async function ask<T>(request: ScoreRequest): Promise<T> {
    if (ended) throw ended;
    waiting = Promise.withResolvers();
    worker.postMessage(request);
    return (await waiting.promise) as T; // what score-worker.ts answers to this request
  }
  return {
    measure: (range) => ask({ do: 'measure', range }),
    score: (range) => ask({ do: 'score', range }),
    judgeBy: (baseline) =>
      ask({ do: 'judgeBy', baseline: { ...baseline, ranked: columnsOfRanks(baseline.ranked) } }),
    async stop() {
      // Its connection is closed with it, and what it had not committed is undone.
      await worker.terminate();
    },
  };
}
