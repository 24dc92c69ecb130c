import { describe, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../../src/sample/generator.ts';
import type { SeedRow } from '../../../src/simulator/seed.ts';

const org = generatedOrg({ customers: 3000, today: '2026-11-24' });
const deals = org.records.Deals ?? [];
const won = deals.filter((row) => row.Stage === 'Closed Won' || row.Stage === 'Agreement Signed');
const stages = new Set(
  org.pipelines.flatMap((pipeline) => pipeline.stages.map((stage) => `${pipeline.name}/${stage.actual}`)),
);

function refOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && '$ref' in value ? String(value.$ref) : null;
}
const count = (list: readonly SeedRow[], of: (row: SeedRow) => boolean) => list.filter(of).length;

describe('generatedOrg', () => {
  test('it has the accounts asked for and about 3.3 deals each', () => {
    expect(org.records.Accounts).toHaveLength(3000);
    expect(deals.length / 3000).toBeGreaterThan(3);
    expect(deals.length / 3000).toBeLessThan(3.8);
  });

  test('value is heavy-tailed: the best tenth of the buyers brings more than half', () => {
    const sums = new Map<string, number>();
    for (const deal of won) {
      const key = refOf(deal.Account_Name) ?? '';
      sums.set(key, (sums.get(key) ?? 0) + Number(deal.Amount ?? 0));
    }
    const ranked = [...sums.values()].sort((a, b) => b - a);
    const total = ranked.reduce((sum, value) => sum + value, 0);
    const best = ranked.slice(0, Math.ceil(ranked.length / 10)).reduce((sum, value) => sum + value, 0);

    expect(best / total).toBeGreaterThan(0.5);
  });

  test('it holds every oddity that a run must have a defined result for', () => {
    expect(count(won, (row) => Number(row.Amount) < 0)).toBeGreaterThan(20);
    expect(count(won, (row) => row.Amount === 0)).toBeGreaterThan(10);
    expect(count(won, (row) => row.Amount === undefined)).toBeGreaterThan(10);
    expect(count(won, (row) => row.Cost === undefined && Number(row.Amount) > 0)).toBeGreaterThan(100);
    expect(
      count(deals, (row) => row.Account_Name === undefined && row.Contact_Name === undefined),
    ).toBeGreaterThan(5);
    expect(
      count(deals, (row) => row.Account_Name === undefined && row.Contact_Name !== undefined),
    ).toBeGreaterThan(100);
    expect(count(deals, (row) => !stages.has(`${row.Pipeline}/${row.Stage}`))).toBeGreaterThan(10);
    expect(count(deals, (row) => row.Currency === 'USD')).toBeGreaterThan(50);
    expect(count(org.records.Contacts ?? [], (row) => row.Account_Name === undefined)).toBe(150);
    expect(count(org.records.Leads ?? [], (row) => row.Converted__s === true)).toBeGreaterThan(50);
    expect(org.deleted?.Deals?.length).toBeGreaterThan(10);
    expect((org.records.Accounts ?? []).some((row) => /\p{Script=Han}/u.test(String(row.Account_Name)))).toBe(
      true,
    );
  });

  test('keys are unique and every reference has its record', () => {
    const keys = Object.values(org.records).flatMap((list) => list.map((row) => row.$key));
    const known = new Set(keys);

    const refs = Object.values(org.records)
      .flat()
      .flatMap((row) => Object.values(row).map(refOf));

    expect(known.size).toBe(keys.length);
    expect(refs.filter((ref) => ref !== null && !known.has(ref))).toEqual([]);
  });

  test('nothing was created or changed after yesterday, in the zone of the org', () => {
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: GENERATED_TIME_ZONE });

    for (const row of Object.values(org.records).flat()) {
      expect(String(row.Created_Time) <= String(row.Modified_Time), String(row.$key)).toBe(true);
      expect(day.format(new Date(String(row.Modified_Time))) < '2026-11-24', String(row.$key)).toBe(true);
    }
  });

  test('the same seed gives the same org and another seed another one', () => {
    const small = { customers: 40, today: '2026-11-24' };

    expect(generatedOrg(small)).toEqual(generatedOrg(small));
    expect(generatedOrg({ ...small, seed: 2 })).not.toEqual(generatedOrg(small));
  });
});
