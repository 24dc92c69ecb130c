import { buffer } from 'node:stream/consumers';
import { Router } from 'express';
import { ZipFile } from 'yazl';
import { ApiError } from './api-error.ts';
import { fileOfForm, requireZip, unpack } from './bulk-write-file.ts';
import { type BulkWriteBody, judgeBody, judgeMappings, requireBulkModule } from './bulk-write-request.ts';
import { type RowOutcome, type RowsInput, writeRows } from './bulk-write-rows.ts';
import type { Mapping, UploadedFile } from './bulk-write-types.ts';
import type { Answer, Call, SimContext } from './context.ts';
import type { ActiveFault } from './faults.ts';
import { findModule, scopeWord } from './module-access.ts';
import { isLoopback } from './notifier.ts';
import type { ModuleState, SimUser } from './state.ts';
import { formatInstant } from './times.ts';

/** The result shows so many of the mapped columns. */
const SHOWN_COLUMNS = 3;
const OPERATION_SCOPES = { insert: ['CREATE'], update: ['UPDATE'], upsert: ['CREATE', 'UPDATE'] } as const;

interface Job {
  id: string;
  body: BulkWriteBody;
  module: ModuleState;
  file: UploadedFile;
  mappings: readonly Mapping[];
  user: SimUser;
  createdMs: number;
  fails: boolean;
  isEndless: boolean;
  outcomes: RowOutcome[] | null;
  result: Buffer | null;
}

/** `/crm/v8/upload` and `/crm/bulk/v8/write`: a job writes the rows of a zipped CSV into one module. */
export function bulkWriteRouter(context: SimContext): Router {
  const bulk = new BulkWrite(context);
  const router = Router();
  router.post(
    '/crm/v8/upload',
    context.endpoint((call) => bulk.upload(call)),
  );
  router.post(
    '/crm/bulk/v8/write',
    context.endpoint((call) => bulk.create(call)),
  );
  router.get(
    '/crm/bulk/v8/write/:job',
    context.endpoint((call) => bulk.details(call)),
  );
  router.get(
    '/v8/crm/:org/bulk-write/:job/:file',
    context.endpoint((call) => bulk.result(call)),
  );
  return router;
}

class BulkWrite {
  private readonly context: SimContext;
  private readonly files = new Map<string, Buffer>();
  private readonly jobs = new Map<string, Job>();

  constructor(context: SimContext) {
    this.context = context;
  }

  async upload(call: Call): Promise<Answer> {
    call.need('files', 'ALL');
    const { state, switches } = this.context;
    if (call.headers.feature !== 'bulk-write') throw wrongHeader('feature');
    if (call.headers['x-crm-org'] !== state.zgid) throw wrongHeader('X-CRM-ORG');
    call.charge(switches.bulkWriteOtherCredits);
    const bytes = await fileOfForm(call.bytes(), call.headers['content-type'] ?? '');
    requireZip(bytes, switches.bulkWriteMostBytes);
    const file_id = state.ids.next();
    this.files.set(file_id, bytes);
    const created_time = this.shownTime(this.context.clock.nowMs(), call.user);
    return {
      status: 200,
      json: {
        status: 'success',
        code: 'FILE_UPLOAD_SUCCESS',
        message: 'file uploaded.',
        details: { file_id, created_time },
      },
    };
  }

  async create(call: Call): Promise<Answer> {
    call.need('bulk', 'CREATE');
    if (!/^application\/json\b/i.test(call.headers['content-type'] ?? ''))
      throw new ApiError(415, 'MEDIA_TYPE_NOT_SUPPORTED', 'the content type must be application/json');
    const body = judgeBody(call.json());
    const { clock, switches, state } = this.context;
    const module = requireBulkModule(findModule(this.context, body.moduleName, call.user), body.moduleName);
    for (const operation of OPERATION_SCOPES[body.operation])
      call.need('modules', scopeWord(module), operation);
    const bytes = this.files.get(body.fileId);
    if (bytes === undefined) throw new ApiError(400, 'INVALID_FILE_ID', 'improper file id');
    const file = await unpack(body.fileId, bytes, switches.bulkWriteMostRows);
    const mappings = judgeMappings(body, { module, file, nowMs: clock.nowMs() });
    call.charge(switches.bulkWriteJobCredits);
    const job: Job = {
      ...{ id: state.ids.next(), body, module, file, mappings, user: call.user },
      ...{ createdMs: clock.nowMs(), outcomes: null, result: null },
      fails: call.fault('failed-job') !== null,
      isEndless: call.fault('endless-job') !== null,
    };
    this.jobs.set(job.id, job);
    const skips = call.fault('skipped-rows');
    if (!job.isEndless) clock.later(switches.bulkWriteCompletedAfterMs, () => this.run(job, skips));
    const created_by = { id: call.user.id, name: call.user.name };
    const details = { id: job.id, created_by };
    return { status: 201, json: { status: 'success', code: 'SUCCESS', message: 'success', details } };
  }

  details(call: Call): Answer {
    call.need('bulk', 'READ');
    call.charge(this.context.switches.bulkWriteOtherCredits);
    return { status: 200, json: this.shown(this.find(call.params.job ?? '')) };
  }

  result(call: Call): Answer {
    call.need('bulk', 'READ');
    call.charge(this.context.switches.bulkWriteOtherCredits);
    const { result, id } = this.find(call.params.job ?? '');
    if (call.params.org !== `org${this.context.state.zgid}` || result === null) throw notFound(id);
    const whole = call.fault('truncated-zip') === null;
    return {
      status: 200,
      bytes: whole ? result : result.subarray(0, Math.floor(result.length / 2)),
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${id}.zip"`,
      },
    };
  }

  private find(id: string): Job {
    const job = this.jobs.get(id);
    const { clock, switches } = this.context;
    if (job === undefined || clock.nowMs() - job.createdMs > switches.bulkWriteKeptMs) throw notFound(id);
    return job;
  }

  private async run(job: Job, skips: ActiveFault | null): Promise<void> {
    const { context } = this;
    if (!job.fails) {
      const input: RowsInput = { ...job, strike: strikeOf(skips) };
      const { outcomes, inserted, updated } = await writeRows(context, input);
      job.result = await resultOf(job, outcomes);
      job.outcomes = outcomes;
      const { bulkWriteTriggers, bulkWriteNotifies } = context.switches;
      const path = '/crm/bulk/v8/write';
      if (bulkWriteTriggers)
        context.report.triggered({
          ...{ method: 'POST', path, module: job.module.apiName },
          rows: inserted.length + updated.length,
        });
      const base = { module: job.module.apiName, user: job.user, isQuiet: false };
      if (bulkWriteNotifies) {
        context.notifier.changed({ ...base, operation: 'insert', changes: inserted });
        context.notifier.changed({ ...base, operation: 'update', changes: updated });
      }
    }
    const { callbackUrl } = job.body;
    if (callbackUrl === null || !isLoopback(callbackUrl)) return;
    const body = JSON.stringify(this.shown(job));
    const headers = { 'content-type': 'application/json' };
    // A callback that nobody takes is lost: a client has to poll.
    await fetch(callbackUrl, { method: 'POST', headers, body }).catch(() => undefined);
  }

  private statusOf(job: Job): string {
    const { clock, switches } = this.context;
    const elapsedMs = clock.nowMs() - job.createdMs;
    if (job.outcomes !== null)
      return job.outcomes.every(({ status }) => status === 'skipped') ? 'SKIPPED' : 'COMPLETED';
    if (job.fails && elapsedMs >= switches.bulkWriteCompletedAfterMs) return 'FAILED';
    return elapsedMs >= switches.bulkWriteStartedAfterMs ? switches.bulkWriteRunning : 'ADDED';
  }

  private shown(job: Job) {
    const status = this.statusOf(job);
    const count = (word: RowOutcome['status']) =>
      job.outcomes?.filter((outcome) => outcome.status === word).length ?? 0;
    const { url, state, switches } = this.context;
    const path = `/v8/crm/org${state.zgid}/bulk-write/${job.id}/${job.id}.zip`;
    const download_url = switches.bulkWriteUrl === 'path' ? path : `${url()}${path}`;
    return {
      id: job.id,
      operation: job.body.operation,
      status,
      character_encoding: 'UTF-8',
      created_by: { id: job.user.id, name: job.user.name },
      created_time: this.shownTime(job.createdMs, job.user),
      resource: [
        {
          status,
          type: 'data',
          module: { id: job.module.id, api_name: job.module.apiName },
          file_id: job.file.id,
          ignore_empty: job.body.ignoreEmpty,
          ...(job.body.findBy === null ? {} : { find_by: job.body.findBy }),
          ...(status === 'FAILED' ? { code: 'CANNOT_PROCESS' } : {}),
          file: {
            status,
            name: job.file.name,
            added_count: count('added'),
            updated_count: count('updated'),
            skipped_count: count('skipped'),
            total_count: job.outcomes === null ? 0 : job.file.rows.length,
          },
        },
      ],
      ...(job.result === null ? {} : { result: { download_url } }),
    };
  }

  private shownTime(ms: number, user: SimUser): string {
    return formatInstant(ms, user.timeZone);
  }
}

function strikeOf(fault: ActiveFault | null): RowsInput['strike'] {
  if (fault === null) return () => null;
  const every = fault.every ?? 2;
  return (at, recordId) => {
    if ((at + 1) % every !== 0) return null;
    if (fault.code === 'UNPROCESSED') return { status: 'unprocessed', recordId: null, errors: '' };
    return {
      status: 'skipped',
      recordId,
      errors: `${fault.code ?? 'CANNOT_PROCESS'}-${fault.message ?? 'id'}`,
    };
  };
}

/** The first mapped columns, and what became of each row. */
async function resultOf(job: Job, outcomes: readonly RowOutcome[]): Promise<Buffer> {
  const shown = job.mappings.flatMap(({ index }) => (index === null ? [] : [index])).slice(0, SHOWN_COLUMNS);
  const line = (cells: readonly string[], last: readonly string[]) =>
    `${[...shown.map((index) => cells[index] ?? ''), ...last].map(quoted).join(',')}\n`;
  let csv = line(job.file.header, ['STATUS', 'RECORD_ID', 'ERRORS']);
  for (const [at, { status, recordId, errors }] of outcomes.entries())
    csv += line(job.file.rows[at] ?? [], [status, recordId ?? '', errors]);
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(csv), `${job.module.apiName}-${job.file.name}`);
  zip.end();
  return buffer(zip.outputStream);
}

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const notFound = (id: string) =>
  new ApiError(400, 'RESOURCE_NOT_FOUND', "The requested resource doesn't exist.", { resource: id });
const wrongHeader = (header: string) =>
  new ApiError(400, 'INVALID_DATA', 'check if headers [feature, X-CRM-ORG] are present and valid', {
    header,
  });
