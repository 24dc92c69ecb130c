import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Observation } from '../observe.ts';

/** The thread that runs jobs beside HTTP: started, watched, and started again when it dies. */

export interface JobThreadDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Told what the jobs noticed. */
  readonly note?: (observation: Observation) => void;
}
export interface JobThreadOptions {
  /** Structured-cloneable; the thread builds its own parts from it. */
  readonly data: unknown;
  readonly entry?: URL;
}
export interface JobThread {
  wake(): void;
  /** Config files are to be read anew; a thread that is started later does so too. */
  reload(): void;
  /** When the thread last said that it lives; null until it is ready. */
  lastBeatAt(): Date | null;
  stop(deadlineMs: number): Promise<void>;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
// A thread that lived this long had started well: the next crash begins the back-off anew.
const HEALTHY_MS = 60_000;

// Runs from src/ under Node's type stripping and from dist/ as built.
const WORKER_ENTRY = new URL(`../worker${extname(import.meta.url)}`, import.meta.url);

export function startJobThread(deps: JobThreadDeps, options: JobThreadOptions): JobThread {
  const { clock, log } = deps;
  const stopping = new AbortController();
  let thread: Worker | null = null;
  let beatAt: Date | null = null;
  // What it is handed at its start is older by then.
  let isDataOld = false;

  /** Resolves when the thread has ended, however it ended. */
  function live(): Promise<void> {
    return new Promise((resolve) => {
      const worker = new Worker(options.entry ?? WORKER_ENTRY, { workerData: options.data });
      thread = worker;
      if (isDataOld) worker.postMessage('reload');
      worker.on('message', (message: unknown) => {
        if (message === 'beat') beatAt = clock.now();
        // Sent by our own thread.
        else if (isNote(message)) deps.note?.(message.noted);
      });
      worker.on('error', (err) => log.error({ err }, 'job thread crashed'));
      worker.on('exit', (code) => {
        thread = null;
        beatAt = null;
        if (!stopping.signal.aborted) log.error({ code }, 'job thread ended; it is started again');
        resolve();
      });
    });
  }

  async function keepAlive(): Promise<void> {
    let delayMs = FIRST_DELAY_MS;
    while (!stopping.signal.aborted) {
      const startedAt = clock.now().getTime();
      await live();
      if (clock.now().getTime() - startedAt >= HEALTHY_MS) delayMs = FIRST_DELAY_MS;
      // Rejects when stop() is called meanwhile; the loop then ends.
      await clock.sleep(delayMs, stopping.signal).catch(() => undefined);
      delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2);
    }
  }

  const keeping = keepAlive();
  return {
    wake: () => thread?.postMessage('wake'),
    reload() {
      isDataOld = true;
      thread?.postMessage('reload');
    },
    lastBeatAt: () => beatAt,
    async stop(deadlineMs) {
      stopping.abort();
      thread?.postMessage('stop');
      const ended = new AbortController();
      const overdue = clock.sleep(deadlineMs, ended.signal).then(
        async () => {
          log.warn({}, 'job thread did not stop in time and is ended');
          await thread?.terminate();
        },
        () => undefined,
      );
      await keeping;
      ended.abort();
      await overdue;
    },
  };
}

function isNote(message: unknown): message is { readonly noted: Observation } {
  return typeof message === 'object' && message !== null && 'noted' in message;
}
