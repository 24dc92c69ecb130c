import { z } from 'zod';
import type { ConnectionId } from '../domain.ts';
import { InputError } from '../errors.ts';
import type { JobsStore } from '../store/queue-stores.ts';
import { Asked } from './asked.ts';

/** What may be enqueued, and the one way to do it. A payload is ids and options, never records. */

const PAYLOADS = {
  /** The whole line: incremental sync, full scoring, plan, and in mode auto the write. */
  'score-and-write': z.strictObject({ full: z.boolean().optional() }),
  /** The same for what changed since the last sync. */
  'sync-incremental': z.strictObject({}),
  /** Compares the store with the org: what notifications and increments missed. */
  reconcile: z.strictObject({}),
  /** Fits the purchase model anew to all customers. */
  'fit-models': z.strictObject({}),
  /** What the week brought, for each owner and for the administrators. */
  digest: z.strictObject({}),
  /** Notifications that are stored but not yet worked on; `slow`: those of activities. */
  'process-deliveries': z.strictObject({ slow: z.boolean().optional() }),
  /** Reads what changed while nothing told us of it. */
  'read-gap': z.strictObject({ since: z.iso.datetime() }),
  /** Keeps Zoho's notifications coming. */
  'renew-channels': z.strictObject({}),
  /** What a person started: a step of the line, an apply, an undo, a look at the org. */
  asked: Asked,
  /** Looks at what no event raises. Nightly: at whole tables as well. */
  'check-alerts': z.strictObject({ nightly: z.boolean().optional() }),
  /** Everything that is stored, into a file. Of the installation. */
  backup: z.strictObject({}),
  /** Removes what is older than the settings let it be. Of the installation. */
  retention: z.strictObject({}),
} as const;

export type JobName = keyof typeof PAYLOADS;

/** Those that may last for minutes in a large org; one slot of each worker stays free of them (docs/adr/0032). */
const LONG: readonly JobName[] = [
  'backup',
  'score-and-write',
  'sync-incremental',
  'reconcile',
  'read-gap',
  'fit-models',
];
export const SHORT_JOBS: readonly string[] = Object.keys(PAYLOADS).filter(
  (name) => !LONG.some((long) => long === name),
);
export type JobPayload<N extends JobName> = z.infer<(typeof PAYLOADS)[N]>;

export interface JobRequest<N extends JobName = JobName> {
  /** Null: it belongs to the installation. */
  readonly connection: ConnectionId | null;
  readonly name: N;
  readonly payload: JobPayload<N>;
  /** While a job with this key waits, another request for it is dropped. */
  readonly singletonKey: string | null;
  readonly runAt: Date;
}

export interface Queue {
  /** `fresh` false: a job with the same singleton key is already waiting. */
  enqueue<N extends JobName>(job: JobRequest<N>): Promise<{ id: string; fresh: boolean }>;
}

/** The queue over our own table. `onEnqueued` wakes a work loop that sleeps in this process. */
export function createQueue(deps: { jobs: Pick<JobsStore, 'enqueue'>; onEnqueued?: () => void }): Queue {
  return {
    async enqueue(job) {
      const { id, fresh } = await deps.jobs.enqueue(job);
      if (fresh) deps.onEnqueued?.();
      return { id, fresh };
    },
  };
}

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(PAYLOADS, name);
}

/** Throws InputError when a stored payload is not what the job takes. */
export function parsePayload<N extends JobName>(name: N, payload: unknown): JobPayload<N> {
  const parsed = PAYLOADS[name].safeParse(payload);
  if (!parsed.success) throw new InputError(`job ${name}: ${z.prettifyError(parsed.error)}`);
  // PAYLOADS[name] is the schema of N, which the compiler does not follow through the index.
  return parsed.data as JobPayload<N>;
}
