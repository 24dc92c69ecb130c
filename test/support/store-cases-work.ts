import { AT, aFieldItem, anIntent, aRefusal, aReminder, aRequest, later } from '../store/builders.ts';
import { aChannel } from './a-channel.ts';
import { byId, type CasesOf, ofService } from './store-case.ts';

/** Runs, plans, writes, notifications and jobs. */

const ID = '100';
const KEY = { module: 'Accounts', id: ID } as const;
const LEASE = 'a lease is a name, held by whoever knows it';
const drift = { code: 'schema_drift', severity: 'critical', message: 'm', params: {}, grade: 9 } as const;

export const workCases: CasesOf<
  | 'runs'
  | 'plans'
  | 'intents'
  | 'bulkWrites'
  | 'reminders'
  | 'outcomes'
  | 'digests'
  | 'refusals'
  | 'runRequests'
  | 'alerts'
  | 'alertFacts'
  | 'channels'
  | 'deliveries'
  | 'workflowHooks'
  | 'schedules'
  | 'figures'
  | 'jobs'
  | 'workers'
  | 'leases'
  | 'bulkHints'
> = {
  runs: {
    start: ({ store, mine }) => store.runs.start(mine, 'apply', {}, AT),
    finish: byId(({ store }, { run }) => store.runs.finish(run, 'failed', {}, later(1))),
    closeInterrupted: ({ store, mine }) => store.runs.closeInterrupted(mine, later(1)),
    get: byId(({ store }, { run }) => store.runs.get(run)),
    latest: ({ store, mine }) => store.runs.latest(mine, 'apply'),
    list: ({ store, mine }) => store.runs.list(mine, 50),
  },
  plans: {
    open: byId(({ store, mine }, { run }) => store.plans.open(mine, run, '2026-03-02')),
    append: byId(({ store }, { plan }) => store.plans.append(plan, [aFieldItem(ID, 'Good')])),
    close: byId(({ store }, { plan }) => store.plans.close(plan, { state: 'open', summary: {} })),
    get: byId(({ store }, { plan }) => store.plans.get(plan)),
    latest: ({ store, mine }) => store.plans.latest(mine),
    appliedCount: ({ store, mine }) => store.plans.appliedCount(mine),
    lastApplied: ({ store, mine }) => store.plans.lastApplied(mine),
    setState: byId(({ store }, { plan }) => store.plans.setState(plan, 'held')),
    list: ({ store, mine }) => store.plans.list(mine, 50),
    counts: byId(({ store }, { plan }) => store.plans.counts(plan)),
    setLeftOut: byId(({ store }, { plan }) => store.plans.setLeftOut(plan, 'all', true)),
    items: byId(({ store }, { plan }) => store.plans.items(plan, 10)),
    markDone: byId(({ store }, { plan }) => store.plans.markDone(plan, [1])),
    supersedeWaiting: ({ store, mine }) => store.plans.supersedeWaiting(mine),
  },
  intents: {
    begin: byId(({ store, mine }, { run, plan }) =>
      store.intents.begin([anIntent({ connection: mine, runId: run, planId: plan })], null),
    ),
    finish: byId(async ({ store }, { run }) => {
      const [intent] = await store.intents.ofRun(run);
      if (intent) await store.intents.finish([{ ...intent, outcome: 'failed' }]);
    }),
    keptEdits: ({ store, mine }) =>
      store.intents.keptEdits(mine, 'Accounts', [{ id: ID, ours: { value_tier: 'Top' } }]),
    unfinished: ({ store, mine }) => store.intents.unfinished(mine),
    ofRun: byId(({ store }, { run }) => store.intents.ofRun(run)),
    written: byId(({ store }, { run }) => store.intents.written(run, 10)),
    createdTasks: ({ store, mine }) => store.intents.createdTasks(mine, [ID]),
    writtenLater: ({ store, mine }) =>
      store.intents.writtenLater(mine, { afterId: 0, module: 'Accounts', ids: [ID] }),
  },
  bulkWrites: {
    announce: byId(({ store, mine: connection }, { run, plan }) =>
      store.bulkWrites.announce(
        { connection, runId: run, planId: plan, module: 'Accounts', rows: 1, begunAt: AT },
        null,
      ),
    ),
    open: ({ store, mine }) => store.bulkWrites.open(mine),
    addIntents: byId(async ({ store, mine }, { run, plan }) => {
      const [bulk] = await store.bulkWrites.open(mine);
      const intent = anIntent({ connection: mine, runId: run, planId: plan });
      await store.bulkWrites.addIntents(bulk?.id ?? 0, [intent], null);
    }),
    openRows: byId(async ({ store, mine }) => {
      const [bulk] = await store.bulkWrites.open(mine);
      for await (const rows of store.bulkWrites.openRows(bulk?.id ?? 0, 10)) if (rows.length) return rows;
    }),
    setState: byId(async ({ store, mine }) => {
      const [bulk] = await store.bulkWrites.open(mine);
      await store.bulkWrites.setState(bulk?.id ?? 0, 'done');
    }),
  },
  reminders: {
    save: ({ store, mine }) =>
      store.reminders.save(mine, [aReminder({ cvRef: `cv-contact_gap-${ID}-1`, dueDay: '2026-03-09' })]),
    all: ({ store, mine }) => store.reminders.all(mine),
    of: ({ store, mine }) => store.reminders.of(mine, [KEY]),
    createdOn: ({ store, mine }) => store.reminders.createdOn(mine, '2026-03-01'),
  },
  outcomes: {
    pending: ({ store, mine }) => store.outcomes.pending(mine),
    save: ({ store, mine }) => store.outcomes.save(mine, []),
    count: ({ store, mine }) =>
      store.outcomes.count(mine, {
        since: null,
        touchBefore: '2030-01-01',
        resultBefore: '2030-01-01',
      }),
  },
  digests: {
    save: ({ store, mine }) =>
      store.digests.save(mine, [{ until: '2026-03-08', ownerId: null, body: {} }], AT),
    latest: ({ store, mine }) => store.digests.latest(mine),
  },
  refusals: {
    save: ({ store, mine }, { run }) => store.refusals.save(mine, [aRefusal({ recordId: ID, runId: run })]),
    of: ({ store, mine }) => store.refusals.of(mine, 'Accounts', [ID]),
    ofRun: ({ store, mine }, { run }) => store.refusals.ofRun(mine, run),
    counts: ({ store, mine }) => store.refusals.counts(mine),
    remove: ({ store, mine }) =>
      store.refusals.remove(mine, [{ module: 'Accounts', recordId: ID, field: null }]),
  },
  runRequests: {
    add: ({ store, mine }, { run }) => store.runRequests.add(mine, run, [aRequest()]),
    page: ({ store, mine }, { run }) => store.runRequests.page(mine, run, { after: null, limit: 50 }),
  },
  alerts: {
    raise: ({ store, mine }) => store.alerts.raise(mine, drift, later(1)),
    open: ({ store, mine }) => store.alerts.open(mine),
    list: ({ store, mine }) => store.alerts.list(mine, 50),
    tellUntold: ({ store, mine }) => store.alerts.tellUntold(mine, later(2)),
    acknowledge: ({ store, mine }) => store.alerts.acknowledge(mine, 'schema_drift', 'me', later(2)),
    mute: ({ store, mine }) => store.alerts.mute(mine, 'schema_drift', { until: later(9), by: 'me' }),
    mutes: ({ store, mine }) => store.alerts.mutes(mine),
    close: ({ store, mine }) => store.alerts.close(mine, 'schema_drift', later(3)),
  },
  alertFacts: {
    money: ({ store, mine }) => store.alertFacts.money(mine, { billed: null, currency: 'EUR' }),
    times: ({ store, mine }) => store.alertFacts.times(mine, AT),
  },
  channels: {
    save: ({ store, mine }) =>
      store.channels.save(mine, aChannel({ connection: mine, channelId: '8', secretHash: 'new' })),
    of: ({ store, mine }) => store.channels.of(mine),
    bySecretHash: byId(({ store }) => store.channels.bySecretHash('channel of mine')),
    heard: ({ store, mine }, { channelId }) =>
      store.channels.heard([{ connection: mine, channelId, at: later(7) }]),
    addUnheard: ({ store, mine }, { channelId }) => store.channels.addUnheard(mine, channelId, 3),
    setRefused: ({ store, mine }) => store.channels.setRefused(mine, []),
    refused: ({ store, mine }) => store.channels.refused(mine),
    remove: ({ store, mine }, { channelId }) => store.channels.remove(mine, channelId),
  },
  deliveries: {
    add: ({ store, mine: connection }) =>
      store.deliveries.add([
        {
          ...{ key: 'another', connection, channelId: '8', receivedAt: AT, slow: false },
          body: { module: 'Deals', operation: 'update', ids: [ID] },
        },
      ]),
    pending: ({ store, mine }) => store.deliveries.pending(mine, 50),
    list: ({ store, mine }) => store.deliveries.list(mine, { limit: 50 }),
    get: ({ store, mine }, { delivery }) => store.deliveries.get(mine, delivery),
    begin: byId(({ store }) => store.deliveries.begin(['another'], AT)),
    markDone: byId(({ store }) => store.deliveries.markDone(['another'], AT, 'read')),
    reopen: ({ store, mine }, { delivery }) => store.deliveries.reopen(mine, delivery),
    countPending: ofService('a figure of /metrics'),
    deleteDone: ofService('retention'),
  },
  workflowHooks: {
    add: ({ store, mine: connection }) =>
      store.workflowHooks.add({
        ...{ connection, name: 'another', secretHash: 'another', headerHash: 'h', createdAt: AT },
        ...{ rotatedAt: null, heardAt: null },
      }),
    of: ({ store, mine }) => store.workflowHooks.of(mine),
    bySecretHash: byId(({ store }) => store.workflowHooks.bySecretHash('hook of mine')),
    rotate: ({ store, mine }) =>
      store.workflowHooks.rotate(mine, 'won-deals', { secretHash: 'r', headerHash: 'r', at: AT }),
    heard: ({ store, mine }) => store.workflowHooks.heard(mine, 'won-deals', later(5)),
    remove: ({ store, mine }) => store.workflowHooks.remove(mine, 'won-deals'),
  },
  schedules: {
    of: ({ store, mine }) => store.schedules.of(mine),
    upsert: byId(async ({ store, mine }) => {
      const [first] = await store.schedules.of(mine);
      if (first) await store.schedules.upsert({ ...first, enabled: false });
    }),
    moveOn: byId(async ({ store, mine }) => {
      const [first] = await store.schedules.of(mine);
      const to = { nextRunAt: later(1), lastRunAt: AT, lastDueAt: AT, missed: 0 };
      if (first) await store.schedules.moveOn(first.id, first.nextRunAt, to);
    }),
    all: ofService('the scheduler'),
    due: ofService('the scheduler'),
    ranAfter: ofService('the scheduler'),
  },
  figures: { read: ofService('figures of /metrics') },
  jobs: {
    enqueue: ({ store, mine: connection }) =>
      store.jobs.enqueue({
        ...{ connection, name: 'digest', payload: {}, singletonKey: null, runAt: later(1e12) },
      }),
    list: ({ store, mine }) => store.jobs.list({ connection: mine, limit: 50 }),
    revive: byId(({ store }, { deadJob }) => store.jobs.revive(deadJob)),
    discard: byId(({ store }, { deadJob }) => store.jobs.discard(deadJob)),
    pause: ({ store, mine }) => store.jobs.pause(mine, 'mine alone'),
    resume: ({ store, mine }) => store.jobs.resume(mine),
    claim: ofService('workers take jobs of all'),
    heartbeat: ofService('a claim is the proof'),
    complete: ofService('a claim is the proof'),
    retry: ofService('a claim is the proof'),
    bury: ofService('a claim is the proof'),
    counts: ofService('figures'),
    paused: ofService('workers ask it'),
    maintain: ofService('retention'),
  },
  workers: {
    beat: ofService('processes'),
    leave: ofService('processes'),
    alive: ofService('processes'),
    forget: ofService('processes'),
  },
  leases: {
    acquire: ofService(LEASE),
    renew: ofService(LEASE),
    release: ofService(LEASE),
    holder: ofService(LEASE),
  },
  bulkHints: {
    open: byId(({ store, mine }) => store.bulkHints.open(mine, 'secret of mine', AT)),
    arrive: byId(({ store }) => store.bulkHints.arrive('secret of mine', AT)),
    hasArrived: byId(({ store }) => store.bulkHints.hasArrived('secret of mine')),
    close: byId(({ store }) => store.bulkHints.close('secret of mine')),
    closeBefore: ({ store, mine }) => store.bulkHints.closeBefore(mine, later(1e12)),
  },
};
