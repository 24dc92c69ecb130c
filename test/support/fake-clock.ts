import type { Clock } from '../../src/clock.ts';

export interface FakeClock extends Clock {
  advance(ms: number): void;
  /** Every span slept so far, in order. */
  readonly sleeps: number[];
}

/** Time passes by `advance` and by sleeping, which takes none of the test's. `random` is the middle. */
export function fakeClock(start: string | Date): FakeClock {
  let nowMs = new Date(start).getTime();
  const sleeps: number[] = [];
  return {
    now: () => new Date(nowMs),
    advance: (ms) => {
      nowMs += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      sleeps.push(ms);
      nowMs += ms;
      // A turn of the event loop: what waits for the network must get its chance.
      await new Promise((resolve) => setImmediate(resolve));
    },
    random: () => 0.5,
    sleeps,
  };
}
