import { minor } from '../../src/money.ts';
import type { CustomerOptions } from '../../src/store/record-stores.ts';
import {
  AT,
  aBaseline,
  aCursor,
  anAccount,
  aScore,
  aState,
  aTask,
  hashed,
  later,
} from '../store/builders.ts';
import { aFit } from '../unit/scoring/builders.ts';
import { byId, type CasesOf, ofService } from './store-case.ts';

/** Records, customers and scores. Both orgs have records of the same ids. */

const ID = '100';
const KEY = { module: 'Accounts', id: ID } as const;
const OPTIONS: CustomerOptions = { basis: 'both', excludeAccountTypes: [] };
const scored = [{ score: aScore({ id: ID }), state: aState() }];
const field = {
  ...({ key: 'value_tier', module: 'Accounts', state: 'created' } as const),
  ...{ apiName: 'Value_Tier', fieldId: '5', label: 'Value Tier' },
};
const lines = [{ documentId: ID, lines: [] }];

export const recordCases: CasesOf<
  | 'records'
  | 'comparison'
  | 'cursors'
  | 'stages'
  | 'users'
  | 'documentLines'
  | 'dealStages'
  | 'customers'
  | 'customerList'
  | 'baseValues'
  | 'savedViews'
  | 'lists'
  | 'scores'
  | 'leads'
  | 'leadScores'
  | 'baselines'
  | 'modelFits'
  | 'fieldMap'
  | 'mappingStates'
  | 'quarantine'
  | 'mails'
  | 'metadata'
  | 'imports'
  | 'notes'
  | 'overrides'
  | 'erasure'
> = {
  records: {
    save: ({ store, mine }) =>
      store.records.save(mine, 'Accounts', [hashed(anAccount({ id: ID, name: 'New' }))], aCursor()),
    touch: ({ store, mine }) => store.records.touch(mine, 'Accounts', [ID], later(1)),
    get: ({ store, mine }) => store.records.get(mine, 'Accounts', [ID]),
    count: ({ store, mine }) => store.records.count(mine, 'Accounts'),
    ids: ({ store, mine }) => store.records.ids(mine, 'Accounts'),
    hasAny: ({ store, mine }) => store.records.hasAny(mine, 'Accounts'),
    withCvRef: ({ store, mine }) => store.records.withCvRef(mine),
    setOurs: ({ store, mine }) =>
      store.records.setOurs(mine, 'Accounts', [{ id: ID, ours: { value_tier: 'Top' } }]),
    forgetOurs: ({ store, mine }) => store.records.forgetOurs(mine, 'Accounts', ['value_tier']),
    deferIndexes: ({ store, mine }) => store.records.deferIndexes(mine, 'Accounts'),
    restoreIndexes: ofService('indexes are of a table'),
    markDeleted: ({ store, mine }) => store.records.markDeleted(mine, 'Accounts', [ID], later(1)),
    markUnseenDeleted: ({ store, mine }) =>
      store.records.markUnseenDeleted(mine, 'Accounts', later(1e9), later(1e9)),
  },
  comparison: {
    meet: ({ store, mine }) =>
      store.comparison.meet(mine, 'Accounts', [{ id: ID, modifiedAt: AT }], later(2)),
    unmet: ({ store, mine }) => store.comparison.unmet(mine, 'Accounts', later(1e9)),
    children: ({ store, mine }) => store.comparison.children(mine, [ID]),
  },
  cursors: {
    set: ({ store, mine }) => store.cursors.set(mine, 'Accounts', aCursor()),
    get: ({ store, mine }) => store.cursors.get(mine, 'Accounts'),
    noteIdsChecked: ({ store, mine }) => store.cursors.noteIdsChecked(mine, 'Accounts', later(3)),
    idsCheckedAt: ({ store, mine }) => store.cursors.idsCheckedAt(mine, 'Accounts'),
    clear: ({ store, mine }) => store.cursors.clear(mine, 'Accounts'),
  },
  stages: {
    learn: ({ store, mine }) =>
      store.stages.learn(mine, [{ pipeline: 'Standard', stage: 'Closed Won', outcome: 'lost' }]),
    all: ({ store, mine }) => store.stages.all(mine),
  },
  users: {
    replace: ({ store, mine }) => store.users.replace(mine, []),
    all: ({ store, mine }) => store.users.all(mine),
    byEmail: ({ store, mine }) => store.users.byEmail(mine, ['same@firm.test']),
  },
  documentLines: {
    replace: ({ store, mine }) =>
      store.documentLines.replace(mine, 'Invoices', [{ documentId: ID, modifiedAt: AT, lines: [] }]),
    startOver: ({ store, mine }) => store.documentLines.startOver(mine, 'Invoices'),
    add: ({ store, mine }) => store.documentLines.add(mine, 'Invoices', lines),
    finish: ({ store, mine }) => store.documentLines.finish(mine, 'Invoices'),
    countPending: ({ store, mine }) => store.documentLines.countPending(mine, 'Invoices'),
    pending: ({ store, mine }) => store.documentLines.pending(mine, 'Invoices', 10),
    pendingOf: ({ store, mine }) => store.documentLines.pendingOf(mine, 'Invoices', [ID]),
  },
  dealStages: { save: ({ store, mine }) => store.dealStages.save(mine, []) },
  customers: {
    inKeyOrder: ({ store, mine }) => store.customers.inKeyOrder(mine, OPTIONS, 10),
    ranges: ({ store, mine }) => store.customers.ranges(mine, OPTIONS, 10),
    pass: ({ store, mine }) =>
      store.customers.pass(mine, OPTIONS).within({ module: 'Accounts', after: '0', upTo: null }, 10),
    byKeys: ({ store, mine }) => store.customers.byKeys(mine, OPTIONS, [KEY]),
    of: ({ store, mine }) => store.customers.of(mine, OPTIONS, 'Accounts', [ID]),
    known: ({ store, mine }) => store.customers.known(mine, [KEY]),
    unmatchedDeals: ({ store, mine }) => store.customers.unmatchedDeals(mine),
    countUnmatchedDocuments: ({ store, mine }) => store.customers.countUnmatchedDocuments(mine, ['Invoices']),
  },
  customerList: {
    page: ({ store, mine }) =>
      store.customerList.page(mine, {
        ...{ filter: {}, order: 'name', descending: false, after: null, limit: 50 },
      }),
    count: ({ store, mine }) => store.customerList.count(mine, { search: 'theirs' }),
    ofOwners: ({ store, mine }) => store.customerList.ofOwners(mine),
  },
  savedViews: {
    list: ({ store, mine }) => store.savedViews.list(mine, 'user:admin'),
    get: ({ store, mine }, { view }) => store.savedViews.get(mine, view),
    add: ({ store, mine }) =>
      store.savedViews.add(mine, { who: 'cli', name: 'n', shared: true, query: {} }, later(2)),
    change: ({ store, mine }, { view }) => store.savedViews.change(mine, view, { name: 'new' }, later(2)),
    remove: ({ store, mine }, { view }) => store.savedViews.remove(mine, view),
  },
  baseValues: {
    keep: ({ store, mine }) => store.baseValues.keep(mine, '2026-03-01', later(4)),
    latest: ({ store, mine }) => store.baseValues.latest(mine),
    before: ({ store, mine }) => store.baseValues.before(mine, '2026-03-01'),
    since: ({ store, mine }) => store.baseValues.since(mine, '2020-01-01'),
  },
  lists: {
    health: ({ store, mine }) => store.lists.health(mine),
    runs: ({ store, mine }) => store.lists.runs(mine, { after: null, limit: 50 }),
    plans: ({ store, mine }) => store.lists.plans(mine, { after: null, limit: 50 }),
    planItems: byId(({ store }, { plan }) => store.lists.planItems(plan, { after: null, limit: 50 })),
    reminders: ({ store, mine }) =>
      store.lists.reminders(mine, { states: ['open'], after: null, limit: 50, recordId: ID }),
    leads: ({ store, mine }) =>
      store.lists.leads(mine, {
        ...{ filter: {}, order: 'follow_up', descending: false, after: null, limit: 50 },
      }),
    leadSources: ({ store, mine }) => store.lists.leadSources(mine),
    tasksByOwner: byId(({ store }, { plan }) => store.lists.tasksByOwner(plan)),
    quarantine: ({ store, mine }) => store.lists.quarantine(mine, { after: null, limit: 50 }),
  },
  scores: {
    save: ({ store, mine }) => store.scores.save(mine, scored),
    async packer({ store, mine }) {
      const packer = store.scores.packer(mine);
      await packer.add(scored);
      await packer.flush();
    },
    get: ({ store, mine }) => store.scores.get(mine, ID),
    of: ({ store, mine }) => store.scores.of(mine, [ID]),
    states: ({ store, mine }) => store.scores.states(mine, [KEY]),
    inKeyOrder: ({ store, mine }) => store.scores.inKeyOrder(mine, 10),
    history: ({ store, mine }) => store.scores.history(mine, ID),
    moves: ({ store, mine }) => store.scores.moves(mine, '2020-01-01', '2030-01-01'),
    removeExcept: ({ store, mine }) => store.scores.removeExcept(mine, '2030-01-01', later(1e9)),
    remove: ({ store, mine }) => store.scores.remove(mine, [KEY]),
  },
  leads: {
    inKeyOrder: ({ store, mine }) => store.leads.inKeyOrder(mine, 10, () => true),
    unconverted: ({ store, mine }) => store.leads.unconverted(mine),
    byIds: ({ store, mine }) => store.leads.byIds(mine, ['600']),
    of: ({ store, mine }) => store.leads.of(mine, 'Leads', ['600']),
  },
  leadScores: {
    save: ({ store, mine }) => store.leadScores.save(mine, []),
    get: ({ store, mine }) => store.leadScores.get(mine, '1006'),
    inKeyOrder: ({ store, mine }) => store.leadScores.inKeyOrder(mine, 10),
    removeExcept: ({ store, mine }) => store.leadScores.removeExcept(mine, '2030-01-01', later(1e9)),
    remove: ({ store, mine }) => store.leadScores.remove(mine, ['1006']),
  },
  baselines: {
    save: ({ store, mine }) => store.baselines.save(mine, aBaseline()),
    latest: ({ store, mine }) => store.baselines.latest(mine),
    asOf: ({ store, mine }) => store.baselines.asOf(mine),
  },
  modelFits: {
    save: byId(({ store, mine }) => store.modelFits.save(mine, aFit(), { madeFor: 'x', at: AT })),
    latest: ({ store, mine }) =>
      store.modelFits.latest(mine, { asOf: '2030-01-01', after: '2020-01-01', madeFor: 'x' }),
  },
  fieldMap: {
    upsert: ({ store, mine }) => store.fieldMap.upsert(mine, [field]),
    all: ({ store, mine }) => store.fieldMap.all(mine),
    writable: ({ store, mine }) => store.fieldMap.writable(mine),
    remove: ({ store, mine }) => store.fieldMap.remove(mine, 'Accounts', ['value_tier']),
  },
  mappingStates: {
    of: ({ store, mine }) => store.mappingStates.of(mine, 'Deals'),
    paused: ({ store, mine }) => store.mappingStates.paused(mine),
    replace: ({ store, mine }) => store.mappingStates.replace(mine, 'Deals', []),
  },
  quarantine: {
    add: ({ store, mine }) =>
      store.quarantine.add(mine, [{ module: 'Deals', recordId: '1003', reason: 'odd' }], later(5)),
    ids: ({ store, mine }) => store.quarantine.ids(mine, 'Deals'),
    first: ({ store, mine }) => store.quarantine.first(mine, 10),
    count: ({ store, mine }) => store.quarantine.count(mine),
    removeUnseen: ({ store, mine }) => store.quarantine.removeUnseen(mine, 'Deals', later(1e9)),
    remove: ({ store, mine }) => store.quarantine.remove(mine, 'Deals', ['1003']),
  },
  mails: {
    save: ({ store, mine }) =>
      store.mails.save(mine, { customer: KEY, at: AT, credits: 1 }, [aTask({ id: 'm1' })]),
    reads: ({ store, mine }) => store.mails.reads(mine),
    spentSince: ({ store, mine }) => store.mails.spentSince(mine, new Date(0)),
    known: ({ store, mine }) => store.mails.known(mine, ['m1', ID]),
  },
  metadata: {
    set: ({ store, mine }) => store.metadata.set(mine, 'modules', { a: 1 }, AT),
    get: ({ store, mine }) => store.metadata.get(mine, 'modules'),
    expire: ({ store, mine }) => store.metadata.expire(mine),
  },
  imports: {
    begin: ({ store, mine }) =>
      store.imports.begin(mine, { kind: 'costs', fileHash: 'h', fileName: 'new.csv' }, AT),
    add: byId(({ store, mine }, { importId }) => store.imports.add(mine, 'costs', importId, [])),
    commit: byId(({ store, mine }, { importId }) => store.imports.commit(mine, importId, 0)),
    find: ({ store, mine }) => store.imports.find(mine, 'costs', 'same-file'),
    list: ({ store, mine }) => store.imports.list(mine, 'costs'),
    link: ({ store, mine }, { importId }) => store.imports.link(mine, importId),
    unmatched: ({ store, mine }, { importId }) => store.imports.unmatched(mine, 'costs', 'EUR', importId),
    besideDeals: ({ store, mine }, { importId }) => store.imports.besideDeals(mine, 'EUR', importId),
    filesWithPayments: ({ store, mine }) => store.imports.filesWithPayments(mine),
    repeatedDocuments: ({ store, mine }, { importId }) => store.imports.repeatedDocuments(mine, importId, 10),
    splitDocuments: byId(({ store, mine }, { importId }) => store.imports.splitDocuments(mine, importId, 10)),
    referralLinks: ({ store, mine }, { importId }) => store.imports.referralLinks(mine, importId),
    remove: ({ store, mine }, { importId }) => store.imports.remove(mine, importId),
  },
  notes: {
    addGoodwill: ({ store, mine }) =>
      store.notes.addGoodwill(mine, KEY, { day: '2026-03-01', amount: minor(1), note: null }),
    of: ({ store, mine }) => store.notes.of(mine, KEY, 50),
    addThanks: ({ store, mine }) =>
      store.notes.addThanks(mine, KEY, { day: '2026-03-01', how: 'card', note: null }),
  },
  overrides: {
    set: ({ store, mine }) =>
      store.overrides.set(
        mine,
        KEY,
        {
          ...{ phase: 'loyal', subPhase: null, setOn: '2026-03-01', until: '2026-05-01' },
          ...{ reason: 'r', by: 'b' },
        },
        AT,
      ),
    list: ({ store, mine }) => store.overrides.list(mine),
    end: ({ store, mine }) => store.overrides.end(mine, KEY, { on: '2026-03-02', by: 'b' }, AT),
  },
  erasure: {
    people: ({ store, mine }) => store.erasure.people(mine, [ID, '1001']),
    hasNamesake: ({ store, mine }) => store.erasure.hasNamesake(mine, ['Person of theirs'], new Set()),
    remember: ({ store, mine }) =>
      store.erasure.remember(mine, { records: [{ id: '77', accountId: null }], phrases: ['x'], at: AT }),
    remembered: ({ store, mine }) => store.erasure.remembered(mine),
    erase: ({ store, mine }) =>
      store.erasure.erase(mine, {
        ...{ ids: new Set([ID, '1001']), accounts: new Map(), names: ['Person'], numbers: [ID] },
        hasNamesake: false,
      }),
    certify: ({ store, mine }) => store.erasure.certify(mine, AT, { erased: 1 }),
    forgetBytes: ofService('free pages of the database'),
  },
};
