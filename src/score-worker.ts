import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from './clock.ts';
import { openDb } from './db.ts';
import { type RangeScorer, rangeScorer } from './jobs/score-range.ts';
import type { ScoreAnswer, ScoreRequest, ScoreThreadData } from './jobs/score-thread.ts';
import { ranksOfColumns } from './scores.ts';
import { customersStore } from './store/customers.ts';
import { scoresStore } from './store/scores.ts';

/** The scoring thread: answers one request after the other over its own database connection until it is ended. */

// Customers come in key order: a page that was read is hardly asked for again.
const CACHE_KIB = 16_384;

if (parentPort === null) throw new Error('score-worker.ts is started by a full scoring, not by hand');
const port = parentPort;
// Handed over by the scoring that started this thread; see score-thread.ts.
const { databaseUrl, task } = workerData as ScoreThreadData;

const db = await openDb(databaseUrl, { cacheKib: CACHE_KIB });
// Scores of one scoring carry its own time: those that carry an earlier one are removed at its end.
const clock = { ...systemClock, now: () => task.startedAt };
const scorer = rangeScorer({ customers: customersStore(db), scores: scoresStore(db, clock) }, task);

port.on('message', async (request: ScoreRequest) => {
  port.postMessage(await answer(scorer, request));
});

async function answer(to: RangeScorer, request: ScoreRequest): Promise<ScoreAnswer> {
  try {
    if (request.do !== 'judgeBy') return { done: await to[request.do](request.range) };
    const { baseline } = request;
    await to.judgeBy({ ...baseline, ranked: ranksOfColumns(baseline.ranked) });
    return { done: null };
  } catch (failed) {
    return { failed };
  }
}
