import { describe, expect, test } from 'vitest';
import { scaleOrg } from '../../../src/sample/scale.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';

const COUNTS = { accounts: 120, contacts: 200, deals: 400, activities: 500 };
const seed = () => scaleOrg({ ...COUNTS, today: '2026-11-24' });

async function recordsOf(read: (sim: Simulator) => unknown): Promise<unknown> {
  const sim = await startSimulator({ seed: seed() });
  try {
    return read(sim);
  } finally {
    await sim.close();
  }
}

describe('scaleOrg', () => {
  test('it holds exactly the rows asked for', async () => {
    const modules = ['Accounts', 'Contacts', 'Deals', 'Calls', 'Events', 'Tasks'];

    const counts = await recordsOf(({ control }) => modules.map((module) => control.records(module).length));

    expect(counts).toEqual([120, 200, 400, 200, 100, 200]);
  });

  test('the same input gives the same rows', async () => {
    const read = ({ control }: Simulator) => ['Accounts', 'Contacts', 'Deals', 'Tasks'].map(control.records);

    expect(await recordsOf(read)).toEqual(await recordsOf(read));
  });

  test('rows refer to each other, and a contact of a deal belongs to its account', async () => {
    const strangers = await recordsOf(({ control }) => {
      const accountOf = new Map(
        control.records('Contacts').map(({ id, Account_Name }) => [id, idIn(Account_Name)]),
      );
      const pairs = control.records('Deals').map(({ Account_Name, Contact_Name }) => {
        return { account: idIn(Account_Name), contact: accountOf.get(idIn(Contact_Name)) ?? null };
      });
      const both = pairs.filter(({ account, contact }) => account !== null && contact !== null);
      return {
        both: both.length,
        strange: both.filter(({ account, contact }) => account !== contact).length,
      };
    });

    expect(strangers).toEqual({ both: expect.any(Number), strange: 0 });
    expect(strangers).not.toEqual({ both: 0, strange: 0 });
  });

  test('its texts hold what breaks careless readers of CSV', async () => {
    const text = JSON.stringify(await recordsOf(({ control }) => control.records('Accounts')));

    expect(text).toContain('\\n');
    expect(text).toContain('\\"');
    expect(text).toMatch(/\p{Script=Han}/u);
  });

  test('a row of a series is found by its module and index', async () => {
    const [first, last, beyond] = (await recordsOf(({ control }) => [
      control.idOf('Deals/0'),
      control.idOf('Deals/399'),
      () => control.idOf('Deals/400'),
    ])) as [string, string, () => string];

    expect([first.length, last.length]).toEqual([18, 19]);
    expect(beyond).toThrow('no row of the seed');
  });

  test('an org without accounts still has its deals', async () => {
    const sim = await startSimulator({ seed: scaleOrg({ ...COUNTS, accounts: 0, today: '2026-11-24' }) });

    const linked = sim.control.records('Deals').filter(({ Account_Name }) => Account_Name !== null);
    await sim.close();

    expect(linked).toEqual([]);
  });
});

function idIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : null;
}
