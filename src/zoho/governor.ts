import type { Clock } from '../clock.ts';
import type { ConnectionId } from '../domain.ts';
import type { Log } from '../log.ts';

/** What we know of the credits of one org; every process that uses it shares the ledger. */
export interface CreditLedger {
  add(connection: ConnectionId, at: Date, credits: number): Promise<void>;
  spentSince(connection: ConnectionId, since: Date): Promise<number>;
  /** Oldest first. */
  buckets(connection: ConnectionId, since: Date): Promise<{ at: Date; credits: number }[]>;
  correct(connection: ConnectionId, remaining: number, at: Date): Promise<void>;
}
export interface Cost {
  readonly credits: number;
  readonly sub: boolean;
}
export declare function dailyCredits(edition: string, users: number): number;
export declare class Governor {
  constructor(
    deps: { ledger: CreditLedger; clock: Clock; log: Log },
    options: { connection: ConnectionId; ceiling: number; concurrency?: number; subConcurrency?: number },
  );
  run<T>(cost: Cost, call: () => Promise<T>): Promise<T>;
  noteRemaining(credits: number): void;
  noteRateLimited(): void;
  usage(): { calls: number; credits: number };
}
