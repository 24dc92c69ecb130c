/** The simulator's own time. Tests shift it to expire tokens and channels; waits stay real. */
export interface SimClock {
  nowMs(): number;
  shift(change: { offsetMs: number } | { now: Date }): void;
  wait(ms: number): Promise<void>;
  /** Runs the work later, unless the simulator is closed before. */
  later(ms: number, work: () => void | Promise<void>): void;
  /** Cancels what waits; resolves waits at once. */
  stop(): void;
}

export function createSimClock(): SimClock {
  let offsetMs = 0;
  const pending = new Map<NodeJS.Timeout, (() => void) | null>();
  const start = (ms: number, work: () => void | Promise<void>, onStop: (() => void) | null) => {
    const timer = setTimeout(() => {
      pending.delete(timer);
      void work();
    }, ms);
    pending.set(timer, onStop);
  };
  return {
    nowMs: () => Date.now() + offsetMs,
    shift: (change) => {
      offsetMs = 'now' in change ? change.now.getTime() - Date.now() : change.offsetMs;
    },
    wait: (ms) => (ms <= 0 ? Promise.resolve() : new Promise((resolve) => start(ms, resolve, resolve))),
    later: (ms, work) => start(ms, work, null),
    stop: () => {
      for (const [timer, onStop] of pending) {
        clearTimeout(timer);
        onStop?.();
      }
      pending.clear();
    },
  };
}
