import type { Connection } from '../domain.ts';

/** What is known of every connection at once, by a number of queries that does not grow with them. */

export interface FleetFacts {
  readonly connection: Connection;
  /** When the newest run of each kind that was done ended; absent: none was. */
  readonly doneAt: { readonly [kind: string]: Date };
  readonly nextRunAt: Date | null;
  /** By us, in the last 24 hours. */
  readonly creditsSpent: number;
  /** When Zoho last gave an access token; null: never. */
  readonly tokenAt: Date | null;
  readonly channelExpiresAt: Date | null;
  /** Deals and documents that no customer explained in the last full scoring; null: there was none. */
  readonly unmatched: number | null;
  readonly alerts: { readonly critical: number; readonly warning: number };
  readonly heldPlans: number;
  readonly deadJobs: number;
  /** In force; 0: nothing is stored. */
  readonly settingsVersion: number;
  /** That of the last run; null: it never ran. */
  readonly runVersion: number | null;
  readonly baseHash: string | null;
}
export interface FleetStore {
  /** By name. */
  all(now: Date): Promise<FleetFacts[]>;
}
