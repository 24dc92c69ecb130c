import { describe, expect, test } from 'vitest';
import type { OrgSeed } from '../../../src/simulator/seed.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import { accounts, anOrg, running } from './running-simulator.ts';

describe('a seed', () => {
  test.each([
    ['an unknown module', anOrg({ Nothing: [{ $key: 'a' }] }), /Nothing/],
    ['an unknown field', anOrg({ Deals: [{ $key: 'a', Wrong: 1 }] }), /Deals.Wrong/],
    ['a row without key', anOrg({ Deals: [{ Deal_Name: 'x' }] }), /\$key/],
    ['a key twice', anOrg({ Deals: [{ $key: 'a' }, { $key: 'a' }] }), /two rows/],
    ['a reference into nothing', anOrg({ Deals: [{ $key: 'a', Account_Name: { $ref: 'b' } }] }), /: b/],
    ['an unknown user', anOrg({ Deals: [{ $key: 'a', Owner: { $user: 'zed' } }] }), /zed/],
    ['no administrator', { ...anOrg(), users: [] }, /administrator/],
  ] as [string, OrgSeed, RegExp][])('with %s is refused', async (_what, seed, message) => {
    await expect(startSimulator({ seed })).rejects.toThrow(message);
  });

  test('is not changed, and two simulators on it do not meet', async () => {
    const seed = anOrg({ Accounts: accounts(1) });
    const before = structuredClone(seed);
    const [first, second] = [await running(seed), await running(seed)];

    first.sim.control.writeRecords('Accounts', [{ id: first.id('account-0'), Rating: 'Active' }]);

    expect(seed).toEqual(before);
    expect(second.sim.control.records('Accounts')[0]).toMatchObject({ Rating: null });
  });

  test('listens on this machine only', async () => {
    const { sim } = await running(anOrg());

    expect(new URL(sim.url).hostname).toBe('127.0.0.1');
  });
});

test('COQL over HTTP pages through everything by id and by (Modified_Time, id)', async () => {
  const modified = (index: number) => ({ Modified_Time: `2026-02-0${1 + (index % 3)}T10:00:00+00:00` });
  const org = await running(anOrg({ Accounts: accounts(50, modified) }));
  const rows = async (select_query: string) => {
    const { json } = await org.call('POST', '/crm/v8/coql', { body: { select_query } });
    return (json.data ?? []) as { id: string; Modified_Time: string }[];
  };

  const seen: string[] = [];
  for (let after = '0'; ; after = seen.at(-1) ?? '') {
    const page = await rows(`select id from Accounts where id > '${after}' order by id asc limit 7`);
    if (page.length === 0) break;
    seen.push(...page.map(({ id }) => id));
  }
  const changed: string[] = [];
  for (let [at, id] = ['2026-02-02T00:00:00+00:00', '0']; ; ) {
    const page = await rows(
      `select id, Modified_Time from Accounts where (Modified_Time >= '${at}' and (Modified_Time > '${at}' or id > '${id}')) order by Modified_Time asc, id asc limit 7`,
    );
    const last = page.at(-1);
    if (last === undefined) break;
    changed.push(...page.map((row) => row.id));
    at = `${new Date(last.Modified_Time).toISOString().slice(0, 19)}+00:00`;
    id = last.id;
  }

  expect(new Set(seen).size).toBe(50);
  expect(seen).toHaveLength(50);
  expect(new Set(changed).size).toBe(33);
  expect(changed).toHaveLength(33);
});
