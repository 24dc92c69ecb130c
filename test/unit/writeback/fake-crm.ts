import type { Server } from 'node:http';
import express, { type Request, type Response } from 'express';
import { parseCoql, runCoql } from '../../../src/simulator/coql.ts';
import { type CoqlCatalog, CoqlError, type RowView } from '../../../src/simulator/coql-types.ts';

/**
 * A small CRM on 127.0.0.1 with the few calls that write-back makes. It keeps state, can lose an answer before or
 * after the effect, and can let a write take effect late: when the test's clock has reached that time.
 */

export type Row = Record<string, unknown> & { id: string };
export type Fault =
  | 'lose_before'
  | 'lose_after'
  | { readonly lateMs: number }
  | { readonly status: number; readonly body: unknown };
interface CrmField {
  readonly api_name: string;
  readonly data_type: string;
  readonly unique?: boolean;
}

export class FakeCrm {
  readonly modules = new Map<string, { fields: CrmField[]; rows: Map<string, Row> }>();
  /** Applied to the next write calls, one each; null lets a call through. */
  readonly faults: (Fault | null)[] = [];
  /** Answers of single rows: by record id, or for creates by CV Ref. */
  readonly rejections = new Map<string, { code: string; field: string | null }>();
  /** Whole-call refusals of writes, by module. */
  readonly refusedModules = new Map<string, { status: number; code: string }>();
  /** What somebody does right after a record was shown. */
  afterRead: ((row: Row) => void) | null = null;
  /** `GET Accounts`, `PUT Accounts`, `POST Tasks`, `POST coql` … in order. */
  readonly calls: string[] = [];
  /** Fields written, by `module.id.field`. */
  readonly writes = new Map<string, number>();
  private readonly late: { at: number; apply: () => void }[] = [];
  private readonly now: () => Date;
  private server: Server | null = null;
  private nextId = 1;

  constructor(now: () => Date) {
    this.now = now;
  }

  async start(): Promise<string> {
    const app = express();
    app.use(express.json());
    app.use((_req, _res, next) => {
      this.commitLate();
      next();
    });
    app.post('/oauth/v2/token', (_req, res) => {
      const api_domain = `http://127.0.0.1:${this.port()}`;
      res.json({ access_token: 'another', expires_in: 3600, api_domain, token_type: 'Bearer' });
    });
    app.get('/crm/v8/settings/fields', (req, res) => this.answerFields(req, res));
    app.post('/crm/v8/coql', (req, res) => this.answerCoql(req, res));
    app.get('/crm/v8/:module', (req, res) => this.answerList(req, res));
    app.put('/crm/v8/:module', (req, res) => this.answerWrite(req, res));
    app.post('/crm/v8/:module', (req, res) => this.answerWrite(req, res));
    app.delete('/crm/v8/:module', (req, res) => this.answerDelete(req, res));
    this.server = await new Promise<Server>((resolve) => {
      const server = app.listen(0, '127.0.0.1', () => resolve(server));
    });
    return `http://127.0.0.1:${this.port()}`;
  }
  private port(): number {
    const address = this.server?.address();
    if (!address || typeof address === 'string') throw new Error('the CRM is not started');
    return address.port;
  }
  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  module(name: string, fields: CrmField[], rows: Row[] = []): void {
    this.modules.set(name, { fields, rows: new Map(rows.map((row) => [row.id, row])) });
  }
  row(module: string, id: string): Row | undefined {
    return this.modules.get(module)?.rows.get(id);
  }
  tasks(): Row[] {
    return [...(this.modules.get('Tasks')?.rows.values() ?? [])];
  }
  /** Everything that was still under way takes effect. */
  commitAll(): void {
    for (const write of this.late.splice(0)) write.apply();
  }

  private commitLate(): void {
    const due = this.late.filter((write) => write.at <= this.now().getTime());
    for (const write of due) {
      this.late.splice(this.late.indexOf(write), 1);
      write.apply();
    }
  }

  private answerFields(req: Request, res: Response): void {
    const module = String(req.query.module);
    this.calls.push(`GET fields ${module}`);
    const fields = (this.modules.get(module)?.fields ?? []).map((field, index) => ({
      id: `57257670000007${index}`,
      api_name: field.api_name,
      field_label: field.api_name,
      data_type: field.data_type,
      length: 255,
      custom_field: true,
      read_only: false,
      field_read_only: false,
      virtual_field: false,
      visible: true,
      unique: field.unique ? { case_sensitive: false } : {},
      lookup: {},
      pick_list_values: [],
      operation_type: { web_create: true, web_update: true, api_create: true, api_update: true },
    }));
    res.json({ fields });
  }

  private answerList(req: Request, res: Response): void {
    const module = String(req.params.module);
    this.calls.push(`GET ${module}`);
    const fields = String(req.query.fields).split(',');
    const data = String(req.query.ids)
      .split(',')
      .flatMap((id) => this.row(module, id) ?? [])
      .map((row) => Object.fromEntries(['id', ...fields].map((field) => [field, row[field] ?? null])));
    for (const { id } of data) {
      const row = this.row(module, String(id));
      if (row) this.afterRead?.(row);
    }
    if (data.length === 0) res.status(204).end();
    else res.json({ data, info: { per_page: 200, count: data.length, page: 1, more_records: false } });
  }

  private answerCoql(req: Request, res: Response): void {
    this.calls.push('POST coql');
    const catalog: CoqlCatalog = {
      module: (name) => {
        const fields = this.modules.get(name)?.fields;
        return fields ? { fields: new Map(fields.map((field) => [field.api_name, field])) } : null;
      },
    };
    try {
      const view = (module: string, row: Row): RowView => ({
        id: row.id,
        module,
        get: (field) => row[field] ?? null,
      });
      const { rows, more } = runCoql(parseCoql(String(req.body.select_query), catalog), {
        rows: (name) => [...(this.modules.get(name)?.rows.values() ?? [])].map((row) => view(name, row)),
        row: () => null,
      });
      if (rows.length === 0) res.status(204).end();
      else res.json({ data: rows, info: { count: rows.length, more_records: more } });
    } catch (error) {
      if (!(error instanceof CoqlError)) throw error;
      res
        .status(400)
        .json({ code: error.code, message: error.message, details: error.details, status: 'error' });
    }
  }

  private answerWrite(req: Request, res: Response): void {
    const module = String(req.params.module);
    this.calls.push(`${req.method} ${module}`);
    const refused = this.refusedModules.get(module);
    if (refused) {
      res
        .status(refused.status)
        .json({ code: refused.code, message: 'refused', details: {}, status: 'error' });
      return;
    }
    if (this.isModified(module, req)) {
      res.status(412).json({ code: 'ALREADY_MODIFIED', message: 'modified', details: {}, status: 'error' });
      return;
    }
    const fault = this.faults.shift() ?? null;
    const rows: Record<string, unknown>[] = req.body.data;
    const apply = () =>
      rows.map((row) => (req.method === 'PUT' ? this.update(module, row) : this.create(module, row)));
    if (fault === null) {
      res.json({ data: apply() });
      return;
    }
    if (typeof fault === 'object' && 'status' in fault) {
      res.status(fault.status).json(fault.body);
      return;
    }
    if (fault === 'lose_after') apply();
    else if (typeof fault === 'object') this.late.push({ at: this.now().getTime() + fault.lateMs, apply });
    res.destroy();
  }

  private answerDelete(req: Request, res: Response): void {
    const module = String(req.params.module);
    this.calls.push(`DELETE ${module}`);
    const rows = this.modules.get(module)?.rows;
    const data = String(req.query.ids)
      .split(',')
      .map((id) =>
        rows?.delete(id) ? succeeded(id, 'record deleted', this.now()) : failed('INVALID_DATA', null),
      );
    res.json({ data });
  }

  private isModified(module: string, req: Request): boolean {
    const since = req.get('If-Unmodified-Since');
    if (since === undefined) return false;
    const rows: Row[] = req.body.data;
    return rows.some(({ id }) => Date.parse(String(this.row(module, id)?.Modified_Time)) > Date.parse(since));
  }

  private update(module: string, { id, ...values }: Record<string, unknown>): unknown {
    const held = this.row(module, String(id));
    if (!held) return failed('INVALID_DATA', 'id');
    const refusal = this.refusalOf(module, held.id, values);
    if (refusal) return refusal;
    if ('Modified_Time' in held) held.Modified_Time = this.now().toISOString();
    for (const [field, value] of Object.entries(values)) {
      held[field] = value;
      const key = `${module}.${held.id}.${field}`;
      this.writes.set(key, (this.writes.get(key) ?? 0) + 1);
    }
    return succeeded(held.id, 'record updated', this.now());
  }

  private create(module: string, values: Record<string, unknown>): unknown {
    const table = this.modules.get(module);
    if (!table) return failed('INVALID_MODULE', null);
    const refusal = this.refusalOf(module, String(values.CV_Ref ?? ''), values);
    if (refusal) return refusal;
    for (const field of table.fields.filter((meta) => meta.unique)) {
      const value = values[field.api_name];
      const twin = [...table.rows.values()].find(
        (row) => value !== undefined && row[field.api_name] === value,
      );
      if (twin) {
        return {
          ...failed('DUPLICATE_DATA', field.api_name),
          details: { api_name: field.api_name, id: twin.id },
        };
      }
    }
    const id = `57257670000009${String(this.nextId++).padStart(5, '0')}`;
    const created = this.now()
      .toISOString()
      .replace(/\.\d+Z/, '+00:00');
    table.rows.set(id, { ...values, id, Created_Time: created });
    return succeeded(id, 'record added', this.now());
  }

  private refusalOf(module: string, key: string, values: Record<string, unknown>): unknown {
    const known = this.modules.get(module)?.fields.map((field) => field.api_name) ?? [];
    const unknown = Object.keys(values).find((field) => !field.startsWith('$') && !known.includes(field));
    if (unknown) return failed('INVALID_DATA', unknown);
    const rejection = this.rejections.get(key);
    if (!rejection || (rejection.field !== null && !(rejection.field in values))) return null;
    return failed(rejection.code, rejection.field);
  }
}

function succeeded(id: string, message: string, at: Date): unknown {
  const time = at.toISOString().replace(/\.\d+Z/, '+00:00');
  return {
    code: 'SUCCESS',
    status: 'success',
    message,
    details: { id, Modified_Time: time, Created_Time: time },
  };
}
function failed(code: string, field: string | null) {
  return {
    code,
    status: 'error',
    message: 'invalid data',
    details: field === null ? {} : { api_name: field, json_path: `$.data[0].${field}` },
  };
}
