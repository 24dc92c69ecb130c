import type { ConnectionId } from '../domain.ts';

/** What is known of the credits of one org, and the decision whether a call may be paid from them. Pure. */

/** Credits spent within one minute. */
export interface CreditBucket {
  readonly at: Date;
  readonly credits: number;
}
/** What Zoho itself said is left for all integrations of the org together. */
export interface CreditBalance {
  readonly credits: number;
  readonly at: Date;
}
/** No process calls before `until`. */
export interface Parking {
  readonly until: Date;
  /** Our ceiling that was reached, so that a raised one ends the parking; null: Zoho itself has no more. */
  readonly ceiling: number | null;
  readonly why: string;
}
export interface CreditAccount {
  /** By us, in the last 24 hours. */
  readonly spent: number;
  readonly balance: CreditBalance | null;
  readonly parking: Parking | null;
  /** What `spent` consists of, oldest first. */
  readonly buckets: () => Promise<readonly CreditBucket[]>;
}
/** Left out: stays as it is. */
export interface AccountChange {
  readonly spend?: number;
  readonly balance?: CreditBalance;
  readonly parking?: Parking | null;
}
export interface CreditLedger {
  /** One transaction that admits one process at a time per connection; stores what `decide` returns. */
  change(
    connection: ConnectionId,
    at: Date,
    decide: (account: CreditAccount) => AccountChange | Promise<AccountChange>,
  ): Promise<void>;
  account(connection: ConnectionId, at: Date): Promise<CreditAccount>;
}

export interface Booking {
  readonly at: Date;
  readonly credits: number;
  /** Most credits that we may spend in any 24 hours. */
  readonly ceiling: number;
  /** What Zoho told this process last and no other process knows yet. */
  readonly heard: CreditBalance | null;
}
export type BookingVerdict =
  | { readonly status: 'booked'; readonly change: AccountChange }
  | {
      readonly status: 'refused';
      readonly until: Date;
      readonly why: string;
      readonly change: AccountChange;
    };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BUCKET_MS = 60_000;

export async function judgeBooking(account: CreditAccount, booking: Booking): Promise<BookingVerdict> {
  const { at, credits, ceiling } = booking;
  const balance = newest(account.balance, booking.heard, at);
  const news: AccountChange = balance !== null && balance === booking.heard ? { balance } : {};
  const parking = activeParking(account.parking, ceiling, at);
  if (parking !== null) return { status: 'refused', until: parking.until, why: parking.why, change: news };
  if (credits > ceiling) {
    // Waiting does not help, and cheaper calls still fit: the connection is not parked.
    const why = `the call needs ${credits} API credits and the ceiling is ${ceiling} in 24 hours; raise credits.ceilingPercent in fields.yaml`;
    return { status: 'refused', until: new Date(at.getTime() + DAY_MS), why, change: news };
  }
  const { spent } = account;
  if (spent + credits > ceiling) {
    const until = returnOf(await account.buckets(), spent + credits - ceiling, at);
    const why = `${spent} of ${ceiling} API credits are spent in the last 24 hours and the call needs ${credits}; enough return at ${until.toISOString()}. Raise credits.ceilingPercent in fields.yaml or wait`;
    return { status: 'refused', until, why, change: { ...news, parking: { until, ceiling, why } } };
  }
  if (balance !== null && credits > balance.credits) {
    const until = new Date(balance.at.getTime() + HOUR_MS);
    const why = `Zoho has ${balance.credits} API credits left for this org and the call needs ${credits}; try again at ${until.toISOString()}`;
    return { status: 'refused', until, why, change: { ...news, parking: { until, ceiling: null, why } } };
  }
  return {
    status: 'booked',
    change: {
      spend: credits,
      ...(balance ? { balance: { ...balance, credits: balance.credits - credits } } : {}),
      ...(account.parking ? { parking: null } : {}),
    },
  };
}

/** Credits that a caller may count on now. */
export function creditsAvailable(account: CreditAccount, ceiling: number, at: Date): number {
  if (activeParking(account.parking, ceiling, at) !== null) return 0;
  const balance = newest(account.balance, null, at);
  return Math.max(0, Math.min(ceiling - account.spent, balance?.credits ?? Number.POSITIVE_INFINITY));
}

/** Null when its time has come, or when it rests on a ceiling that is no longer ours. */
export function activeParking(parking: Parking | null, ceiling: number, at: Date): Parking | null {
  if (parking === null || at >= parking.until) return null;
  return parking.ceiling === null || parking.ceiling === ceiling ? parking : null;
}

/** Credits come back all the time; what Zoho said an hour ago would park the connection for nothing. */
function newest(stored: CreditBalance | null, heard: CreditBalance | null, at: Date): CreditBalance | null {
  const latest = heard !== null && (stored === null || heard.at >= stored.at) ? heard : stored;
  return latest !== null && at.getTime() - latest.at.getTime() <= HOUR_MS ? latest : null;
}

/** When so many of the spent credits are older than 24 hours. */
function returnOf(buckets: readonly CreditBucket[], missing: number, at: Date): Date {
  let left = missing;
  for (const bucket of buckets) {
    left -= bucket.credits;
    // A bucket leaves the window whole, when its last instant does.
    if (left <= 0) return new Date(bucket.at.getTime() + BUCKET_MS + DAY_MS);
  }
  return new Date(at.getTime() + DAY_MS);
}
