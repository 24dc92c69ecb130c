import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { silentLog } from '../../../src/log.ts';
import { startJobThread } from '../../../src/web/job-thread.ts';

/** A thread whose program stands in its address. */
function aProgram(source: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

function start(source: string) {
  // Each start and each message of the program adds to one shared number.
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const thread = startJobThread(
    { clock: systemClock, log: silentLog },
    { data: { counter }, entry: aProgram(source) },
  );
  const reaches = async (count: number) => {
    for (let tries = 0; tries < 500 && Atomics.load(counter, 0) < count; tries++) await setTimeout(10);
    return Atomics.load(counter, 0);
  };
  return { thread, reaches };
}

const PRELUDE = `import { parentPort, workerData } from 'node:worker_threads';
const count = () => Atomics.add(workerData.counter, 0, 1);`;

describe('the job thread', () => {
  test('beats, is woken by a message, and ends when asked to stop', async () => {
    const { thread, reaches } = start(`${PRELUDE}
      parentPort.postMessage('beat');
      parentPort.on('message', (message) => {
        if (message === 'wake') count();
        if (message === 'stop') parentPort.close();
      });`);
    const before = thread.lastBeatAt();
    for (let tries = 0; tries < 500 && thread.lastBeatAt() === null; tries++) await setTimeout(10);

    thread.wake();

    expect(before).toBeNull();
    expect(thread.lastBeatAt()).toBeInstanceOf(Date);
    expect(await reaches(1)).toBe(1);
    await thread.stop(5_000);
    expect(thread.lastBeatAt()).toBeNull();
  });

  test('is started again after a crash and after an early end', async () => {
    const crashing = start(`${PRELUDE} count(); throw new Error('boom');`);
    const ending = start(`${PRELUDE} count(); parentPort.close();`);

    expect(await crashing.reaches(2)).toBe(2);
    expect(await ending.reaches(2)).toBe(2);

    await Promise.all([crashing.thread.stop(1_000), ending.thread.stop(1_000)]);
  });

  test('is ended when it does not stop within the deadline', async () => {
    const { thread, reaches } = start(`${PRELUDE} count(); for (;;);`);
    await reaches(1);
    const startedAt = performance.now();

    await thread.stop(200);

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(190);
  });
});
