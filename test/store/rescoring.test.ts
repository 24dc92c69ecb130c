import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { addDays } from '../../src/days.ts';
import type { Connection, CustomerKey, ModuleName } from '../../src/domain.ts';
import { customerOptionsOf } from '../../src/jobs/customer-options.ts';
import { factContext, type LineDeps } from '../../src/jobs/line.ts';
import { withNewLeads } from '../../src/jobs/new-leads.ts';
import { customersOfReferrers } from '../../src/jobs/referrers.ts';
import { rescoreSome, runScoring } from '../../src/jobs/run-scoring.ts';
import { countLeads } from '../../src/jobs/score-leads.ts';
import { minor } from '../../src/money.ts';
import type {
  AccountRecord,
  ActivityRecord,
  CaseRecord,
  ContactRecord,
  DealRecord,
  LeadRecord,
  RecordByModule,
} from '../../src/records.ts';
import type { Settings } from '../../src/rules.ts';
import type { Score } from '../../src/scores.ts';
import { BaselineBuilder } from '../../src/scoring/baseline.ts';
import { factsOf } from '../../src/scoring/facts.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import { readSettings } from '../../src/settings.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import {
  AT,
  aCase,
  aContact,
  aDeal,
  aLead,
  anAccount,
  aTask,
  collect,
  connected,
  hashed,
} from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const ASOF = '2026-03-01';
const RUNS = 15;
// A counterexample is told before the time of a test is over, however much could still be taken off it.
const ATTEMPTS = { numRuns: RUNS, interruptAfterTimeLimit: 45_000, markInterruptAsFailure: true };

/** Small enough an org for tiers, cut-offs, labels and a purchase model, so that every comparison with the others counts. */
function settingsWith(chosen: {
  rollUp: 'none' | 'parent';
  inTier: boolean;
  perCase: number;
  perCall: number;
}): Settings {
  const { settings } = readSettings('test/no-such-folder', []);
  if (!settings) throw new Error('the defaults are settings');
  const { scoring } = settings;
  const { money, models } = scoring;
  const perServiceCase = minor(chosen.perCase);
  return {
    ...settings,
    scoring: {
      ...scoring,
      customer: { ...scoring.customer, rollUp: chosen.rollUp },
      contributions: { ...scoring.contributions, inTier: chosen.inTier },
      money: {
        ...money,
        unitCosts: { ...money.unitCosts, perServiceCase, perCall: minor(chosen.perCall) },
      },
      tiers: { ...scoring.tiers, minPopulation: 3 },
      cadence: { ...scoring.cadence, minGaps: 2 },
      rfm: { ...scoring.rfm, minBuyers: 3 },
      models: { ...models, minBuyers: 2, minRepeaters: 1, minRepeats: 1, minHistoryDays: 1 },
    },
  };
}

const ACCOUNTS = Array.from({ length: 10 }, (_, at) => String(1_001 + at));
const DEALS = Array.from({ length: 30 }, (_, at) => String(3_001 + at));
const CALLS = Array.from({ length: 12 }, (_, at) => String(5_001 + at));
const CONTACTS = Array.from({ length: 5 }, (_, at) => String(2_001 + at));
const LEADS = Array.from({ length: 6 }, (_, at) => String(6_001 + at));
const CASES = Array.from({ length: 4 }, (_, at) => String(7_001 + at));
const accountId = fc.constantFrom(...ACCOUNTS);
const ago = fc.integer({ min: 0, max: 900 });
const instant = (days: number) => new Date(AT.getTime() - days * 86_400_000);

const accountOf = (id: string): fc.Arbitrary<AccountRecord> =>
  fc
    .record({
      parentId: fc.option(accountId, { freq: 3, nil: null }),
      accountType: fc.constantFrom(null, 'Customer'),
      referredBy: fc.option(accountId, { nil: null }),
    })
    .map(({ referredBy, ...rest }) =>
      anAccount({ id, ...rest, inputs: referredBy === null ? {} : { referredBy } }),
    );
const source = fc.constantFrom(null, 'Web', 'Trade show');
const contactOf = (id: string): fc.Arbitrary<ContactRecord> =>
  fc.record({ accountId, source }).map((rest) => aContact({ id, ...rest }));
const leadOf = (id: string): fc.Arbitrary<LeadRecord> =>
  fc
    .record({
      convertedAccountId: fc.option(accountId, { nil: null }),
      convertedContactId: fc.constantFrom(null, ...CONTACTS),
      convertedDealId: fc.constantFrom(null, ...DEALS),
      source,
      days: ago,
      // Every account is an Acme: an open lead of that company may stand for those that were lost.
      converted: fc.boolean(),
      company: fc.constantFrom(null, 'ACME Inc.'),
    })
    .map(({ days, converted, ...rest }) => {
      const createdAt = instant(days);
      return aLead({ id, ...rest, converted, createdAt, convertedAt: converted ? createdAt : null });
    });
const dealOf = (id: string): fc.Arbitrary<DealRecord> =>
  fc
    .record({
      accountId,
      days: ago,
      cents: fc.integer({ min: -5_000, max: 90_000 }),
      stage: fc.constantFrom('Closed Won', 'Closed Won', 'Closed Won', 'Closed Lost', 'Qualification'),
    })
    .map(({ days, cents, ...rest }) =>
      aDeal({
        ...rest,
        id,
        amount: (cents / 100).toFixed(2),
        cost: (cents / 250).toFixed(2),
        closingDay: addDays(ASOF, -days),
        createdAt: instant(days),
        wonAtFirstSync: true,
      }),
    );
const callOf = (id: string): fc.Arbitrary<ActivityRecord> =>
  fc.record({ whatId: fc.constantFrom(...ACCOUNTS, ...DEALS), days: ago }).map(({ whatId, days }) =>
    aTask({
      id,
      module: 'Calls',
      callType: 'Outbound',
      whatId,
      startAt: instant(days),
      durationSeconds: 90,
      dueDay: null,
    }),
  );
const caseOf = (id: string): fc.Arbitrary<CaseRecord> =>
  fc
    .record({ accountId, priority: fc.constantFrom('High', 'Low'), days: ago })
    .map(({ days, ...rest }) => aCase({ id, ...rest, createdAt: instant(days) }));

const anyOrg = fc.record({
  Accounts: fc.tuple(...ACCOUNTS.map(accountOf)),
  Deals: fc.tuple(...DEALS.map(dealOf)),
  Contacts: fc.tuple(...CONTACTS.map(contactOf)),
  Leads: fc.tuple(...LEADS.map(leadOf)),
  Calls: fc.tuple(...CALLS.map(callOf)),
  Cases: fc.tuple(...CASES.map(caseOf)),
});
/** A record that appears or becomes another one; a null is one that is deleted. */
const anyChange = fc.oneof(
  fc.record({ module: fc.constant('Accounts' as const), record: accountId.chain(accountOf) }),
  fc.record({
    module: fc.constant('Deals' as const),
    record: fc.constantFrom(...DEALS, '3999').chain(dealOf),
  }),
  fc.record({
    module: fc.constant('Calls' as const),
    record: fc.constantFrom(...CALLS, '5999').chain(callOf),
  }),
  fc.record({
    module: fc.constant('Cases' as const),
    record: fc.constantFrom(...CASES, '7999').chain(caseOf),
  }),
  fc.record({ module: fc.constant('Deals' as const), deleted: fc.constantFrom(...DEALS) }),
);
type Change = typeof anyChange extends fc.Arbitrary<infer C> ? C : never;

const anySettings = fc
  .record({
    rollUp: fc.constantFrom('none' as const, 'parent' as const),
    inTier: fc.boolean(),
    perCase: fc.constantFrom(0, 0, 3_000),
    perCall: fc.constantFrom(0, 0, 200),
  })
  .map(settingsWith);

function save<M extends keyof RecordByModule>(
  store: Store,
  connection: string,
  module: M,
  records: readonly RecordByModule[M][],
) {
  return store.records.save(connection, module, records.map(hashed), null);
}

describeOnBoth('customers rescored', (database) => {
  let orgs = 0;
  async function scoredOrg(
    store: Store,
    org: typeof anyOrg extends fc.Arbitrary<infer O> ? O : never,
    settings: Settings,
  ) {
    orgs += 1;
    const id = await connected(store, { name: `org ${orgs}` });
    await store.stages.learn(id, [
      { pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' },
      { pipeline: 'Standard', stage: 'Closed Lost', outcome: 'lost' },
      { pipeline: 'Standard', stage: 'Qualification', outcome: 'open' },
    ]);
    await save(store, id, 'Accounts', org.Accounts);
    await save(store, id, 'Deals', org.Deals);
    await save(store, id, 'Contacts', org.Contacts);
    await save(store, id, 'Leads', org.Leads);
    await save(store, id, 'Calls', org.Calls);
    await save(store, id, 'Cases', org.Cases);
    const connection = (await store.connections.byId(id)) as Connection; // just made
    const unused = () => {
      throw new Error('Zoho is not to be asked');
    };
    const deps: LineDeps = {
      store,
      zohoFor: unused,
      creditsLeft: unused,
      clock: { now: () => AT, random: () => 0, sleep: async () => undefined },
      log: pino({ level: 'silent' }),
      settings,
      holder: 'test',
      isHolderGone: () => false,
    };
    await runScoring(deps, { connection, asOf: ASOF });
    const baseline = await store.baselines.latest(id);
    if (!baseline) throw new Error('a full scoring saves its baseline');
    const context = await withNewLeads(deps, connection, await factContext(deps, connection));
    return { connection, deps, baseline, context };
  }

  async function apply(store: Store, connection: string, change: Change): Promise<ModuleName> {
    if ('deleted' in change) await store.records.markDeleted(connection, change.module, [change.deleted], AT);
    // The module says which record it is.
    else await save(store, connection, change.module, [change.record] as RecordByModule['Deals'][]);
    return change.module;
  }

  test('one changed record, its customers rescored: everybody stands as a full scoring with that baseline has it', async () => {
    const store = createStore(await database.open(), keys);

    await fc.assert(
      fc.asyncProperty(anyOrg, anySettings, anyChange, async (org, settings, change) => {
        const { connection, deps, baseline, context } = await scoredOrg(store, org, settings);
        const options = await customerOptionsOf(deps, connection.id);
        const changedId = 'deleted' in change ? change.deleted : change.record.id;
        const customersOf = () => store.customers.of(connection.id, options, change.module, [changedId]);
        const before = await customersOf();
        const everybody = ACCOUNTS.map((id) => ({ module: 'Accounts', id }) as const);
        const states = await store.scores.states(connection.id, everybody);
        await apply(store, connection.id, change);
        const touched = new Map<string, CustomerKey>();
        for (const key of [...before, ...(await customersOf())]) touched.set(key.id, key);

        await rescoreSome(deps, { connection, asOf: ASOF, keys: [...touched.values()], leads: [] });

        const expected: Score[] = [];
        for await (const rows of store.customers.inKeyOrder(connection.id, options, 4)) {
          for (const row of rows) {
            const facts = factsOf(row, context, ASOF);
            const state = states.get(row.key.id) ?? null;
            expected.push(scoreCustomer(facts, state, baseline, context.rules, ASOF).score);
          }
        }
        const stored = await collect(store.scores.inKeyOrder(connection.id, 3));
        expect(stored).toEqual(expected);
        expect(await store.baselines.latest(connection.id)).toEqual(baseline);
        await store.connections.remove(connection.id);
      }),
      ATTEMPTS,
    );
  });

  test('the cut-offs are those of everything that is known of everybody, whatever the rules let be passed over', async () => {
    const store = createStore(await database.open(), keys);

    await fc.assert(
      fc.asyncProperty(anyOrg, anySettings, async (org, settings) => {
        const { connection, deps, baseline, context } = await scoredOrg(store, org, settings);

        const builder = new BaselineBuilder(context.rules, ASOF);
        const options = await customerOptionsOf(deps, connection.id);
        for await (const rows of store.customers.inKeyOrder(connection.id, options, 100)) {
          for (const row of rows) builder.add(factsOf(row, context, ASOF));
        }
        await countLeads(deps, connection, builder, context);
        const whole = builder.finish(await customersOfReferrers(deps, connection, builder.referrers()));

        expect({ ...baseline, fit: null }).toEqual(whole);
        await store.connections.remove(connection.id);
      }),
      ATTEMPTS,
    );
  });
});
