import type { MappedField } from '../../src/changes.ts';
import type { Clock } from '../../src/clock.ts';
import type { FieldKey, FieldValue, ModuleName, PlanId } from '../../src/domain.ts';
import { silentLog } from '../../src/log.ts';
import type { Allowance } from '../../src/plan/instalments.ts';
import type { EditRules } from '../../src/rules.ts';
import { DEFAULT_SCOPES } from '../../src/simulator/scopes.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { PlanItem } from '../../src/store/plan-stores.ts';
import type { Store } from '../../src/store/store.ts';
import { applyPlan } from '../../src/writeback/apply-plan.ts';
import type { ApplyResult, WritebackDeps } from '../../src/writeback/types.ts';
import { createZohoClient } from '../../src/zoho/client.ts';
import { Governor } from '../../src/zoho/governor.ts';
import { hostPolicy } from '../../src/zoho/hosts.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';
import { TokenSource } from '../../src/zoho/tokens.ts';
import { memoryLedger } from '../support/memory-ledger.ts';
import { contractOrg } from './simulator-org.ts';

/**
 * Accounts in a simulator and in a store, and plans of whatever a test wants to write. A bulk job costs 1 credit here
 * instead of 500, so that it pays from 41 rows on; a file then costs 4.
 */

export const FILE_CREDITS = 4;
const PRICES = { ...DEFAULT_PRICES, bulkWriteJob: 1 };
const SCOPES = [...DEFAULT_SCOPES, 'ZohoCRM.bulk.ALL', 'ZohoFiles.files.ALL'];
const FIELDS: readonly (Pick<MappedField, 'key' | 'label'> & { key: FieldKey; type: string })[] = [
  { key: 'next_step', label: 'Next Step', type: 'text' },
  { key: 'last_contact', label: 'Last Contact', type: 'date' },
  { key: 'profit_12_months', label: 'Profit 12 Months', type: 'currency' },
  { key: 'gold_customer', label: 'Gold Customer', type: 'boolean' },
  { key: 'contact_gap_days', label: 'Contact Gap Days', type: 'integer' },
];
const apiNameOf = (label: string) => label.replaceAll(' ', '_');

export type Values = { readonly [K in FieldKey]?: FieldValue };
export type BulkWorld = Awaited<ReturnType<typeof aBulkWorld>>;

let worlds = 0;

export async function aBulkWorld(
  store: Store,
  { accounts = 60, scopes = SCOPES }: { accounts?: number; scopes?: readonly string[] } = {},
) {
  const seed = contractOrg();
  const names = Array.from({ length: accounts }, (_, at) => `bulk-${at}`);
  const org: OrgSeed = {
    ...seed,
    customFields: {
      ...seed.customFields,
      Accounts: [
        ...(seed.customFields.Accounts ?? []),
        ...FIELDS.map(({ label, type }) => ({ label, api_name: apiNameOf(label), data_type: type })),
      ],
    },
    records: {
      ...seed.records,
      Accounts: [
        ...(seed.records.Accounts ?? []),
        ...names.map(($key) => ({ $key, Account_Name: $key, Next_Step: 'By hand' })),
      ],
    },
  };
  const simulator = await startSimulator({
    seed: org,
    scopes,
    switches: { bulkWriteStartedAfterMs: 0, bulkWriteCompletedAfterMs: 5, bulkWriteJobCredits: 1 },
  });
  const clock = simulatedClock(simulator.control);
  const { url } = simulator;
  const connection = await store.connections.create({
    name: `bulk-${++worlds}`,
    accountsUrl: url,
    apiDomain: url,
    location: 'custom',
    clientId: simulator.clientId,
    clientSecret: simulator.clientSecret,
    refreshToken: simulator.refreshToken,
    accessToken: null,
    expiresAt: null,
    org: {
      id: '1',
      zgid: '20087654321',
      name: 'Org',
      edition: 'Enterprise',
      users: 5,
      timeZone: 'Europe/Amsterdam',
      currency: 'EUR',
      multiCurrency: false,
      country: 'NL',
    },
    userId: '1',
    scopes,
    mode: 'manual',
  });
  const ids = names.map((name) => simulator.control.idOf(name));
  await store.records.save(
    connection.id,
    'Accounts',
    ids.map((id, at) => ({ record: anAccount(id, names[at] ?? ''), inputHash: 'h' })),
    null,
  );
  await store.fieldMap.upsert(
    connection.id,
    FIELDS.map(({ key, label }) => ({
      ...{ key, label, module: 'Accounts' as const, apiName: apiNameOf(label) },
      ...{ fieldId: key, state: 'created' as const },
    })),
  );
  const log = silentLog;
  const hosts = hostPolicy(url);
  const zoho = createZohoClient({
    tokens: new TokenSource({ store: store.tokens, hosts, clock, log }, connection.id),
    governor: new Governor(
      { ledger: memoryLedger(), clock, log },
      { connection: connection.id, ceiling: 100_000 },
    ),
    ...{ hosts, clock, log, prices: PRICES },
  });
  const deps: WritebackDeps = { zoho, store, clock, log, lease: null };
  const valuesAt = (id: string) => simulator.control.records('Accounts').find((row) => row.id === id) ?? {};
  return {
    ...{ simulator, store, connection, deps, clock, ids, valuesAt },
    plan: (changes: ReadonlyMap<string, Values>) => planOf(store, connection.id, changes, clock),
    apply: async (
      planId: PlanId,
      {
        deps: given = deps,
        bulk = true,
        allowance,
        onEdit = { usual: 'ours', fields: {} },
      }: { deps?: WritebackDeps; bulk?: boolean; allowance?: Allowance; onEdit?: EditRules } = {},
    ): Promise<ApplyResult> => {
      const runId = await store.runs.start(connection.id, 'apply', {}, clock.now());
      return applyPlan(given, {
        ...{ connection, planId, runId, onEdit },
        bulkTo: bulk ? { origin: url, zgid: connection.org.zgid } : null,
        ...(allowance ? { allowance } : {}),
      });
    },
    pending: async (planId: PlanId) => {
      let count = 0;
      for await (const items of store.plans.items(planId, 500, 'pending')) count += items.length;
      return count;
    },
    /** How often a job was created. */
    jobs: () => simulator.control.report().calls['POST /crm/bulk/v8/write'] ?? 0,
    close: () => simulator.close(),
  };
}

/** Waits pass at once, here and at the simulator; only its jobs need a moment. */
function simulatedClock(control: { setClock(change: { offsetMs: number }): void }): Clock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    sleep: async (ms) => {
      offsetMs += ms;
      control.setClock({ offsetMs });
      await new Promise((resolve) => setTimeout(resolve, 20));
    },
    random: () => 0.5,
  };
}

function anAccount(id: string, name: string) {
  return {
    ...{ id, name, ownerId: null, parentId: null, number: null, accountType: null, source: null },
    createdAt: new Date('2026-01-05T09:00:00Z'),
    modifiedAt: new Date('2026-01-05T09:00:00Z'),
    domain: null,
    keptContactDay: null,
    inputs: {},
    terms: {},
    ours: { next_step: 'By hand' },
  };
}

async function planOf(
  store: Store,
  connection: string,
  changes: ReadonlyMap<string, Values>,
  clock: Clock,
): Promise<PlanId> {
  const runId = await store.runs.start(connection, 'plan', {}, clock.now());
  const planId = await store.plans.open(connection, runId, '2026-02-10');
  const module: ModuleName = 'Accounts';
  const items = [...changes].flatMap(([recordId, values]) =>
    Object.entries(values).map(
      ([field, value]): PlanItem => ({
        kind: 'field',
        change: {
          ...{ module, recordId, customer: { module, id: recordId }, name: recordId },
          field: field as FieldKey, // keys of Values
          old: null,
          new: value,
          cause: 'first_value',
          reason: null,
        },
      }),
    ),
  );
  await store.plans.append(planId, items);
  await store.plans.close(planId, { state: 'open', summary: {} });
  return planId;
}
