import type { BulkReadRequest } from './bulk-read-request.ts';
import { BulkReadError, type BulkReadSwitches, type Export } from './bulk-read-types.ts';
import type { CoqlSource, RowView } from './coql-types.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface JobsDeps {
  now(): number;
  newId(): string;
  newToken(): string;
  /** Rows as a user in that time zone sees them. */
  source(timeZone: string): CoqlSource & Required<Pick<CoqlSource, 'rowsAfterId'>>;
  switches(): BulkReadSwitches;
}

export interface JobUser {
  id: string;
  name: string;
  timeZone: string;
}

export interface Job {
  id: string;
  export: Export;
  page: number;
  /** Rows above this id; null from the first. */
  afterId: string | null;
  user: JobUser;
  createdAtMs: number;
  /** Set by a fault: the job ends in FAILURE. */
  fails: boolean;
  result: JobResult | null;
}

interface JobResult {
  /** Let go once they are written into the file. */
  rows: RowView[];
  count: number;
  nextPageToken: string | null;
}

export type JobState = 'ADDED' | 'QUEUED' | 'IN PROGRESS' | 'COMPLETED' | 'FAILURE';

interface Continuation {
  export: Export;
  page: number;
  afterId: string;
  userId: string;
  expiresAtMs: number;
}

/** The jobs of one org. A job moves on with the clock and finds its rows when they are first asked for. */
export class BulkReadJobs {
  private readonly deps: JobsDeps;
  private readonly jobs = new Map<string, Job>();
  private readonly continuations = new Map<string, Continuation>();
  private downloadsAtMs: number[] = [];

  constructor(deps: JobsDeps) {
    this.deps = deps;
  }

  create(request: BulkReadRequest, user: JobUser, fails: boolean): Job {
    const start =
      request.kind === 'new' ? { ...request, afterId: null } : this.continuation(request.pageToken, user);
    const { bulkJobsInFlight } = this.deps.switches();
    if (this.inFlight() >= bulkJobsInFlight)
      throw new BulkReadError('TOO_MANY_REQUESTS', 'too many jobs are under way', {}, 429);
    const id = this.deps.newId();
    const { page, afterId } = start;
    const createdAtMs = this.deps.now();
    const job: Job = { id, export: start.export, page, afterId, user, createdAtMs, fails, result: null };
    this.jobs.set(id, job);
    return job;
  }

  private inFlight(): number {
    return [...this.jobs.values()].filter((job) => !['COMPLETED', 'FAILURE'].includes(this.state(job)))
      .length;
  }

  private continuation(pageToken: string, user: JobUser): Continuation {
    const known = this.continuations.get(pageToken);
    if (known === undefined || known.userId !== user.id || known.expiresAtMs <= this.deps.now()) {
      throw new BulkReadError('PAGE_NOT_SUPPORTED', 'the page token is invalid or has expired');
    }
    return known;
  }

  find(id: string): Job {
    const job = this.jobs.get(id);
    if (job === undefined || this.deps.now() - job.createdAtMs > DAY_MS) throw notFound(id, 404);
    return job;
  }

  state(job: Job): JobState {
    const elapsedMs = this.deps.now() - job.createdAtMs;
    const switches = this.deps.switches();
    if (elapsedMs >= switches.bulkCompletedAfterMs) return job.fails ? 'FAILURE' : 'COMPLETED';
    if (elapsedMs >= switches.bulkStartedAfterMs) return 'IN PROGRESS';
    return elapsedMs >= switches.bulkQueuedAfterMs ? 'QUEUED' : 'ADDED';
  }

  /** A completed job, to be downloaded; refuses the eleventh download of a minute. */
  download(id: string): Job {
    const now = this.deps.now();
    const switches = this.deps.switches();
    this.downloadsAtMs = this.downloadsAtMs.filter((at) => now - at < MINUTE_MS);
    if (this.downloadsAtMs.length >= switches.bulkDownloadsPerMinute) {
      throw new BulkReadError('TOO_MANY_REQUESTS', 'too many downloads within a minute', {}, 429);
    }
    this.downloadsAtMs.push(now);
    const job = this.jobs.get(id);
    const isThere = job !== undefined && now - job.createdAtMs <= DAY_MS && this.state(job) === 'COMPLETED';
    if (!isThere) throw notFound(id, switches.bulkMissingResultStatus);
    return job;
  }

  resultOf(job: Job): JobResult {
    job.result ??= this.run(job);
    return job.result;
  }

  private run(job: Job): JobResult {
    const { bulkPageSize, bulkHidesConverted } = this.deps.switches();
    const { module, shownQuery } = job.export;
    const hides = bulkHidesConverted && module === 'Leads' && shownQuery.criteria === undefined;
    const skipped = job.afterId === null ? (job.page - 1) * bulkPageSize : 0;
    const end = skipped + bulkPageSize;
    const rows: RowView[] = [];
    const source = this.deps.source(job.user.timeZone);
    for (const row of source.rowsAfterId(module, job.afterId)) {
      if (!job.export.isMatch(row, source) || (hides && row.get('Converted__s') === true)) continue;
      rows.push(row);
      if (rows.length > end) break;
    }
    const page = rows.slice(skipped, end);
    const last = page.at(-1);
    const nextPageToken = rows.length > end && last !== undefined ? this.continueAfter(job, last.id) : null;
    return { rows: page, count: page.length, nextPageToken };
  }

  private continueAfter(job: Job, afterId: string): string {
    const token = this.deps.newToken();
    this.continuations.set(token, {
      export: job.export,
      page: job.page + 1,
      afterId,
      userId: job.user.id,
      expiresAtMs: this.deps.now() + DAY_MS,
    });
    return token;
  }
}

function notFound(id: string, status: number): BulkReadError {
  return new BulkReadError(
    'RESOURCE_NOT_FOUND',
    'the job or its result does not exist',
    { resource: id },
    status,
  );
}
