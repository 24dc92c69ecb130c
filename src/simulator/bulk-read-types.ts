import type { CoqlSource, Path, RowView } from './coql-types.ts';

/** Where Zoho's behaviour is unconfirmed, tests run with both positions; sizes and delays are set for tests. */
export interface BulkReadSwitches {
  /** Rows of one job; 200,000 at Zoho. */
  bulkPageSize: number;
  /** A `page` above 1 in a new job: refused, or served like a continuation. */
  bulkPages: 'token-only' | 'any';
  /** Since creation. */
  bulkQueuedAfterMs: number;
  bulkStartedAfterMs: number;
  bulkCompletedAfterMs: number;
  /** The documentation's samples show a `result` before there is one. */
  bulkEarlyResult: boolean;
  bulkIdHeader: 'Id' | 'id';
  bulkBom: boolean;
  bulkMultiSeparator: ',' | ';';
  bulkEmptyResult: 'header' | 'empty-zip' | '204';
  /** Answer to a download before completion or after expiry. */
  bulkMissingResultStatus: 400 | 404;
  bulkDownloadsPerMinute: number;
  /** Jobs that are not ended yet; one more is refused with 429. */
  bulkJobsInFlight: number;
  /** Whether an export without criteria leaves out converted leads. */
  bulkHidesConverted: boolean;
  /** Whether histories can be exported. */
  bulkReadsHistory: boolean;
}

export const DEFAULT_BULK_READ_SWITCHES: BulkReadSwitches = {
  bulkPageSize: 200_000,
  bulkPages: 'token-only',
  bulkQueuedAfterMs: 100,
  bulkStartedAfterMs: 200,
  bulkCompletedAfterMs: 500,
  bulkEarlyResult: false,
  bulkIdHeader: 'Id',
  bulkBom: false,
  bulkMultiSeparator: ',',
  bulkEmptyResult: 'header',
  bulkMissingResultStatus: 404,
  bulkDownloadsPerMinute: 10,
  bulkJobsInFlight: 1000,
  bulkHidesConverted: false,
  bulkReadsHistory: true,
};

/** A refusal in the shape of the bulk APIs. */
export class BulkReadError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}, status = 400) {
    super(message);
    this.name = 'BulkReadError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export type RowTest = (row: RowView, source: CoqlSource) => boolean;

/** What one or more jobs export; a page token continues it. */
export interface Export {
  module: string;
  columns: Path[];
  isMatch: RowTest;
  /** Fields and criteria as they were sent, for the details of the job. */
  shownQuery: Record<string, unknown>;
}
