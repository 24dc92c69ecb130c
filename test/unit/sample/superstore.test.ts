import { describe, expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../../src/sample/superstore.ts';
import type { OrgSeed, SeedRow } from '../../../src/simulator/seed.ts';

const TODAY = '2026-11-24';
const org = superstoreOrg({ today: TODAY });

function rows(module: string, of: OrgSeed = org): readonly SeedRow[] {
  return of.records[module] ?? [];
}
function wonStages(of: OrgSeed): Set<string> {
  const stages = of.pipelines.flatMap((pipeline) => pipeline.stages);
  return new Set(stages.filter((stage) => stage.forecast_type === 'Closed Won').map((stage) => stage.actual));
}
/** Cents of a two-decimal amount; anything finer would be a defect of the sample. */
function cents(value: unknown): number {
  const scaled = Number(value) * 100;
  expect(Math.abs(scaled - Math.round(scaled))).toBeLessThan(1e-6);
  return Math.round(scaled);
}
function sum(list: readonly SeedRow[], field: string): number {
  return list.reduce((total, row) => total + cents(row[field]), 0);
}
function refOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && '$ref' in value ? String(value.$ref) : null;
}

describe('superstoreOrg', () => {
  test('its won deals add up to the published totals, to the cent', () => {
    const won = rows('Deals').filter((row) => wonStages(org).has(String(row.Stage)));

    expect(won).toHaveLength(5009);
    expect(sum(won, 'Amount')).toBe(229_720_113);
    expect(sum(won, 'Amount') - sum(won, 'Cost')).toBe(28_639_731);
  });

  test('it has one account and one contact a customer, and one line a line of the set', () => {
    expect(rows('Accounts')).toHaveLength(793);
    expect(rows('Contacts')).toHaveLength(793);
    expect(new Set(rows('Contacts').map((row) => refOf(row.Account_Name))).size).toBe(793);
    expect(rows('Deal_Lines')).toHaveLength(9994);
  });

  test('the last order is yesterday and all orders moved by the same whole days', () => {
    const days = rows('Deals')
      .filter((row) => String(row.Deal_Name).startsWith('Order '))
      .map((row) => String(row.Closing_Date))
      .sort();

    expect(days.at(-1)).toBe('2026-11-23');
    // 2014-01-03 to 2017-12-30 are 1,457 days.
    expect(Date.parse(days.at(-1) ?? '') - Date.parse(days[0] ?? '')).toBe(1457 * 86_400_000);
  });

  test('a deal was created on its order day in the zone of the org', () => {
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: SUPERSTORE_TIME_ZONE });

    for (const row of rows('Deals').filter((deal) => String(deal.Deal_Name).startsWith('Order '))) {
      expect(day.format(new Date(String(row.Created_Time)))).toBe(row.Closing_Date);
    }
  });

  test('nothing but appointments, due days and closing days of open deals lies in the future', () => {
    const start = Date.parse(`${TODAY}T00:00:00Z`);

    for (const [module, list] of Object.entries(org.records)) {
      for (const row of list) {
        expect(Date.parse(String(row.Created_Time)), `${module} ${row.$key}`).toBeLessThan(start);
        expect(Date.parse(String(row.Modified_Time)), `${module} ${row.$key}`).toBeLessThan(start);
        expect(String(row.Modified_Time) >= String(row.Created_Time), `${module} ${row.$key}`).toBe(true);
      }
    }
  });

  test('keys are unique and every reference has its record', () => {
    const keys = Object.values(org.records).flatMap((list) => list.map((row) => row.$key));
    const known = new Set(keys);
    const users = new Set(org.users.map((user) => user.key));

    const values = Object.values(org.records)
      .flat()
      .flatMap((row) => Object.values(row));
    const owners = values.flatMap((value) =>
      typeof value === 'object' && value !== null && '$user' in value ? [value.$user] : [],
    );

    expect(known.size).toBe(keys.length);
    expect(values.map(refOf).filter((ref) => ref !== null && !known.has(ref))).toEqual([]);
    expect(owners.filter((owner) => !users.has(String(owner)))).toEqual([]);
  });

  test('everything that Superstore does not hold is marked as generated', () => {
    const invented = [
      ...['Leads', 'Calls', 'Events', 'Tasks', 'Cases'].flatMap((module) => rows(module)),
      ...rows('Deals').filter((row) => !String(row.Deal_Name).startsWith('Order ')),
      ...rows('Accounts').filter((row) => row.Referred_By !== undefined),
    ];

    expect(invented.length).toBeGreaterThan(3000);
    expect(invented.filter((row) => !String(row.Description).startsWith('Generated sample data'))).toEqual(
      [],
    );
  });

  test('every way of being in contact occurs in quantity', () => {
    const yesterday = Date.parse(`${TODAY}T00:00:00Z`);
    const last = new Map<string, number>();
    const ahead = new Set<string>();
    for (const call of rows('Calls')) {
      if (call.Call_Type === 'Missed' || Number(call.Call_Duration_in_seconds) < 10) continue;
      const key = refOf(call.What_Id) ?? '';
      last.set(key, Math.max(last.get(key) ?? 0, Date.parse(String(call.Call_Start_Time))));
    }
    for (const event of rows('Events')) {
      const key = refOf(event.What_Id) ?? '';
      const at = Date.parse(String(event.Start_DateTime));
      if (at > yesterday) ahead.add(key);
      else last.set(key, Math.max(last.get(key) ?? 0, at));
    }
    const gaps = rows('Accounts').map((row) => {
      const at = last.get(String(row.$key));
      return at === undefined ? null : (yesterday - at) / 86_400_000;
    });
    const between = (from: number, to: number) =>
      gaps.filter((gap) => gap !== null && gap > from && gap <= to).length;

    expect(between(0, 24)).toBeGreaterThan(100);
    expect(between(24, 60)).toBeGreaterThan(50);
    expect(between(60, 120)).toBeGreaterThan(50);
    expect(between(120, 360)).toBeGreaterThan(50);
    expect(between(360, 2000)).toBeGreaterThan(30);
    expect(gaps.filter((gap) => gap === null).length).toBeGreaterThan(60);
    expect(ahead.size).toBeGreaterThan(40);
  });

  test('some records belong to a person who left, and some cases of high priority are open', () => {
    const former = new Set(org.users.filter((user) => !user.active).map((user) => user.key));
    const isFormer = (owner: unknown) =>
      typeof owner === 'object' && owner !== null && '$user' in owner && former.has(String(owner.$user));
    const open = rows('Cases').filter((row) => row.Status !== 'Closed' && row.Priority === 'High');

    expect(rows('Accounts').filter((row) => isFormer(row.Owner)).length).toBeGreaterThan(20);
    expect(open.length).toBeGreaterThan(10);
  });

  test('a converted lead names the account, the contact and the first deal it became', () => {
    const converted = rows('Leads').filter((row) => row.Converted__s === true);

    expect(converted).toHaveLength(60);
    for (const row of converted) {
      expect([row.Converted_Account, row.Converted_Contact, row.Converted_Deal].map(refOf)).not.toContain(
        null,
      );
    }
  });

  test('the same day gives the same org, another day only moves it', () => {
    const again = superstoreOrg({ today: TODAY });
    const later = superstoreOrg({ today: '2026-11-25' });

    expect(again).toEqual(org);
    expect(rows('Calls', later).map((row) => row.$key)).toEqual(rows('Calls').map((row) => row.$key));
    expect(rows('Deals', later)[0]?.Closing_Date).not.toBe(rows('Deals')[0]?.Closing_Date);
  });
});
