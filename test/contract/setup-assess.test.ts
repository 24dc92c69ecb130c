import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/domain.ts';
import { generatedOrg } from '../../src/sample/generator.ts';
import { assessOrg } from '../../src/setup/assess.ts';
import { runDoctor } from '../../src/setup/doctor.ts';
import { applyFields } from '../../src/setup/fields.ts';
import { aMapping } from '../support/mapping.ts';
import { aWorld, type World } from './setup-world.ts';

const seed = generatedOrg({ customers: 400, today: '2026-11-24' });
const deals = seed.records.Deals ?? [];
const mapping = aMapping({ deals: { cost: ['Cost'], profit: null } });
const settings = {
  basis: 'both',
  rateDirection: 'unknown',
  defaultMarginPercent: 30,
  marginIsSet: false,
  mapping,
  creditCeilingPercent: 30,
  moneyCodes: [],
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

    const report = await assessOrg({ ...world.deps, mapping }, connection);

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
    expect(report.missing).toEqual([]);
  });

  test('looking changes nothing', async () => {
    world.simulator.control.resetReport();

    await assessOrg({ ...world.deps, mapping }, connection);

    expect(world.simulator.control.report()).toMatchObject({ writes: {}, created: {} });
    expect(world.simulator.control.report().credits).toBeLessThan(40);
  });

  test('a part that Zoho refuses is named and the others go on', async () => {
    world.simulator.control.addFaults({ kind: 'server-error', match: { path: '/settings/pipeline' } });

    const report = await assessOrg({ ...world.deps, mapping }, connection);
    world.simulator.control.clearFaults();

    expect(report.unmatched).toBeNull();
    expect(report.problems).toHaveLength(1);
    expect(report.deals?.first).not.toBeNull();
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
    expect(byId(report, 'currency')?.message).toMatch(/divide: [\d.]+ EUR or multiply: [\d.]+ EUR/);
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
