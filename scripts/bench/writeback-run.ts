// One measured apply, or its floor, as a process of its own; started by writeback.ts.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import type { FieldKey } from '../../src/domain.ts';
import { silentLog } from '../../src/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { PlanItem } from '../../src/store/plan-stores.ts';
import { createStore } from '../../src/store/store.ts';
import { applyPlan } from '../../src/writeback/apply-plan.ts';
import { zipOf } from '../../src/zoho/bulk-write.ts';
import { createZohoClient } from '../../src/zoho/client.ts';
import { Governor } from '../../src/zoho/governor.ts';
import { hostPolicy } from '../../src/zoho/hosts.ts';
import { TokenSource } from '../../src/zoho/tokens.ts';

interface Task {
  readonly what: 'ours' | 'floor';
  readonly method: 'records' | 'bulk';
  readonly database: string;
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly ids: readonly string[];
  readonly round: number;
}
const task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Task; // written by writeback.ts
const FIELDS = [
  { key: 'value_tier', apiName: 'Value_Tier', label: 'Value Tier' },
  { key: 'profit_12_months', apiName: 'Profit_12_Months', label: 'Profit 12 Months' },
  { key: 'next_step', apiName: 'Next_Step', label: 'Next Step' },
  { key: 'last_contact', apiName: 'Last_Contact', label: 'Last Contact' },
] as const satisfies readonly { key: FieldKey; apiName: string; label: string }[];
const valuesOf = (at: number) => ({
  value_tier: at % 2 === 0 ? 'Top' : 'Good',
  profit_12_months: at + task.round / 100,
  next_step: `Talk about delivery ${at}`,
  last_contact: '2026-02-03',
});

const measured = task.what === 'ours' ? await ours() : await floor();
process.stdout.write(`${JSON.stringify(measured)}\n`);

async function ours() {
  const db = await openDb(`file:${task.database}`);
  await migrate(db);
  const store = createStore(
    db,
    await loadKeys({ keys: Buffer.alloc(32, 1).toString('base64'), keyFile: null }),
  );
  const connection = await store.connections.create({
    ...{ name: `bench-${process.pid}`, accountsUrl: task.url, apiDomain: task.url, location: 'custom' },
    ...{ clientId: task.clientId, clientSecret: task.clientSecret, refreshToken: task.refreshToken },
    ...{ accessToken: null, expiresAt: null, userId: '1', scopes: [], mode: 'manual' },
    org: {
      ...{ id: '1', zgid: '20087654321', name: 'Bench', edition: 'ultimate', users: 100 },
      ...{ timeZone: 'UTC', currency: 'EUR', multiCurrency: false, country: null },
    },
  });
  const created = new Date('2026-01-01T00:00:00Z');
  for (let at = 0; at < task.ids.length; at += 1_000) {
    const rows = task.ids.slice(at, at + 1_000).map((id) => ({
      record: {
        ...{ id, name: id, ownerId: null, parentId: null, number: null, accountType: null, source: null },
        ...{ createdAt: created, modifiedAt: created, domain: null, keptContactDay: null },
        ...{ inputs: {}, terms: {}, ours: {} },
      },
      inputHash: 'h',
    }));
    await store.records.save(connection.id, 'Accounts', rows, null);
  }
  await store.fieldMap.upsert(
    connection.id,
    FIELDS.map((field) => ({ ...field, module: 'Accounts', fieldId: field.key, state: 'created' })),
  );
  const runId = await store.runs.start(connection.id, 'apply', {}, new Date());
  const planId = await store.plans.open(connection.id, runId, '2026-02-10');
  for (let from = 0; from < task.ids.length; from += 1_000) {
    const items = task.ids.slice(from, from + 1_000).flatMap((recordId, at) => itemsOf(recordId, from + at));
    await store.plans.append(planId, items);
  }
  await store.plans.close(planId, { state: 'open', summary: {} });
  let waitedMs = 0;
  const clock = {
    now: () => new Date(),
    random: () => 0.5,
    sleep: async (ms: number) => {
      waitedMs += ms;
      await sleep(ms);
    },
  };
  const hosts = hostPolicy(task.url);
  const log = silentLog;
  const zoho = createZohoClient({
    tokens: new TokenSource({ store: store.tokens, hosts, clock, log }, connection.id),
    governor: new Governor(
      { ledger: store.ledger, clock, log },
      { connection: connection.id, ceiling: 10_000_000 },
    ),
    ...{ hosts, clock, log },
  });
  const startedAt = performance.now();
  const result = await applyPlan(
    { zoho, store, clock, log, lease: null },
    {
      ...{ connection, planId, runId, onEdit: { usual: 'ours', fields: {} } },
      bulkTo: task.method === 'bulk' ? { origin: task.url, zgid: connection.org.zgid } : null,
    },
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  if (result.written !== task.ids.length || result.remaining > 0) throw new Error(JSON.stringify(result));
  await db.close();
  return { seconds, waitedSeconds: waitedMs / 1_000, ...zoho.usage() };
}

function itemsOf(recordId: string, at: number): PlanItem[] {
  const values = valuesOf(at);
  return FIELDS.map(({ key }) => ({
    kind: 'field',
    change: {
      ...{ module: 'Accounts', recordId, customer: { module: 'Accounts', id: recordId }, name: recordId },
      ...{ field: key, old: null, new: values[key], cause: 'first_value', reason: null },
    },
  }));
}

/** The same bodies, posted one after the other by nothing but fetch. */
async function floor() {
  const form = new URLSearchParams({
    ...{ grant_type: 'refresh_token', refresh_token: task.refreshToken },
    ...{ client_id: task.clientId, client_secret: task.clientSecret },
  });
  const token = await fetch(`${task.url}/oauth/v2/token`, { method: 'POST', body: form });
  const { access_token } = (await token.json()) as { access_token: string };
  const authorization = `Zoho-oauthtoken ${access_token}`;
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${task.url}${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path} ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const startedAt = performance.now();
  let waitedMs = 0;
  const size = task.method === 'bulk' ? 25_000 : 100;
  for (let from = 0; from < task.ids.length; from += size) {
    const ids = task.ids.slice(from, from + size);
    if (task.method === 'records') {
      const data = ids.map((id, at) => {
        const values = valuesOf(from + at);
        return { id, ...Object.fromEntries(FIELDS.map(({ key, apiName }) => [apiName, values[key]])) };
      });
      const skip_feature_execution = [{ name: 'cadences' }];
      await ask('PUT', '/crm/v8/Accounts', { data, trigger: [], skip_feature_execution });
      continue;
    }
    const zip = await zipOf({
      module: 'Accounts',
      columns: FIELDS.map(({ apiName }) => ({ apiName, isDate: false })),
      rows: ids.map((id, at) => ({
        id,
        cells: FIELDS.map(({ key }) => String(valuesOf(from + at)[key])),
      })),
      ignoreEmpty: true,
    });
    const body = new FormData();
    body.append('file', new Blob([new Uint8Array(zip)]), 'rows.zip');
    const headers = { authorization, feature: 'bulk-write', 'x-crm-org': '20087654321' };
    const uploaded = await fetch(`${task.url}/crm/v8/upload`, { method: 'POST', headers, body });
    const { details } = (await uploaded.json()) as { details: { file_id: string } };
    const field_mappings = ['id', ...FIELDS.map(({ apiName }) => apiName)].map((api_name, index) => ({
      ...{ api_name, index, ...(api_name === 'Last_Contact' ? { format: 'yyyy-MM-dd' } : {}) },
    }));
    const resource = [
      {
        ...{ type: 'data', module: { api_name: 'Accounts' }, file_id: details.file_id, find_by: 'id' },
        field_mappings,
      },
    ];
    const job = await ask('POST', '/crm/bulk/v8/write', {
      operation: 'update',
      ignore_empty: true,
      resource,
    });
    const { id } = job.details as { id: string };
    for (;;) {
      await sleep(200);
      waitedMs += 200;
      const state = await ask('GET', `/crm/bulk/v8/write/${id}`);
      if (state.status !== 'COMPLETED') continue;
      const { download_url } = state.result as { download_url: string };
      await (await fetch(`${task.url}${download_url}`, { headers: { authorization } })).arrayBuffer();
      break;
    }
  }
  return { seconds: (performance.now() - startedAt) / 1_000, waitedSeconds: waitedMs / 1_000 };
}
