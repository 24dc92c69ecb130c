import PQueue from 'p-queue';
import type { Clock } from '../clock.ts';
import type { ConnectionId } from '../domain.ts';
import { ZohoCreditsError, ZohoRateLimitError } from '../errors.ts';
import type { Log } from '../log.ts';
import { creditsOfEdition } from './prices.ts';
import { nextDelay } from './retry.ts';

/** What is known of the credits of one org; every process that works for it shares the ledger. */
export interface CreditLedger {
  add(connection: ConnectionId, at: Date, credits: number): Promise<void>;
  spentSince(connection: ConnectionId, since: Date): Promise<number>;
  /** Oldest first. */
  buckets(connection: ConnectionId, since: Date): Promise<{ at: Date; credits: number }[]>;
  correct(connection: ConnectionId, remaining: number, at: Date): Promise<void>;
}
export interface Cost {
  readonly credits: number;
  /** Takes one of the scarcer sub-concurrency slots. */
  readonly sub: boolean;
  /** Counts against the ten downloads a minute. */
  readonly download?: boolean;
}
export interface GovernorOptions {
  readonly connection: ConnectionId;
  /** Most credits that we may spend in any 24 hours. */
  readonly ceiling: number;
  readonly concurrency?: number;
  readonly subConcurrency?: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const BUCKET_MS = 60_000;
// Zoho docs, API limits: safe in every edition, with room for the customer's other integrations.
const CONCURRENCY = 5;
const SUB_CONCURRENCY = 3;
const GROW_AFTER_ANSWERS = 20;
// Zoho docs, bulk read: results of jobs a minute, then 429.
const DOWNLOADS = 10;
const DOWNLOAD_WINDOW_MS = 60_000;
const SPELL_GAP_MS = 5 * 60_000;
const PAUSE = { maxAttempts: Number.POSITIVE_INFINITY, baseMs: 1_000, maxMs: 60_000 };

/** Credits of an org in any 24 hours; an unknown edition counts as Free. */
export function dailyCredits(edition: string, users: number): number {
  return creditsOfEdition(edition, users);
}

/** Decides when a call to one org may go out: concurrency, pauses after 429, downloads a minute, credits. */
export class Governor {
  readonly #deps: { readonly ledger: CreditLedger; readonly clock: Clock; readonly log: Log };
  readonly #options: GovernorOptions;
  readonly #all: PQueue;
  readonly #sub: PQueue;
  readonly #most: { readonly all: number; readonly sub: number };
  #booking: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #credits = 0;
  #answersSinceChange = 0;
  #limitedTimes = 0;
  #limitedSince: Date | null = null;
  #pausedUntil = 0;
  #parkedUntil = 0;
  #downloads: number[] = [];
  #correctedAt = 0;
  #remaining: { credits: number; at: number } | null = null;

  constructor(deps: { ledger: CreditLedger; clock: Clock; log: Log }, options: GovernorOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#most = {
      all: options.concurrency ?? CONCURRENCY,
      sub: options.subConcurrency ?? SUB_CONCURRENCY,
    };
    this.#all = new PQueue({ concurrency: this.#most.all });
    this.#sub = new PQueue({ concurrency: this.#most.sub });
  }

  /** Books the credits, then calls. Throws ZohoCreditsError instead of calling when they are not there. */
  run<T>(cost: Cost, call: () => Promise<T>): Promise<T> {
    const inTurn = () =>
      this.#all.add(async () => {
        await this.#untilAllowed(cost);
        await this.#book(cost.credits);
        this.#calls += 1;
        return call();
      });
    return cost.sub ? this.#sub.add(inTurn) : inTurn();
  }

  /** How long Zoho has answered nothing but 429. */
  limitedForMs(): number {
    return this.#limitedSince ? this.#now() - this.#limitedSince.getTime() : 0;
  }

  /** Zoho takes calls again: parallel calls are allowed back one by one. */
  noteAnswered(): void {
    this.#limitedSince = null;
    this.#limitedTimes = 0;
    this.#answersSinceChange += 1;
    if (this.#answersSinceChange < GROW_AFTER_ANSWERS) return;
    this.#answersSinceChange = 0;
    if (this.#all.concurrency < this.#most.all) this.#all.concurrency += 1;
    if (this.#sub.concurrency < this.#most.sub) this.#sub.concurrency += 1;
  }

  /** A 429: every call of this client waits, and half as many go out together. */
  noteRateLimited(retryAfterMs: number | null = null): void {
    const now = this.#now();
    // An old 429 that nobody followed up does not count towards Zoho's refusing for minutes on end.
    const isNewSpell = now > this.#pausedUntil + SPELL_GAP_MS;
    if (isNewSpell || this.#limitedSince === null) this.#limitedSince = new Date(now);
    // Calls that were under way at the first 429 of a burst say nothing new.
    const isSameBurst = now < this.#pausedUntil;
    if (isSameBurst && retryAfterMs === null) return;
    if (!isSameBurst) {
      this.#limitedTimes += 1;
      this.#answersSinceChange = 0;
      this.#all.concurrency = Math.max(1, Math.floor(this.#all.concurrency / 2));
      this.#sub.concurrency = Math.max(1, Math.floor(this.#sub.concurrency / 2));
    }
    const limit = new ZohoRateLimitError('', { retryAfterMs });
    const pauseMs = nextDelay(limit, this.#limitedTimes, PAUSE, () => this.#deps.clock.random()) ?? 0;
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    this.#deps.log.debug(
      { pauseMs, concurrency: this.#all.concurrency },
      'Zoho limits the rate; all calls wait',
    );
  }

  /** Credits are gone: no call goes out before `until`. */
  park(until: Date): void {
    this.#parkedUntil = until.getTime();
    this.#limitedSince = null;
  }

  /** What Zoho itself says is left, for all integrations of the org together. */
  noteRemaining(credits: number): void {
    const at = this.#now();
    this.#remaining = { credits, at };
    // Past half of the day's credits every answer tells; the ledger need not be written each time.
    if (at - this.#correctedAt < BUCKET_MS) return;
    this.#correctedAt = at;
    this.#deps.ledger
      .correct(this.#options.connection, credits, new Date(at))
      .catch((err: unknown) => this.#deps.log.warn({ err }, 'the credit ledger could not be corrected'));
  }

  usage(): { calls: number; credits: number } {
    return { calls: this.#calls, credits: this.#credits };
  }

  #now(): number {
    return this.#deps.clock.now().getTime();
  }

  async #untilAllowed(cost: Cost): Promise<void> {
    for (;;) {
      const now = this.#now();
      if (now < this.#parkedUntil) throw this.#parked();
      const waitMs = Math.max(this.#pausedUntil - now, cost.download ? this.#downloadWaitMs(now) : 0);
      if (waitMs <= 0) break;
      await this.#deps.clock.sleep(waitMs);
    }
    if (cost.download) this.#downloads.push(this.#now());
  }

  #downloadWaitMs(now: number): number {
    this.#downloads = this.#downloads.filter((at) => at > now - DOWNLOAD_WINDOW_MS);
    const oldest = this.#downloads[0];
    return oldest === undefined || this.#downloads.length < DOWNLOADS ? 0 : oldest + DOWNLOAD_WINDOW_MS - now;
  }

  #parked(): ZohoCreditsError {
    const availableAt = new Date(this.#parkedUntil);
    return new ZohoCreditsError(
      `Zoho takes no calls of this org for now; the next attempt is possible at ${availableAt.toISOString()}`,
      { availableAt, status: 429 },
    );
  }

  /** One at a time, so that two calls cannot both take the last credits. */
  #book(credits: number): Promise<void> {
    const booked = this.#booking.then(() => this.#bookNow(credits));
    this.#booking = booked.catch(() => {});
    return booked;
  }

  async #bookNow(credits: number): Promise<void> {
    const { ledger } = this.#deps;
    const { connection, ceiling } = this.#options;
    const now = this.#now();
    const since = new Date(now - DAY_MS);
    const spent = await ledger.spentSince(connection, since);
    if (spent + credits > ceiling) {
      const buckets = await ledger.buckets(connection, since);
      throw ceilingReached({ spent, credits, ceiling, now, buckets });
    }
    this.#takeFromRemaining(credits, now);
    await ledger.add(connection, new Date(now), credits);
    this.#credits += credits;
  }

  #takeFromRemaining(credits: number, now: number): void {
    if (this.#remaining === null) return;
    // Credits come back all the time; an old answer would park the connection for nothing.
    if (now - this.#remaining.at > HOUR_MS) {
      this.#remaining = null;
      return;
    }
    if (credits > this.#remaining.credits) {
      const availableAt = new Date(this.#remaining.at + HOUR_MS);
      throw new ZohoCreditsError(
        `Zoho has ${this.#remaining.credits} API credits left for this org and the call needs ${credits}; try again at ${availableAt.toISOString()}`,
        { availableAt },
      );
    }
    this.#remaining = { ...this.#remaining, credits: this.#remaining.credits - credits };
  }
}

function ceilingReached(input: {
  spent: number;
  credits: number;
  ceiling: number;
  now: number;
  buckets: readonly { at: Date; credits: number }[];
}): ZohoCreditsError {
  const { spent, credits, ceiling, now, buckets } = input;
  let missing = spent + credits - ceiling;
  let returnsAt = now + DAY_MS;
  for (const bucket of buckets) {
    missing -= bucket.credits;
    if (missing > 0) continue;
    // A bucket leaves the window whole, when its last instant does.
    returnsAt = bucket.at.getTime() + BUCKET_MS + DAY_MS;
    break;
  }
  const availableAt = new Date(returnsAt);
  return new ZohoCreditsError(
    `${spent} of ${ceiling} API credits are spent in the last 24 hours and the call needs ${credits}; enough return at ${availableAt.toISOString()}. Raise the ceiling in the settings or wait`,
    { availableAt },
  );
}
