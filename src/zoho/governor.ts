import PQueue from 'p-queue';
import type { Clock } from '../clock.ts';
import type { ConnectionId } from '../domain.ts';
import { ZohoCreditsError, ZohoRateLimitError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type BookingVerdict, type CreditLedger, judgeBooking } from './credit-account.ts';
import { nextDelay } from './retry.ts';

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

// Zoho docs, API limits: safe in every edition, with room for the customer's other integrations.
const CONCURRENCY = 5;
const SUB_CONCURRENCY = 3;
const GROW_AFTER_ANSWERS = 20;
// Zoho docs, bulk read: results of jobs a minute, then 429.
const DOWNLOADS = 10;
const DOWNLOAD_WINDOW_MS = 60_000;
const SPELL_GAP_MS = 5 * 60_000;
const PAUSE = { maxAttempts: Number.POSITIVE_INFINITY, baseMs: 1_000, maxMs: 60_000 };

/**
 * Decides when a call to one org may go out: concurrency, pauses after 429, downloads a minute, credits. Concurrency
 * and pauses are this process's own; credits and parking lie in the ledger, which all processes share.
 */
export class Governor {
  readonly #deps: { readonly ledger: CreditLedger; readonly clock: Clock; readonly log: Log };
  readonly #options: GovernorOptions;
  readonly #all: PQueue;
  readonly #sub: PQueue;
  readonly #most: { readonly all: number; readonly sub: number };
  #booking: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #credits = 0;
  /** Booked for calls that have no answer yet. */
  #inFlight = 0;
  #answersSinceChange = 0;
  #burst = 0;
  #limitedTimes = 0;
  #limitedSince: Date | null = null;
  #pausedUntil = 0;
  #parked: { readonly until: Date; readonly why: string } | null = null;
  #downloads: number[] = [];
  #heard: { readonly credits: number; readonly at: Date } | null = null;

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

  /**
   * Books the credits, then calls. Throws ZohoCreditsError instead of calling when they are not there. `burst` is what
   * noteRateLimited wants to know of a call that was answered 429.
   */
  async run<T>(cost: Cost, call: (burst: number) => Promise<T>): Promise<T> {
    const booking = { isDone: false };
    try {
      for (;;) {
        const turn = await this.#inSlot(cost, () => this.#turn(cost, call, booking));
        if ('answer' in turn) return turn.answer;
        // Outside the slots: a download that waits for its minute must not hold up other calls.
        await this.#deps.clock.sleep(turn.waitMs);
      }
    } finally {
      if (booking.isDone) this.#inFlight -= cost.credits;
    }
  }

  async #turn<T>(
    cost: Cost,
    call: (burst: number) => Promise<T>,
    booking: { isDone: boolean },
  ): Promise<{ waitMs: number } | { answer: T }> {
    const waitMs = this.#waitMs(cost);
    if (waitMs > 0) return { waitMs };
    if (!booking.isDone) {
      await this.#book(cost.credits);
      booking.isDone = true;
      this.#inFlight += cost.credits;
      // Booking takes a moment, in which another call may have met the limit.
      const longerMs = this.#waitMs(cost);
      if (longerMs > 0) return { waitMs: longerMs };
    }
    if (cost.download) this.#downloads.push(this.#now());
    this.#calls += 1;
    return { answer: await call(this.#burst) };
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
  noteRateLimited(burst: number, retryAfterMs: number | null = null): void {
    const now = this.#now();
    // An old 429 that nobody followed up does not count towards Zoho's refusing for minutes on end.
    const isNewSpell = now > this.#pausedUntil + SPELL_GAP_MS;
    if (isNewSpell || this.#limitedSince === null) this.#limitedSince = new Date(now);
    // Calls that were under way when the burst began say nothing new, however late their answers come.
    const isSameBurst = burst < this.#burst;
    if (isSameBurst && retryAfterMs === null) return;
    if (!isSameBurst) {
      this.#burst += 1;
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

  /** Zoho's credits are gone: no process makes a call of this connection before `until`. */
  async park(until: Date, why: string): Promise<void> {
    this.#parked = { until, why };
    this.#limitedSince = null;
    const { ledger, clock } = this.#deps;
    await ledger.change(this.#options.connection, clock.now(), ({ parking }) =>
      parking !== null && parking.ceiling === null && parking.until > until
        ? {}
        : { parking: { until, ceiling: null, why } },
    );
  }

  /** What Zoho itself says is left, for all integrations of the org together; the next booking tells the others. */
  noteRemaining(credits: number): void {
    // Whether Zoho has counted the calls under way is not known.
    this.#heard = { credits: Math.max(0, credits - this.#inFlight), at: this.#deps.clock.now() };
  }

  usage(): { calls: number; credits: number } {
    return { calls: this.#calls, credits: this.#credits };
  }

  #now(): number {
    return this.#deps.clock.now().getTime();
  }

  #inSlot<T>(cost: Cost, work: () => Promise<T>): Promise<T> {
    const inTurn = () => this.#all.add(work);
    return cost.sub ? this.#sub.add(inTurn) : inTurn();
  }

  /** Throws while the connection is parked by this process. */
  #waitMs(cost: Cost): number {
    const now = this.#now();
    if (this.#parked !== null && now < this.#parked.until.getTime())
      throw refusal(this.#parked.until, this.#parked.why);
    return Math.max(0, this.#pausedUntil - now, cost.download ? this.#downloadWaitMs(now) : 0);
  }

  #downloadWaitMs(now: number): number {
    this.#downloads = this.#downloads.filter((at) => at > now - DOWNLOAD_WINDOW_MS);
    const oldest = this.#downloads[0];
    return oldest === undefined || this.#downloads.length < DOWNLOADS ? 0 : oldest + DOWNLOAD_WINDOW_MS - now;
  }

  /** One at a time: on SQLite this process has one connection, on PostgreSQL one row is waited for anyway. */
  #book(credits: number): Promise<void> {
    const booked = this.#booking.then(() => this.#bookNow(credits));
    this.#booking = booked.catch(() => {});
    return booked;
  }

  async #bookNow(credits: number): Promise<void> {
    const { connection, ceiling } = this.#options;
    const at = this.#deps.clock.now();
    const heard = this.#heard;
    let verdict: BookingVerdict | null = null;
    await this.#deps.ledger.change(connection, at, async (account) => {
      verdict = await judgeBooking(account, { at, credits, ceiling, heard });
      return verdict.change;
    });
    if (this.#heard === heard) this.#heard = null;
    this.#settle(verdict, credits);
  }

  #settle(verdict: BookingVerdict | null, credits: number): void {
    if (verdict === null) throw new Error('the ledger did not decide');
    if (verdict.status === 'refused') throw refusal(verdict.until, verdict.why);
    this.#credits += credits;
  }
}

function refusal(availableAt: Date, why: string): ZohoCreditsError {
  return new ZohoCreditsError(why, { availableAt });
}
