import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../src/clock.ts';

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  private at: number;
  private sleepers: { at: number; wake: () => void }[] = [];

  constructor(start: string) {
    this.at = Date.parse(start);
  }
  now(): Date {
    return new Date(this.at);
  }
  random(): number {
    return 1 - Number.EPSILON;
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { at: this.at + ms, wake: resolve };
      this.sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }
  /** Wakes in order of time whoever sleeps no longer than the span, and lets each do its work. */
  async advance(ms: number): Promise<void> {
    const end = this.at + ms;
    for (;;) {
      await settle();
      const first = this.sleepers.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
      if (first > end) break;
      this.at = Math.max(this.at, first);
      const due = this.sleepers.filter(({ at }) => at === first);
      this.sleepers = this.sleepers.filter(({ at }) => at !== first);
      for (const { wake } of due) wake();
    }
    this.at = end;
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}
