import type { Edition } from './seed.ts';

const DAY_MS = 86_400_000;

const DAILY: Record<Edition, { base: number; perUser: number; cap: number }> = {
  Free: { base: 5_000, perUser: 0, cap: 5_000 },
  Standard: { base: 50_000, perUser: 250, cap: 100_000 },
  Professional: { base: 50_000, perUser: 500, cap: 3_000_000 },
  Enterprise: { base: 50_000, perUser: 1_000, cap: 5_000_000 },
  Ultimate: { base: 50_000, perUser: 2_000, cap: Number.POSITIVE_INFINITY },
};

/** Simultaneous calls by edition. */
export const CONCURRENCY: Readonly<Record<Edition, number>> = {
  Free: 5,
  Standard: 10,
  Professional: 15,
  Enterprise: 20,
  Ultimate: 25,
};

export function creditsOfDay(edition: Edition, users: number): number {
  const { base, perUser, cap } = DAILY[edition];
  return Math.min(cap, base + perUser * users);
}

/** Credits spent in the last 24 hours: one spent at 10:00 returns at 10:00 the next day. */
export interface CreditLedger {
  /** False when the ceiling would be passed; then nothing is spent. */
  spend(credits: number): boolean;
  /** Spends whatever the ceiling. */
  force(credits: number): void;
  spent(): number;
  ceiling(): number;
}

export function createCreditLedger(deps: { nowMs(): number; ceiling(): number }): CreditLedger {
  const spends: { at: number; credits: number }[] = [];
  let first = 0;
  let sum = 0;
  const spent = () => {
    const since = deps.nowMs() - DAY_MS;
    for (let oldest = spends[first]; oldest !== undefined && oldest.at <= since; oldest = spends[first]) {
      sum -= oldest.credits;
      first += 1;
    }
    if (first > 10_000) {
      spends.splice(0, first);
      first = 0;
    }
    return sum;
  };
  const force = (credits: number) => {
    const at = deps.nowMs();
    const last = spends.at(-1);
    if (last !== undefined && first < spends.length && last.at === at) last.credits += credits;
    else spends.push({ at, credits });
    sum += credits;
  };
  return {
    spend: (credits) => {
      if (spent() + credits > deps.ceiling()) return false;
      force(credits);
      return true;
    },
    force,
    spent,
    ceiling: deps.ceiling,
  };
}
