import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Router } from 'express';
import { ZipFile } from 'yazl';
import { ApiError } from './api-error.ts';
import { csvChunks } from './bulk-read-csv.ts';
import { BulkReadJobs, type Job } from './bulk-read-jobs.ts';
import { judgeRequest } from './bulk-read-request.ts';
import { BulkReadError } from './bulk-read-types.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { scopeWord } from './module-access.ts';
import { isLoopback } from './notifier.ts';
import { formatInstant } from './times.ts';

const CREATE_CREDITS = 50;
/** Polls and downloads have no published price. */
const OTHER_CREDITS = 1;
/** Exports must not cost a benchmark more time than reading them does. */
const ZIP_LEVEL = 1;

/** `/crm/bulk/v8/read`: a job exports one module as a zipped CSV. */
export function bulkReadRouter(context: SimContext): Router {
  const bulk = new BulkRead(context);
  const router = Router();
  router.post(
    '/crm/bulk/v8/read',
    context.endpoint((call) => inBulkWords(() => bulk.create(call))),
  );
  router.get(
    '/crm/bulk/v8/read/:job',
    context.endpoint((call) => inBulkWords(() => bulk.details(call))),
  );
  router.get(
    '/crm/bulk/v8/read/:job/result',
    context.endpoint((call) => inBulkWords(() => bulk.result(call))),
  );
  return router;
}

async function inBulkWords(work: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BulkReadError)) throw error;
    throw new ApiError(error.status, error.code, error.message, error.details);
  }
}

class BulkRead {
  private readonly context: SimContext;
  private readonly jobs: BulkReadJobs;
  /** Written once, while the job runs: a result does not change any more. */
  private readonly files = new Map<string, Promise<Buffer>>();

  constructor(context: SimContext) {
    this.context = context;
    this.jobs = new BulkReadJobs({
      now: () => context.clock.nowMs(),
      newId: () => context.state.ids.next(),
      newToken: () => context.newToken(),
      source: (timeZone) => context.source(timeZone),
      switches: () => context.switches,
    });
  }

  create(call: Call): Answer {
    call.need('bulk', 'READ');
    const body = bodyOf(call);
    const { switches } = this.context;
    const catalog = this.context.catalog(call.user);
    const negationMatchesEmpty = switches.coqlNegationMatchesEmpty;
    const request = judgeRequest(body, { catalog, switches, negationMatchesEmpty });
    if (request.kind === 'new') this.needModule(call, request.export.module);
    call.charge(CREATE_CREDITS);
    const job = this.jobs.create(request, call.user, call.fault('failed-job') !== null);
    const { bulkStartedAfterMs } = switches;
    // What goes wrong here goes wrong again, and visibly, when the file is asked for.
    const begin = () => this.fileOf(job).then(ignore, ignore);
    if (!job.fails) this.context.clock.later(bulkStartedAfterMs, begin);
    const { callback } = request;
    if (callback !== null) this.announce(job, callback.url);
    const { id, operation, state, created_by, created_time } = this.shown(job);
    return {
      status: 201,
      json: {
        data: [
          {
            status: 'success',
            code: 'ADDED_SUCCESSFULLY',
            message: 'Added successfully.',
            details: { id, operation, state, created_by, created_time },
          },
        ],
        info: {},
      },
    };
  }

  async details(call: Call): Promise<Answer> {
    call.need('bulk', 'READ');
    call.charge(OTHER_CREDITS);
    const job = this.jobs.find(call.params.job ?? '');
    if (this.jobs.state(job) === 'COMPLETED') await this.fileOf(job);
    return { status: 200, json: { data: [this.shown(job)] } };
  }

  async result(call: Call): Promise<Answer> {
    call.need('bulk', 'READ');
    call.charge(OTHER_CREDITS);
    const job = this.jobs.download(call.params.job ?? '');
    const isEmpty = this.jobs.resultOf(job).count === 0;
    if (isEmpty && this.context.switches.bulkEmptyResult === '204') return { status: 204 };
    const bytes = await this.fileOf(job);
    return {
      status: 200,
      bytes: disturbed(call, bytes),
      headers: {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="${job.id}.zip"`,
      },
    };
  }

  private fileOf(job: Job): Promise<Buffer> {
    let file = this.files.get(job.id);
    if (file === undefined) {
      file = this.write(job);
      this.files.set(job.id, file);
    }
    return file;
  }

  private async write(job: Job): Promise<Buffer> {
    const { switches } = this.context;
    const result = this.jobs.resultOf(job);
    const zip = new ZipFile();
    if (result.count > 0 || switches.bulkEmptyResult === 'header') {
      const source = this.context.source(job.user.timeZone);
      const chunks = csvChunks(result.rows, job.export.columns, source, switches);
      zip.addReadStream(Readable.from(chunks), `${job.id}.csv`, { compressionLevel: ZIP_LEVEL });
    }
    zip.end();
    const bytes = await buffer(zip.outputStream);
    result.rows = [];
    return bytes;
  }

  private shown(job: Job) {
    const state = this.jobs.state(job);
    const { bulkPageSize, bulkEarlyResult } = this.context.switches;
    const { id, page } = job;
    const download_url = `/crm/bulk/v8/read/${id}/result`;
    const early = bulkEarlyResult
      ? {
          result: {
            page,
            per_page: bulkPageSize,
            count: 0,
            more_records: false,
            next_page_token: null,
            download_url,
          },
        }
      : {};
    return {
      id,
      operation: 'read',
      state,
      ...(state === 'COMPLETED'
        ? { result: this.resultOf(job, download_url) }
        : state === 'FAILURE'
          ? FAILED
          : early),
      query: {
        ...job.export.shownQuery,
        module: { id: this.moduleId(job), api_name: job.export.module },
        page,
      },
      created_by: { id: job.user.id, name: job.user.name },
      created_time: formatInstant(job.createdAtMs, job.user.timeZone),
      file_type: 'csv',
    };
  }

  private needModule(call: Call, name: string): void {
    const module = this.context.state.modules.get(name);
    if (module === undefined) return;
    call.need('modules', scopeWord(module), 'READ');
    if (module.kind === 'field_tracker' && !this.context.switches.bulkReadsHistory)
      throw new BulkReadError('MODULE_NOT_SUPPORTED', 'the module is not supported', { api_name: name });
  }

  private moduleId(job: Job): string | null {
    return this.context.state.modules.get(job.export.module)?.id ?? null;
  }

  private resultOf(job: Job, download_url: string) {
    const { count, nextPageToken } = this.jobs.resultOf(job);
    return {
      page: job.page,
      per_page: this.context.switches.bulkPageSize,
      count,
      more_records: nextPageToken !== null,
      next_page_token: nextPageToken,
      download_url,
    };
  }

  private announce(job: Job, url: string): void {
    this.context.clock.later(this.context.switches.bulkCompletedAfterMs, async () => {
      if (!job.fails) await this.fileOf(job);
      if (!isLoopback(url)) return;
      const post = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(this.shown(job)),
      };
      // A callback that nobody takes is lost: a client has to poll.
      await fetch(url, post).catch(ignore);
    });
  }
}

function disturbed(call: Call, bytes: Buffer): Buffer {
  if (call.fault('not-a-zip') !== null) return Buffer.from('This is not a zip');
  return call.fault('truncated-zip') === null ? bytes : bytes.subarray(0, Math.floor(bytes.length / 2));
}

const ignore = () => undefined;

const FAILED = {
  result: {
    error_message: { code: 'INTERNAL_ERROR', message: 'the export failed', details: {}, status: 'error' },
  },
};

function bodyOf(call: Call): unknown {
  const type = call.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new BulkReadError('MEDIA_TYPE_NOT_SUPPORTED', 'the content type must be application/json', {}, 415);
  }
  if ((call.headers['content-length'] ?? '0') === '0' && call.headers['transfer-encoding'] === undefined) {
    throw new BulkReadError('REQUEST_BODY_IS_EMPTY', 'the request body is empty');
  }
  try {
    return call.json();
  } catch {
    throw new BulkReadError('REQUEST_BODY_NOT_READABLE', 'the request body is not JSON');
  }
}
