import type { CreditBalance, CreditBucket, CreditLedger, Parking } from '../../src/zoho/credit-account.ts';

const DAY_MS = 86_400_000;

export interface MemoryLedger extends CreditLedger {
  /** Every spending, in order. */
  readonly rows: CreditBucket[];
  balance: CreditBalance | null;
  parking: Parking | null;
}

/** A ledger without a database; several governors may share it, like processes share a row. */
export function memoryLedger(): MemoryLedger {
  let last: Promise<unknown> = Promise.resolve();
  const ledger: MemoryLedger = {
    rows: [],
    balance: null,
    parking: null,
    account: async (_connection, at) => {
      const buckets = ledger.rows.filter((row) => row.at.getTime() > at.getTime() - DAY_MS);
      const spent = buckets.reduce((sum, { credits }) => sum + credits, 0);
      return { spent, balance: ledger.balance, parking: ledger.parking, buckets: async () => buckets };
    },
    change: (connection, at, decide) => {
      const changed = last.then(async () => {
        const { spend, balance, parking } = await decide(await ledger.account(connection, at));
        if (spend !== undefined) ledger.rows.push({ at, credits: spend });
        if (balance !== undefined) ledger.balance = balance;
        if (parking !== undefined) ledger.parking = parking;
      });
      last = changed.catch(() => {});
      return changed;
    },
  };
  return ledger;
}
