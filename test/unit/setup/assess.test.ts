import { describe, expect, test } from 'vitest';
import type { ModuleName } from '../../../src/domain.ts';
import { channelAccess, fieldRoom, hiddenThings } from '../../../src/setup/assess-access.ts';
import { estimateCredits } from '../../../src/setup/assess-credits.ts';
import { duplicateAccounts } from '../../../src/setup/assess-duplicates.ts';
import { missingInputs } from '../../../src/setup/assess-missing.ts';
import { dealFactsOf, matchedShares, shareOf, wonPredicates } from '../../../src/setup/assess-money.ts';
import { peopleOf } from '../../../src/setup/assess-people.ts';
import { dealNames } from '../../../src/setup/deal-names.ts';
import type { FieldMeta, ModuleMeta } from '../../../src/zoho/metadata.ts';
import { DEFAULT_PRICES } from '../../../src/zoho/prices.ts';
import { aMapping } from '../../support/mapping.ts';

const FIELDS = dealNames(aMapping(), new Set());
const STAGES = [
  { pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' },
  { pipeline: 'Key', stage: 'Closed Won', outcome: 'won' },
  { pipeline: 'Standard', stage: 'Done', outcome: 'open' },
  { pipeline: 'Key', stage: 'Done', outcome: 'won' },
  { pipeline: 'Key', stage: "Won't buy", outcome: 'lost' },
] as const;

describe('won deals', () => {
  test('a stage is won by its outcome, not by its name, and only in the pipelines that say so', () => {
    expect(wonPredicates(STAGES, FIELDS)).toEqual([
      "Stage in ('Closed Won')",
      "(Stage = 'Done' and Pipeline in ('Key'))",
    ]);
  });

  test('more stages than COQL takes in one list become several queries', () => {
    const stages = Array.from({ length: 120 }, (_, index) => {
      return { pipeline: 'P', stage: `Won ${index}`, outcome: 'won' } as const;
    });

    expect(wonPredicates(stages, FIELDS).map((predicate) => predicate.split(',').length)).toEqual([
      50, 50, 20,
    ]);
  });

  test('listed deals are judged like queried ones', () => {
    const deal = (row: Record<string, unknown>) => ({ id: '1', Amount: 10, Pipeline: 'Standard', ...row });
    const facts = dealFactsOf(
      [
        deal({ Stage: 'Closed Won', Account_Name: { id: '7' }, Closing_Date: '2026-02-01' }),
        deal({ Stage: 'Closed Won', Currency: 'USD', Amount: 2.5, Closing_Date: '2024-05-01' }),
        deal({ Stage: 'Done', Closing_Date: null }),
        deal({ Stage: 'Done', Pipeline: 'Key', Contact_Name: { id: '8' } }),
        deal({ Stage: "Won't buy", Pipeline: 'Key' }),
      ],
      { home: 'EUR', fields: FIELDS, stages: STAGES },
    );

    expect(facts.won).toEqual([
      { currency: 'EUR', deals: 2, amount: '20.00' },
      { currency: 'USD', deals: 1, amount: '2.50' },
    ]);
    expect(facts.unmatched).toEqual([{ currency: 'USD', deals: 1, amount: '2.50' }]);
    expect(facts.span).toEqual({ first: '2024-05-01', last: '2026-02-01' });
  });

  test('the share with a customer is told by currency, and of nothing there is none', () => {
    const won = [
      { currency: 'EUR', deals: 4, amount: '300.00' },
      { currency: 'USD', deals: 1, amount: '0.00' },
    ];

    expect(matchedShares(won, [{ currency: 'EUR', deals: 1, amount: '100.00' }])).toEqual([
      { currency: 'EUR', percent: 66.7 },
      { currency: 'USD', percent: null },
    ]);
    expect([shareOf(0, 0), shareOf(0, 5), shareOf(5, 5)]).toEqual([null, 0, 100]);
  });
});

describe('duplicate accounts', () => {
  const found = (rows: [string, string | null][]) =>
    duplicateAccounts(
      rows.map(([Account_Name, Website]) => ({ id: '1', Account_Name, Website })),
      { name: 'Account_Name', website: 'Website' },
    );

  test('names that differ in case, spaces and punctuation only are the same name', () => {
    const names = ['Øst & Søn A/S', 'øst søn  a-s', 'Acme', 'ACME.', 'acme', 'Other', '', '!!'];

    expect(found(names.map((name) => [name, null]))).toMatchObject({
      names: 2,
      accounts: 5,
      examples: ['Acme (3)', 'Øst & Søn A/S (2)'],
      checked: 8,
    });
  });

  test('web sites are compared by host; pages at the large networks belong to many', () => {
    const { domains } = found([
      ['A', 'https://www.acme.test/contact?x=1'],
      ['B', 'ACME.test'],
      ['C', 'http://acme.test:8080'],
      ['D', 'https://facebook.com/d'],
      ['E', 'https://www.facebook.com/e'],
      ['F', 'none'],
      ['G', 'none'],
    ]);

    expect(domains).toEqual({ domains: 1, accounts: 3, examples: ['acme.test (3)'] });
  });
});

describe('people', () => {
  const users = [
    { id: '1', name: 'Ann', active: true, email: null, managerId: null },
    { id: '2', name: 'Bob', active: false, email: null, managerId: null },
    { id: '3', name: '', active: true, email: null, managerId: null },
  ];
  const since = new Date('2026-01-01T00:00:00Z');
  const owned = (...ids: string[]) => ids.map((id) => ({ id: `9${id}`, Owner: { id } }));

  test('owners that left are named with what they own, also those that Zoho no longer lists', () => {
    const people = peopleOf({
      users,
      accounts: owned('2', '2', '1', '4'),
      calls: null,
      meetings: null,
      since,
    });

    expect(people).toEqual({
      users: 3,
      activeUsers: 2,
      inactiveOwners: [
        { name: 'Bob', accounts: 2 },
        { name: 'user 4', accounts: 1 },
      ],
      time: null,
    });
  });

  test('a user logs time by a timed call or a meeting', () => {
    const calls = new Map([['1', 3]]);
    const meetings = new Map([
      ['1', 1],
      ['3', 9],
    ]);

    expect(peopleOf({ users, accounts: [], calls, meetings, since }).time).toEqual({
      since: '2026-01-01',
      usersLogging: 2,
      byOwner: [
        { name: 'user 3', calls: 0, meetings: 9 },
        { name: 'Ann', calls: 3, meetings: 1 },
      ],
    });
  });
});

describe('what the user may see', () => {
  const aModule = (apiName: string, viewable = true): ModuleMeta => ({
    apiName,
    apiSupported: true,
    viewable,
    creatable: true,
    editable: true,
    generatedType: 'default',
  });
  const aField = (apiName: string, custom = false) => ({ apiName, custom }) as FieldMeta; // what is asked of it here

  test('a closed module and a field that scoring needs are named', () => {
    const modules = ['Accounts', 'Contacts', 'Leads', 'Deals', 'Tasks', 'Calls', 'Events', 'Products'].map(
      (name) => aModule(name, name !== 'Calls'),
    );
    const deals = ['Amount', 'Stage', 'Account_Name'].map((name) => aField(name));

    const hidden = hiddenThings(modules, new Map([['Deals', deals]]), aMapping());

    expect(hidden.map(({ module, field }) => [module, field])).toEqual([
      ['Calls', null],
      ['Cases', null],
      ['Deals', 'Closing_Date'],
    ]);
    expect(channelAccess(modules, ['ZohoCRM.modules.ALL']).map((row) => [row.channel, row.readable])).toEqual(
      [
        ['call', false],
        ['meeting', true],
        ['task', true],
        ['case', false],
        ['note', false],
        ['email', true],
      ],
    );
  });

  test('room is told by edition and by what the org has made itself', () => {
    const made = (count: number) => Array.from({ length: count }, (_, index) => aField(`F${index}`, true));
    const fitsOf = (edition: string, used: number) =>
      fieldRoom(edition, new Map([['Accounts', made(used)]]), 'account')[0]?.fits;

    expect(fitsOf('Standard', 0)).toBe('essential');
    expect(fitsOf('Standard', 3)).toBe('part');
    expect(fitsOf('Enterprise', 3)).toBe('full');
    expect(fitsOf('Something', 3)).toBe('unknown');
    expect(fitsOf('Free', 0)).toBe('part');
  });
});

describe('missingInputs', () => {
  const all: Parameters<typeof missingInputs>[0] = {
    counts: new Map<ModuleName, number>([
      ['Deals', 12],
      ['Calls', 1],
      ['Events', 1],
      ['Cases', 4],
      ['Leads', 2],
    ]),
    costField: 'Cost',
    marginIsSet: true,
    wonDeals: 12,
    purchaseFrom: 'deals',
    sources: 3,
    lossReasons: 1,
    foreignDeals: 0,
    rateDirection: 'unknown',
    time: { since: '2026-01-01', usersLogging: 1, byOwner: [] },
  };
  const lacking = (change: Partial<typeof all>) =>
    missingInputs({ ...all, ...change }).map((text) => text.split(':')[0]);

  test('names what scoring will have to do without', () => {
    const counts = new Map<ModuleName, number>([
      ['Deals', 3],
      ['Calls', 0],
      ['Events', 0],
      ['Leads', 0],
    ]);

    expect(lacking({})).toEqual([]);
    expect(lacking({ counts, costField: null, marginIsSet: false, sources: 0, lossReasons: 0 })).toEqual([
      'no cost or profit field on Deals',
      'the margin was not chosen',
      'no calls and no meetings',
      'no leads',
      'no sources on deals or leads',
      'no reasons for loss on deals',
    ]);
    const withProducts = new Map([...all.counts, ['Products' as const, 7]]);
    expect(lacking({ counts: withProducts })).toEqual(['no lines of deals']);
    expect(lacking({ counts: withProducts, purchaseFrom: 'invoices' })).toEqual([]);
    expect(lacking({ foreignDeals: 5 })).toEqual(['no direction of exchange rates']);
    expect(lacking({ foreignDeals: 5, rateDirection: 'divide' })).toEqual([]);
    expect(lacking({ time: { since: '2026-01-01', usersLogging: 0, byOwner: [] } })).toEqual([
      'nobody logs the time of calls or meetings',
    ]);
  });

  test('claims nothing of what could not be asked', () => {
    expect(
      lacking({
        counts: new Map(),
        costField: undefined,
        wonDeals: null,
        sources: null,
        lossReasons: null,
        time: null,
      }),
    ).toEqual([]);
  });
});

describe('estimateCredits', () => {
  const org = { edition: 'Enterprise', users: 10, ceilingPercent: 30 };
  const estimate = (rows: [ModuleName, number][], customers = 0) =>
    estimateCredits({ ...org, counts: new Map(rows), customers }, DEFAULT_PRICES);
  const full = (rows: [ModuleName, number][], customers = 0) => estimate(rows, customers).fullRun;
  const nothing = full([['Deals', 0]]);

  test('a small module is priced by queries, a large one by bulk jobs of 200,000, as sync chooses', () => {
    expect(full([['Deals', 6_001]]) - nothing).toBe(3 * 3 + 1 - 1);
    expect(full([['Deals', 1_000_000]]) - nothing).toBe(5 * 52 - 1);
    expect(estimate([['Deals', 1_000_000]]).byModule).toEqual([
      { module: 'Deals', rows: 1_000_000, method: 'bulk', credits: 262 },
    ]);
  });

  test('meetings are priced by list pages of 200', () => {
    expect(full([['Events', 1_001]]) - full([['Events', 0]])).toBe(5);
  });

  test('every customer is written once: by the record API, or by bulk write where that is cheaper', () => {
    expect(full([], 1_001) - full([])).toBe(101);
    expect(estimate([], 1_001).writeBack).toEqual({ customers: 1_001, method: 'records', credits: 101 });
    expect(estimate([], 100_000).writeBack).toEqual({
      customers: 100_000,
      method: 'bulk',
      credits: 4 * 502,
    });
  });

  test('shares and days are told by edition and ceiling', () => {
    const { allowance, ceiling, fullRun, fullRunPercent, daysOfFullRun } = estimate([], 900_000);

    expect({ allowance, ceiling, fullRun }).toEqual({ allowance: 60_000, ceiling: 18_000, fullRun: 18_076 });
    expect([fullRunPercent, daysOfFullRun]).toEqual([30.1, 2]);
  });

  test('a day without changes is the price of its quiet syncs', () => {
    const modules: ModuleName[] = [
      'Accounts',
      'Contacts',
      'Leads',
      'Deals',
      'Tasks',
      'Calls',
      'Events',
      'Cases',
      'Products',
    ];

    // A quiet sync of nine modules was measured at 28 credits; what the org looks like is asked once a day.
    expect(estimate(modules.map((module) => [module, 0])).daily).toBe(24 * 28 + 13);
  });
});
