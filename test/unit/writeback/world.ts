import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MappedField, OpenReminder } from '../../../src/changes.ts';
import type { Clock } from '../../../src/clock.ts';
import { loadKeys } from '../../../src/crypto.ts';
import { openDb } from '../../../src/db.ts';
import type { Connection, Day, PlanId } from '../../../src/domain.ts';
import { silentLog } from '../../../src/log.ts';
import { indexMapped } from '../../../src/plan/mapped-fields.ts';
import { planCustomer } from '../../../src/plan/plan-changes.ts';
import { customerSubject } from '../../../src/plan/reminder-subject.ts';
import type { AccountRecord, ContactRecord, DealRecord } from '../../../src/records.ts';
import type { EditRules, PlanRules } from '../../../src/rules.ts';
import type { Score } from '../../../src/scores.ts';
import { migrate } from '../../../src/store/migrate.ts';
import type { PlanItem } from '../../../src/store/plan-stores.ts';
import { createStore, type Store } from '../../../src/store/store.ts';
import { applyPlan } from '../../../src/writeback/apply-plan.ts';
import type { ApplyResult, WritebackDeps } from '../../../src/writeback/types.ts';
import { createZohoClient } from '../../../src/zoho/client.ts';
import { Governor } from '../../../src/zoho/governor.ts';
import { hostPolicy } from '../../../src/zoho/hosts.ts';
import { TokenSource } from '../../../src/zoho/tokens.ts';
import { memoryLedger } from '../../support/memory-ledger.ts';
import { planReminders } from '../../support/plan-all.ts';
import { allFields, aScore, FORMAT, OWNER, RULES } from '../plan/builders.ts';
import { FakeCrm, type Row } from './fake-crm.ts';

/** A small org in a FakeCrm, its copy in a real store, and plans made from scores the way the product makes them. */

export const TOP = '5725767000000410001';
export const GOOD = '5725767000000410002';
export const MARGINAL = '5725767000000410003';
export const PERSON = '5725767000000420009';
export const CONTACT = '5725767000000420001';
export const DEAL = '5725767000000430001';
export const NEW_OWNER = '5725767000000388002';
export const OPEN_TASK = '5725767000000500001';
export const STALE_TASK = '5725767000000500002';

class TestClock implements Clock {
  private ms = Date.parse('2026-02-10T06:00:00Z');
  now(): Date {
    return new Date(this.ms);
  }
  async sleep(ms: number): Promise<void> {
    this.ms += ms;
  }
  random(): number {
    return 0.5;
  }
}

export interface Database {
  readonly store: Store;
  close(): Promise<void>;
}
export async function openDatabase(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'writeback-'));
  const db = await openDb(`file:${join(folder, 'test.db')}`);
  await migrate(db);
  const keys = await loadKeys({ keys: null, keyFile: join(folder, 'key') });
  return {
    store: createStore(db, keys),
    close: async () => {
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface World {
  readonly crm: FakeCrm;
  readonly clock: TestClock;
  readonly connection: Connection;
  readonly deps: WritebackDeps & { readonly store: Store };
  apply(planId: PlanId, deps?: WritebackDeps): Promise<ApplyResult>;
  plan(scores: readonly Score[], asOf?: Day): Promise<PlanId>;
  close(): Promise<void>;
}

let worlds = 0;

export async function aWorld(
  store: Store,
  options: { fields?: readonly MappedField[]; refIsUnique?: boolean; onEdit?: EditRules } = {},
): Promise<World> {
  const fields = options.fields ?? allFields();
  const onEdit = options.onEdit ?? RULES.onEdit;
  const clock = new TestClock();
  const crm = new FakeCrm(() => clock.now());
  fill(crm, fields, options.refIsUnique ?? true);
  const url = await crm.start();
  const connection = await store.connections.create({
    name: `org-${++worlds}`,
    accountsUrl: url,
    apiDomain: url,
    location: 'custom',
    clientId: 'client',
    clientSecret: 'secret',
    refreshToken: 'refresh',
    accessToken: 'access',
    expiresAt: new Date('2026-02-10T12:00:00Z'),
    org: {
      id: '1',
      zgid: '1',
      name: 'Org',
      edition: 'Enterprise',
      users: 5,
      timeZone: 'Europe/Amsterdam',
      currency: 'EUR',
      multiCurrency: false,
      country: 'NL',
    },
    userId: OWNER,
    scopes: [],
    mode: 'manual',
  });
  await fillStore(store, connection, fields);
  const ledger = memoryLedger();
  const log = silentLog;
  const hosts = hostPolicy(url);
  const zoho = createZohoClient({
    tokens: new TokenSource({ store: store.tokens, hosts, clock, log }, connection.id),
    governor: new Governor(
      { ledger, clock, log },
      { connection: connection.id, ceiling: 100_000, concurrency: 5, subConcurrency: 3 },
    ),
    hosts,
    clock,
    log,
  });
  const deps = { zoho, store, clock, log, lease: null };
  return {
    crm,
    clock,
    connection,
    deps,
    plan: (scores, asOf = '2026-02-10') => makePlan(store, connection, { ...RULES, onEdit }, scores, asOf),
    apply: async (planId, given = deps) => {
      const runId = await store.runs.start(connection.id, 'apply', {}, clock.now());
      return applyPlan(given, { connection, planId, runId, onEdit });
    },
    close: () => crm.close(),
  };
}

export const SCORES: readonly Score[] = [
  aScore({ id: TOP, name: 'Alfa', tier: 'top', profit: 900_000, mainContactId: CONTACT }),
  // Its open task belongs to the former owner.
  aScore({ id: GOOD, name: 'Beta', tier: 'good', ownerId: NEW_OWNER, mainContactId: null }),
  // Spoken to: its open task is no longer needed.
  aScore({
    id: MARGINAL,
    name: 'Gamma',
    tier: 'marginal',
    contactDue: false,
    lastContact: '2026-02-09',
    contactGapDays: 1,
    contactStatus: 'on_plan',
  }),
  aScore({ key: { module: 'Contacts', id: PERSON }, name: 'Dora', tier: 'good', mainContactId: PERSON }),
];
export const REF = (id: string, episode = 1): string => `cv-contact_gap-${id}-${episode}`;

function fill(crm: FakeCrm, fields: readonly MappedField[], refIsUnique: boolean): void {
  const own = (module: string) =>
    fields
      .filter((field) => field.module === module && field.key !== 'cv_ref')
      .map(({ apiName }) => ({ api_name: apiName, data_type: 'text' }));
  crm.module('Accounts', own('Accounts'), [{ id: TOP }, { id: GOOD }, { id: MARGINAL }]);
  crm.module('Contacts', own('Contacts'), [{ id: CONTACT }, { id: PERSON }]);
  crm.module('Deals', own('Deals'), [{ id: DEAL }]);
  const hasRef = fields.some((field) => field.key === 'cv_ref');
  const task = (id: string, account: string): Row => ({
    id,
    Subject: 'An older subject',
    Status: 'Not Started',
    Priority: 'Normal',
    Owner: { id: OWNER, name: 'Someone' },
    What_Id: { id: account },
    Description: `Please call.\nA note by hand.\n\nref: ${REF(account)}`,
    Created_Time: '2026-02-01T08:00:00+00:00',
    Modified_Time: '2026-02-01T08:00:00+00:00',
    ...(hasRef ? { CV_Ref: REF(account) } : {}),
  });
  crm.module(
    'Tasks',
    [
      { api_name: 'Subject', data_type: 'text' },
      { api_name: 'Status', data_type: 'picklist' },
      { api_name: 'Priority', data_type: 'picklist' },
      { api_name: 'Owner', data_type: 'ownerlookup' },
      { api_name: 'Due_Date', data_type: 'date' },
      { api_name: 'What_Id', data_type: 'lookup' },
      { api_name: 'Who_Id', data_type: 'lookup' },
      { api_name: 'Description', data_type: 'textarea' },
      { api_name: 'Remind_At', data_type: 'ALARM' },
      { api_name: 'Created_Time', data_type: 'datetime' },
      { api_name: 'Modified_Time', data_type: 'datetime' },
      { api_name: 'id', data_type: 'bigint' },
      ...(hasRef ? [{ api_name: 'CV_Ref', data_type: 'text', unique: refIsUnique }] : []),
    ],
    [task(OPEN_TASK, GOOD), task(STALE_TASK, MARGINAL)],
  );
}

const base = (id: string) => ({
  id,
  createdAt: new Date('2024-01-01T00:00:00Z'),
  modifiedAt: new Date('2026-02-01T00:00:00Z'),
  ownerId: OWNER,
  ours: {},
});
const account = (id: string, name: string): AccountRecord => ({
  ...base(id),
  name,
  parentId: null,
  number: null,
  accountType: null,
  source: null,
  keptContactDay: null,
  inputs: {},
  domain: null,
  terms: {},
});
const contact = (id: string, name: string, accountId: string | null): ContactRecord => ({
  ...base(id),
  name,
  accountId,
  source: null,
  keptContactDay: null,
  inputs: {},
  domain: null,
  terms: {},
});
const deal: DealRecord = {
  ...base(DEAL),
  name: 'Renewal',
  accountId: TOP,
  contactId: null,
  amount: '100.00',
  cost: null,
  profit: null,
  freight: null,
  currency: null,
  exchangeRate: null,
  stage: 'Qualification',
  pipeline: 'Standard',
  closingDay: '2026-05-01',
  source: null,
  lossReason: null,
  wonSeenOn: null,
  wonAtFirstSync: false,
};

async function fillStore(
  store: Store,
  connection: Connection,
  fields: readonly MappedField[],
): Promise<void> {
  const row = <R>(record: R) => ({ record, inputHash: 'h' });
  await store.records.save(
    connection.id,
    'Accounts',
    [account(TOP, 'Alfa'), account(GOOD, 'Beta'), account(MARGINAL, 'Gamma')].map(row),
    null,
  );
  await store.records.save(
    connection.id,
    'Contacts',
    [contact(CONTACT, 'Anna', TOP), contact(PERSON, 'Dora', null)].map(row),
    null,
  );
  await store.records.save(connection.id, 'Deals', [row(deal)], null);
  await store.fieldMap.upsert(connection.id, fields);
  const reminder = (id: string, taskId: string): OpenReminder => ({
    cvRef: REF(id),
    customer: { module: 'Accounts', id },
    reason: 'contact_gap',
    episode: 1,
    taskId,
    state: 'open',
    createdOn: '2026-02-01',
    closedOn: null,
    ownerId: OWNER,
    dueDay: '2026-02-05',
    subject: 'An older subject',
    priority: 'Normal',
  });
  await store.reminders.save(connection.id, [reminder(GOOD, OPEN_TASK), reminder(MARGINAL, STALE_TASK)]);
}

async function makePlan(
  store: Store,
  connection: Connection,
  rules: PlanRules,
  scores: readonly Score[],
  asOf: Day,
): Promise<PlanId> {
  const runId = await store.runs.start(connection.id, 'plan', {}, new Date('2026-02-10T06:00:00Z'));
  const planId = await store.plans.open(connection.id, runId, asOf);
  const mapped = indexMapped(await store.fieldMap.all(connection.id));
  const known = await store.customers.known(
    connection.id,
    scores.map((score) => score.key),
  );
  const items = known.flatMap((row): PlanItem[] => {
    const score = scores.find(({ key }) => key.id === row.key.id);
    if (!score) return [];
    const openDealIds = new Set(row.deals.map((open) => open.id));
    const { changes } = planCustomer({
      score,
      known: { ...row, openCases: row.cases },
      openDealIds,
      mapped,
      rules,
      format: FORMAT,
    });
    return changes.map((change) => ({ kind: 'field', change }));
  });
  const reminders = planReminders({
    subjects: scores.map((score) => customerSubject(score)),
    gone: [],
    current: await store.reminders.all(connection.id),
    createdToday: await store.reminders.createdOn(connection.id, asOf),
    managers: new Map(),
    byEmail: new Map(),
    activeOwners: new Set([OWNER, NEW_OWNER]),
    standInOwner: null,
    asOf,
    timeZone: connection.org.timeZone,
    country: connection.org.country,
    rules,
    format: FORMAT,
  });
  items.push(...reminders.changes.map((task): PlanItem => ({ kind: 'task', task })));
  await store.plans.append(planId, items);
  await store.plans.close(planId, { state: 'open', summary: {} });
  return planId;
}

/** Items of a plan, done or not. */
export async function itemsOf(store: Store, planId: PlanId, filter: 'all' | 'pending'): Promise<PlanItem[]> {
  const items: PlanItem[] = [];
  for await (const chunk of store.plans.items(planId, 100, filter)) items.push(...chunk);
  return items;
}
