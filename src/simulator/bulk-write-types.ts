import type { FieldState } from './state.ts';

/** Where Zoho's behaviour is unconfirmed, tests run with both positions; sizes and delays are set for tests. */
export interface BulkWriteSwitches {
  /** Since creation. Rows are written, all at once, when the job completes. */
  bulkWriteStartedAfterMs: number;
  bulkWriteCompletedAfterMs: number;
  /** Samples print both. */
  bulkWriteRunning: 'IN PROGRESS' | 'INPROGRESS';
  bulkWriteUrl: 'path' | 'absolute';
  /** Whether each written row starts the org's automation. */
  bulkWriteTriggers: boolean;
  /** Whether written rows notify channels. */
  bulkWriteNotifies: boolean;
  bulkWriteJobCredits: number;
  /** Credits of an upload, a poll and a download each; no price is published. */
  bulkWriteOtherCredits: number;
  bulkWriteMostRows: number;
  bulkWriteMostBytes: number;
  /** How long a result is kept; a third party says 7 days. */
  bulkWriteKeptMs: number;
}

export const DEFAULT_BULK_WRITE_SWITCHES: BulkWriteSwitches = {
  bulkWriteStartedAfterMs: 200,
  bulkWriteCompletedAfterMs: 500,
  bulkWriteRunning: 'IN PROGRESS',
  bulkWriteUrl: 'path',
  bulkWriteTriggers: false,
  bulkWriteNotifies: true,
  bulkWriteJobCredits: 500,
  bulkWriteOtherCredits: 1,
  bulkWriteMostRows: 25_000,
  bulkWriteMostBytes: 25 * 1024 * 1024,
  bulkWriteKeptMs: 7 * 86_400_000,
};

export type Operation = 'insert' | 'update' | 'upsert';

/** One column of the file, or a value for all rows. */
export interface Mapping {
  field: FieldState | 'id';
  apiName: string;
  index: number | null;
  constant: string | null;
  format: string | null;
  /** Of a lookup: the field of its target by which a row names it. */
  findBy: string | null;
}

/** An uploaded file, unpacked. */
export interface UploadedFile {
  id: string;
  name: string;
  header: string[];
  rows: string[][];
}
