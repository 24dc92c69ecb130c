import type { Clock } from '../clock.ts';
import { BusyServerError, TooManyError } from './http-errors.ts';

/**
 * Open streams of events: how many there may be, and how they end. Counted in this process, as rate limits are. A page
 * that is refused reads anew by itself every few seconds and asks for a stream later.
 */

export interface MostStreams {
  /** Of one person or token, over all that they look at. A page that is out of sight has none. */
  readonly perCaller: number;
  /** Of one connection, over all who look at it. */
  readonly perSubject: number;
  /** Far below MOST_CONNECTIONS of the server, so that pages which are open leave room for notifications. */
  readonly all: number;
}
export const MOST_STREAMS: MostStreams = { perCaller: 10, perSubject: 100, all: 500 };
const RETRY_AFTER_SECONDS = 30;
/** Browsers come again after two to five seconds, each after another time, so that a restart does not meet all at once. */
const COME_AGAIN_MS = 2_000;
const SPREAD_MS = 3_000;

interface OpenStream {
  /** To be told first: how long the browser waits before it comes again. */
  readonly comeAgainMs: number;
  /** Aborted when the server stops. */
  readonly ended: AbortSignal;
  close(): void;
}

export class LiveStreams {
  readonly #most: MostStreams;
  readonly #clock: Pick<Clock, 'random'>;
  readonly #open = new Set<{ readonly caller: string; readonly subject: string }>();
  readonly #ending = new AbortController();
  constructor(clock: Pick<Clock, 'random'>, most: MostStreams = MOST_STREAMS) {
    this.#clock = clock;
    this.#most = most;
  }

  /** Throws TooManyError or BusyServerError, with when to ask again. */
  open(caller: string, subject: string): OpenStream {
    this.#mustHaveRoom(caller, subject);
    const stream = { caller, subject };
    this.#open.add(stream);
    return {
      comeAgainMs: COME_AGAIN_MS + Math.floor(this.#clock.random() * SPREAD_MS),
      ended: this.#ending.signal,
      close: () => {
        this.#open.delete(stream);
      },
    };
  }

  size(): number {
    return this.#open.size;
  }

  /** Those that are open end in order, and no new one begins. */
  end(): void {
    this.#ending.abort();
  }

  #mustHaveRoom(caller: string, subject: string): void {
    if (this.#ending.signal.aborted)
      throw new BusyServerError('this server stops; come again', RETRY_AFTER_SECONDS);
    const { perCaller, perSubject, all } = this.#most;
    const open = [...this.#open];
    if (open.filter((stream) => stream.caller === caller).length >= perCaller)
      throw new TooManyError(`you have ${perCaller} streams of events open already`, RETRY_AFTER_SECONDS);
    if (open.filter((stream) => stream.subject === subject).length >= perSubject)
      throw new BusyServerError(
        `${perSubject} streams of events are open there already`,
        RETRY_AFTER_SECONDS,
      );
    if (open.length >= all)
      throw new BusyServerError(
        `${all} streams of events are open on this server already`,
        RETRY_AFTER_SECONDS,
      );
  }
}
