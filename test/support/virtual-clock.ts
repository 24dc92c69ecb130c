import { setTimeout as realTimeout } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';
import type { SimClock } from '../../src/simulator/clock.ts';
import { seededRandom } from './seeded-random.ts';

/**
 * One time for our side and Zoho's, which passes only while somebody waits. A wait with a signal is a heartbeat: it
 * never moves time by itself, but has its turn at its moment when others wait.
 */
export interface VirtualClock {
  readonly clock: Clock;
  readonly simulator: SimClock;
  /** Whatever is due until then happens, in order. */
  advance(ms: number): Promise<void>;
}

interface Waiting {
  readonly dueMs: number;
  readonly isBeat: boolean;
  fire(): void;
}

// In real milliseconds: a beat writes to a database, and must have done so before its lease counts as run out.
const BEAT_PATIENCE = 40;

export function virtualClock(startMs: number, seed: number): VirtualClock {
  let nowMs = startMs;
  let beats = 0;
  const waiting = new Set<Waiting>();
  const random = seededRandom(seed);

  function earliest(untilMs: number): Waiting | null {
    let first: Waiting | null = null;
    for (const one of waiting) if (one.dueMs <= untilMs && (!first || one.dueMs < first.dueMs)) first = one;
    return first;
  }

  async function advance(ms: number): Promise<void> {
    const untilMs = nowMs + ms;
    for (let next = earliest(untilMs); next; next = earliest(untilMs)) {
      waiting.delete(next);
      nowMs = Math.max(nowMs, next.dueMs);
      const before = beats;
      next.fire();
      await turn();
      for (let tries = 0; next.isBeat && beats === before && tries < BEAT_PATIENCE; tries++)
        await realTimeout(1);
    }
    nowMs = Math.max(nowMs, untilMs);
    // What waits for the network must get its chance.
    await turn();
  }

  const later = (ms: number, fire: () => void, isBeat = false): Waiting => {
    const one = { dueMs: nowMs + ms, isBeat, fire };
    waiting.add(one);
    return one;
  };
  const beat = (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      beats += 1;
      const one = later(ms, resolve, true);
      signal.addEventListener('abort', () => waiting.delete(one) && reject(signal.reason), { once: true });
    });
  return {
    advance,
    clock: {
      now: () => new Date(nowMs),
      sleep: (ms, signal) => (signal ? beat(ms, signal) : advance(ms)),
      random,
    },
    simulator: {
      nowMs: () => nowMs,
      shift: () => {
        throw new Error('time passes by waiting alone');
      },
      wait: (ms) => (ms <= 0 ? Promise.resolve() : new Promise((resolve) => void later(ms, resolve))),
      later: (ms, work) => void later(ms, () => void work()),
      stop: () => waiting.clear(),
    },
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
