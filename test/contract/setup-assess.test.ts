import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/domain.ts';
import { generatedOrg } from '../../src/sample/generator.ts';
import { type Assessment, assessOrg } from '../../src/setup/assess.ts';
import { assessPage } from '../../src/setup/assess-page.ts';
import { runDoctor } from '../../src/setup/doctor.ts';
import { applyFields } from '../../src/setup/fields.ts';
import { REQUIRED_SCOPES } from '../../src/zoho/oauth.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

const seed = generatedOrg({ customers: 400, today: '2026-11-24' });
const deals = seed.records.Deals ?? [];
const mapping = aMapping({ deals: { cost: ['Cost'], profit: null } });
const settings = {
  basis: 'both',
  rateDirection: 'unknown',
  defaultMarginPercent: 30,
  marginIsSet: false,
  purchaseFrom: 'deals',
  mapping,
  creditCeilingPercent: 30,
  moneyCodes: [],
  playbook: [],
  stageHistory: 'auto',
} as const;

let world: World;
let connection: Connection;
beforeAll(async () => {
  world = await aWorld({ seed });
  connection = await world.connected();
});
afterAll(() => world.close());

describe('assessOrg', () => {
  test('counts, money without customer, dates and duplicates are those of the org', async () => {
    const won = deals.filter((row) => row.Stage === 'Closed Won' || row.Stage === 'Agreement Signed');
    const orphans = won.filter((row) => row.Account_Name === undefined && row.Contact_Name === undefined);
    const days = deals.map((row) => String(row.Closing_Date)).sort();
    const cents = new Map<string, number>();
    for (const row of orphans) {
      const currency = String(row.Currency);
      cents.set(currency, (cents.get(currency) ?? 0) + Math.round(Number(row.Amount ?? 0) * 100));
    }

    const names = (seed.records.Accounts ?? []).map((row) => String(row.Account_Name));
    const doubled = [...new Set(names)].filter((name) => names.filter((other) => other === name).length > 1);

    const report = await assessOrg({ ...world.deps, settings }, connection);

    expect(Object.keys(report)[0]).toBe('unmatched');
    expect(report.problems).toEqual([]);
    expect(report.unmatched).toMatchObject({ deals: orphans.length, ofWonDeals: won.length });
    expect(orphans.length).toBeGreaterThan(0);
    expect(
      report.unmatched?.byCurrency
        .map(({ currency, amount }) => [currency, Math.round(Number(amount) * 100)])
        .sort(),
    ).toEqual([...cents].sort());
    expect(report.deals).toEqual({ first: days[0], last: days.at(-1) });
    expect(report.modules.find(({ module }) => module === 'Deals')?.records).toBe(deals.length);
    expect(report.modules.find(({ module }) => module === 'Leads')?.records).toBe(seed.records.Leads?.length);
    expect(report.currencies?.map(({ currency }) => currency).sort()).toEqual(['EUR', 'PLN', 'USD']);
    expect(report.duplicates).toMatchObject({ names: doubled.length, checked: 400 });
    expect(doubled.length).toBeGreaterThan(0);
    expect(report.matched?.dealsPercent).toBe(
      Math.round((1_000 * (won.length - orphans.length)) / won.length) / 10,
    );
    expect(report.missing.map((text) => text.split(':')[0])).toEqual([
      'no lines of deals',
      'the margin was not chosen',
      'no direction of exchange rates',
    ]);
    expect(report.currencyExample).toMatchObject({ currency: expect.stringMatching(/PLN|USD/) });
    expect(report.credits.byModule.find(({ module }) => module === 'Deals')).toMatchObject({
      rows: deals.length,
      method: 'coql',
    });
  });

  test('people are those of the org: who left and still owns accounts, who logs time', async () => {
    const now = world.deps.clock.now().getTime();
    const recent = (at: unknown) => Date.parse(String(at)) >= now - 90 * 86_400_000;
    const ownerOf = (row: Record<string, unknown>) => (row.Owner as { id: string }).id; // rows as the API shows them
    const calls = world.simulator.control
      .records('Calls')
      .filter((row) => recent(row.Call_Start_Time) && Number(row.Call_Duration_in_seconds) > 0);
    const meetings = world.simulator.control
      .records('Events')
      .filter((row) => recent(row.Start_DateTime) && Date.parse(String(row.End_DateTime)) <= now);
    const owners = world.simulator.control.records('Accounts').map(ownerOf);

    const { people } = await assessOrg({ ...world.deps, settings }, connection);

    const sum = (of: 'calls' | 'meetings') => people?.time?.byOwner.reduce((n, row) => n + row[of], 0);
    expect(calls.length).toBeGreaterThan(0);
    expect(sum('calls')).toBe(calls.length);
    expect(sum('meetings')).toBe(meetings.length);
    expect(people?.time?.usersLogging).toBe(new Set([...calls, ...meetings].map(ownerOf)).size);
    expect(people?.inactiveOwners).toHaveLength(1);
    const left = people?.inactiveOwners[0]?.accounts ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(owners.length / 4);
  });

  test('imported money that no customer explains is told too', async () => {
    const { imports } = world.deps.store;
    const file = { kind: 'costs', fileHash: 'hash', fileName: 'costs.csv' } as const;
    const line = { day: '2026-01-01', accountId: null, contactId: null, accountNumber: '999' };
    const cost = { kind: 'freight', minutes: null, note: null, currency: null, rate: null };
    const id = await imports.begin(connection.id, file, new Date('2026-01-02'));
    await imports.add(connection.id, 'costs', id, [
      { ...line, ...cost, line: 2, amount: '12.50' },
      { ...line, ...cost, line: 3, amount: '0.25' },
    ]);
    await imports.commit(connection.id, id, 2);

    const report = await assessOrg({ ...world.deps, settings }, connection);

    expect(report.unmatchedImports).toEqual({
      purchases: [],
      costs: [{ currency: connection.org.currency, lines: 2, amount: '12.75' }],
    });
  });

  test('looking changes nothing', async () => {
    world.simulator.control.resetReport();

    const { spent } = await assessOrg({ ...world.deps, settings }, connection);

    const { writes, created, calls, credits, totalCalls } = world.simulator.control.report();
    expect({ writes, created }).toEqual({ writes: {}, created: {} });
    expect(Object.keys(calls).filter((call) => !/^GET |^POST \/crm\/v8\/coql$/.test(call))).toEqual([]);
    expect(spent).toEqual({ calls: totalCalls, credits });
    expect(credits).toBeLessThan(50);
  });

  test('a part that Zoho refuses is named and the others go on', async () => {
    world.simulator.control.addFaults({ kind: 'server-error', match: { path: '/settings/pipeline' } });

    const report = await assessOrg({ ...world.deps, settings }, connection);
    world.simulator.control.clearFaults();

    expect(report.unmatched).toBeNull();
    expect(report.problems).toHaveLength(1);
    expect(report.matched).toBeNull();
    expect(report.deals?.first).toMatch(/^20/);
    expect(report.currencies?.length).toBe(3);
  });

  test('where queries are refused the list tells the same', async () => {
    const scopes = REQUIRED_SCOPES.map(({ scope }) => scope).filter((scope) => !scope.includes('coql'));
    const without = await aWorld({ seed, scopes });
    const byList = await assessOrg({ ...without.deps, settings }, await without.connected());
    const byQuery = await assessOrg({ ...world.deps, settings }, connection);
    await without.close();

    const told = ({
      unmatched,
      matched,
      won,
      deals: span,
      currencies,
      duplicates,
      modules,
      people,
    }: Assessment) => ({
      unmatched,
      matched,
      won,
      span,
      currencies: currencies?.toSorted((a, b) => a.currency.localeCompare(b.currency)),
      duplicates: [duplicates?.names, duplicates?.accounts, duplicates?.emails],
      records: modules.filter(({ module }) => module !== 'Leads'),
      logging: people?.time?.usersLogging,
    });
    expect(byList.problems).toEqual([]);
    expect(told(byList)).toEqual(told(byQuery));
  });

  test('invoices without an account are told by their money', async () => {
    const alone = await aWorld({ seed: aSeed({ salesModules: ['Invoices'] }) });
    const linked = await alone.connected();
    const { control } = alone.simulator;
    const [account, gone] = control.writeRecords('Accounts', [
      { Account_Name: 'Acme' },
      { Account_Name: 'Gone' },
    ]).ids;
    control.writeRecords('Invoices', [
      { Subject: 'First', Sub_Total: 75.5, Account_Name: { id: account } },
      { Subject: 'Second', Sub_Total: 24.5, Account_Name: { id: gone } },
      { Subject: 'Third', Sub_Total: 100, Account_Name: { id: account } },
    ]);
    control.deleteRecords('Accounts', [gone ?? '']);

    const { invoices, problems } = await assessOrg({ ...alone.deps, settings }, linked);
    await alone.close();

    expect(problems).toEqual([]);
    expect(invoices).toEqual({
      invoices: 3,
      withoutAccount: 1,
      byCurrency: [{ currency: 'EUR', deals: 3, amount: '200.00' }],
      unmatched: [{ currency: 'EUR', deals: 1, amount: '24.50' }],
      matchedPercent: 66.7,
    });
  });

  test('an org with nothing in it, without some modules, is told so without a problem', async () => {
    const empty = await aWorld();
    const linked = await empty.connected();
    empty.simulator.control.changeModule('Cases', { hidden: true });
    empty.simulator.control.changeModule('Products', { hidden: true });

    const report = await assessOrg({ ...empty.deps, settings }, linked);
    const page = assessPage(report, 'EUR');
    await empty.close();

    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({
      unmatched: { deals: 0, ofWonDeals: 0, byCurrency: [] },
      matched: { dealsPercent: null, byCurrency: [] },
      deals: { first: null, last: null },
      currencies: [],
      currencyExample: null,
    });
    expect(report.hidden.map(({ module }) => module)).toEqual(expect.arrayContaining(['Cases', 'Products']));
    expect(report.missing[0]).toContain('no won deals');
    expect(page[0]?.lines[0]).toBe('Money that no customer explains: none (0 of 0 won deals)');
  });
});

describe('runDoctor', () => {
  const deps = () => ({ ...world.deps, settings, publicUrl: null });
  const byId = (report: Awaited<ReturnType<typeof runDoctor>>, id: string) =>
    report.checks.find((check) => check.id === id);

  test('without a connection it says how to make one', async () => {
    const report = await runDoctor(deps(), null);

    expect(report.ok).toBe(true);
    expect(byId(report, 'connection')?.repair).toContain('zcv connect');
  });

  test('before the first fields it warns of what lacks and shows a foreign deal both ways', async () => {
    const report = await runDoctor(deps(), connection);

    expect(report.ok).toBe(true);
    expect(byId(report, 'clock')?.status).toBe('ok');
    expect(byId(report, 'scopes')?.status).toBe('ok');
    expect(byId(report, 'fields')).toMatchObject({ status: 'warn', repair: 'zcv fields apply --yes' });
    expect(byId(report, 'costs')).toMatchObject({ status: 'ok', message: expect.stringContaining('Cost') });
    expect(byId(report, 'margin')?.status).toBe('warn');
    expect(byId(report, 'currency')?.message).toMatch(/divide: [\d.,]+ EUR or multiply: [\d.,]+ EUR/);
    expect(report.checks.filter(({ id }) => id.startsWith('module.'))).toHaveLength(9);
  });

  test('a cost field that was chosen and does not exist fails by name', async () => {
    const wrong = { ...settings, mapping: aMapping({ deals: { cost: 'Kosten', profit: null } }) };

    const report = await runDoctor({ ...deps(), settings: wrong }, connection);

    expect(report.ok).toBe(false);
    expect(byId(report, 'costs')?.message).toContain('Kosten');
  });

  test('a mapped field that somebody deleted is named', async () => {
    const fieldDeps = { ...world.deps, basis: 'account', language: 'en' } as const;
    await applyFields(fieldDeps, { connection, sets: ['essential'], max: null });
    const mapped = await world.deps.store.fieldMap.all(connection.id);
    const lost = mapped.find(({ key }) => key === 'next_step');
    const healthy = await runDoctor({ ...deps(), settings: { ...settings, basis: 'account' } }, connection);
    const zoho = await world.deps.zohoFor(connection);
    const path = `/crm/v8/settings/fields/${lost?.fieldId}`;
    await zoho.request({ method: 'DELETE', path, query: { module: 'Accounts' }, credits: 1 });

    const report = await runDoctor(deps(), connection);

    expect(byId(healthy, 'fields')?.status).toBe('ok');
    expect(byId(report, 'fields')).toMatchObject({ status: 'fail', repair: 'zcv fields apply --yes' });
    expect(byId(report, 'fields')?.message).toContain('Next Step');
  });

  test('a revoked grant fails with the way to reconnect, and the rest is not checked', async () => {
    const alone = await aWorld();
    const lost = await alone.connected();
    alone.simulator.control.expireAccessTokens();
    alone.simulator.control.revoke();

    const report = await runDoctor({ ...alone.deps, settings, publicUrl: null }, lost);
    await alone.close();

    expect(report.ok).toBe(false);
    expect(byId(report, 'token')).toMatchObject({
      status: 'fail',
      repair: expect.stringContaining('zcv connect'),
    });
    expect(byId(report, 'modules')?.message).toContain('Not checked');
  });
});
