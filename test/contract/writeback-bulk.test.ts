import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SCOPES } from '../../src/simulator/scopes.ts';
import { Killed, killingDeps } from '../unit/writeback/crash.ts';
import { type Database, openDatabase } from '../unit/writeback/world.ts';
import { aBulkWorld, type BulkWorld, FILE_CREDITS, type Values } from './bulk-world.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

let world: BulkWorld;
beforeEach(async () => {
  world = await aBulkWorld(database.store);
});
afterEach(() => world.close());

const VALUES: Values = {
  next_step: 'Call, then "write" a mail',
  last_contact: '2026-02-03',
  profit_12_months: -12.5,
  gold_customer: true,
  contact_gap_days: 0,
};
const SHOWN = {
  Next_Step: 'Call, then "write" a mail',
  Last_Contact: '2026-02-03',
  Profit_12_Months: -12.5,
  Gold_Customer: true,
  Contact_Gap_Days: 0,
};
const all = (values: Values) => new Map(world.ids.map((id) => [id, values]));
const creditsOf = async (work: () => Promise<unknown>) => {
  world.simulator.control.resetReport();
  await work();
  return world.simulator.control.report().credits;
};

describe('a bulk write without trouble', () => {
  test('writes every value as the record API would, in one job at the price of a file', async () => {
    const planId = await world.plan(all(VALUES));

    const credits = await creditsOf(async () => {
      expect(await world.apply(planId)).toMatchObject({
        written: 60,
        rejected: [],
        remaining: 0,
        stopped: null,
      });
    });

    expect(world.ids.map(world.valuesAt)).toEqual(world.ids.map(() => expect.objectContaining(SHOWN)));
    const { calls } = world.simulator.control.report();
    const furtherLooks = (calls['GET /crm/bulk/v8/write/{id}'] ?? 0) - 1;
    expect({ credits, jobs: world.jobs() }).toEqual({ credits: FILE_CREDITS + furtherLooks, jobs: 1 });
    expect(await world.pending(planId)).toBe(0);
  });

  test('what was written is remembered, so that the same plan made again writes nothing', async () => {
    await world.apply(await world.plan(all(VALUES)));

    const credits = await creditsOf(async () => {
      expect(await world.apply(await world.plan(all(VALUES)))).toMatchObject({ written: 0, skipped: 60 });
    });

    expect(credits).toBe(0);
  });

  test('is not used where the admin did not allow it, or where the record API is cheaper', async () => {
    await world.apply(await world.plan(all({ next_step: 'One' })), { bulk: false });
    await world.apply(
      await world.plan(new Map(world.ids.slice(0, 40).map((id) => [id, { next_step: 'Two' }]))),
    );

    expect(world.jobs()).toBe(0);
  });

  test('a field that a row does not write stays as it is, also where others clear it', async () => {
    const changes = new Map<string, Values>();
    for (const [at, id] of world.ids.entries())
      changes.set(id, at < 5 ? { next_step: null, gold_customer: true } : { gold_customer: true });

    await world.apply(await world.plan(changes));

    expect(world.jobs()).toBe(1);
    expect(world.valuesAt(world.ids[0] ?? '')).toMatchObject({ Next_Step: null, Gold_Customer: true });
    expect(world.valuesAt(world.ids[5] ?? '')).toMatchObject({ Next_Step: 'By hand', Gold_Customer: true });
  });

  test('many rows that clear the same fields go in a file of their own', async () => {
    await world.apply(await world.plan(all({ next_step: null, contact_gap_days: 7 })));

    expect(world.jobs()).toBe(1);
    expect(world.ids.map(world.valuesAt)).toEqual(
      world.ids.map(() => expect.objectContaining({ Next_Step: null, Contact_Gap_Days: 7 })),
    );
  });
});

describe('what Zoho makes of a bulk write', () => {
  test('skipped rows are named with the code of Zoho and their column; the other fields are written', async () => {
    world.simulator.control.addFaults({
      kind: 'skipped-rows',
      every: 30,
      code: 'INVALID_DATA',
      message: 'Gold_Customer',
    });
    const planId = await world.plan(all(VALUES));

    const result = await world.apply(planId);

    const refused = [world.ids[29], world.ids[59]];
    expect(result.rejected).toEqual(
      refused.map((recordId) =>
        expect.objectContaining({ recordId, code: 'INVALID_DATA', field: 'Gold_Customer' }),
      ),
    );
    expect(refused.map((id) => world.valuesAt(id ?? ''))).toEqual(
      refused.map(() => expect.objectContaining({ ...SHOWN, Gold_Customer: false })),
    );
    expect(world.jobs()).toBe(1);
  });

  test('rows that it did not come to are written by the record API', async () => {
    world.simulator.control.addFaults({ kind: 'skipped-rows', every: 2, code: 'UNPROCESSED' });

    const result = await world.apply(await world.plan(all(VALUES)));

    expect(result).toMatchObject({ written: 60, rejected: [], remaining: 0 });
    expect(world.ids.map(world.valuesAt)).toEqual(world.ids.map(() => expect.objectContaining(SHOWN)));
    expect(world.jobs()).toBe(1);
  });

  test('a failed job is not tried again: the record API writes its rows', async () => {
    world.simulator.control.addFaults({ kind: 'failed-job' });

    const result = await world.apply(await world.plan(all(VALUES)));

    expect(result).toMatchObject({ written: 60, remaining: 0, stopped: null });
    expect(world.jobs()).toBe(1);
  });

  test('a grant without the scopes is served by the record API', async () => {
    await world.close();
    world = await aBulkWorld(database.store, { scopes: DEFAULT_SCOPES });

    const result = await world.apply(await world.plan(all(VALUES)));

    expect(result).toMatchObject({ written: 60, remaining: 0, stopped: null });
    expect(world.jobs()).toBe(0);
  });

  test('either spelling of the state and an absolute address of the result are understood', async () => {
    world.simulator.control.setSwitches({
      bulkWriteRunning: 'INPROGRESS',
      bulkWriteCompletedAfterMs: 100,
      bulkWriteUrl: 'absolute',
    });

    expect(await world.apply(await world.plan(all(VALUES)))).toMatchObject({ written: 60, stopped: null });
  });

  test('a result that breaks off is fetched again', async () => {
    world.simulator.control.addFaults({ kind: 'truncated-zip', times: 1 });

    expect(await world.apply(await world.plan(all(VALUES)))).toMatchObject({ written: 60, rejected: [] });
  });
});

describe('a job whose end is not known', () => {
  test('an answer lost after the job was made: its rows are looked at, and no second job is made', async () => {
    world.simulator.control.addFaults({ kind: 'lost-answer', match: { path: 'bulk/v8/write$' }, times: 1 });

    const result = await world.apply(await world.plan(all(VALUES)));

    expect(result).toMatchObject({ written: 60, remaining: 0, stopped: null });
    expect(world.jobs()).toBe(1);
  });

  test('a request that never arrived is sent once more', async () => {
    world.simulator.control.addFaults({ kind: 'reset', match: { path: 'bulk/v8/write$' }, times: 1 });

    const result = await world.apply(await world.plan(all(VALUES)));

    expect(result).toMatchObject({ written: 60, remaining: 0, stopped: null });
    expect(world.jobs()).toBe(2); // the first of them was only a request
    expect(world.simulator.control.report().writes.Accounts?.[world.ids[0] ?? '']?.Next_Step).toBe(1);
  });

  test('a job that never ends leaves its rows in the plan; the next apply goes on with the same job', async () => {
    const fault = { kind: 'endless-job' } as const;
    world.simulator.control.addFaults(fault);
    const planId = await world.plan(all(VALUES));

    const first = await world.apply(planId);
    const second = await world.apply(planId);

    expect(first).toMatchObject({
      written: 0,
      remaining: 60,
      stopped: { error: { code: 'zoho_unavailable' } },
    });
    expect(second).toMatchObject({
      written: 0,
      remaining: 60,
      stopped: { error: { code: 'zoho_unavailable' } },
    });
    expect(world.jobs()).toBe(1);
  });

  test('after a day it is given up, and the record API writes what it left', async () => {
    world.simulator.control.addFaults({ kind: 'endless-job', times: 1 });
    const planId = await world.plan(all(VALUES));
    await world.apply(planId);
    await world.clock.sleep(25 * 3_600_000);

    expect(await world.apply(planId)).toMatchObject({ written: 60, remaining: 0, stopped: null });
  });
});

describe('a process that dies during a bulk write', () => {
  test('at any of its steps leaves nothing lost, nothing refused, and never a second job that wrote', {
    timeout: 120_000,
  }, async () => {
    const wrong: string[] = [];
    for (let step = 1; ; step += 1) {
      const one = await aBulkWorld(database.store, { accounts: 45 });
      try {
        const planId = await one.plan(new Map(one.ids.map((id) => [id, VALUES])));
        const scythe = killingDeps(one.deps, step);
        const died = await one.apply(planId, { deps: scythe.deps }).then(
          () => false,
          (error: unknown) => {
            if (error instanceof Killed) return true;
            throw error;
          },
        );
        if (!died) {
          expect(step).toBeGreaterThan(20);
          break;
        }
        const result = await one.apply(planId);
        const { writes } = one.simulator.control.report();
        const counts = one.ids.map((id) => writes.Accounts?.[id]?.Next_Step ?? 0);
        const name = `step ${step} (${scythe.fatal()})`;
        if (result.remaining > 0 || result.rejected.length > 0)
          wrong.push(`${name}: ${JSON.stringify(result)}`);
        if (counts.some((count) => count !== 1))
          wrong.push(`${name}: written ${[...new Set(counts)].join()} times`);
        if ((await one.pending(planId)) > 0) wrong.push(`${name}: items are pending`);
        if ((await one.store.intents.unfinished(one.connection.id)).length > 0)
          wrong.push(`${name}: open intents`);
        if ((await one.store.bulkWrites.open(one.connection.id)).length > 0)
          wrong.push(`${name}: open bulk write`);
      } finally {
        await one.close();
      }
    }

    expect(wrong).toEqual([]);
  });
});

describe('instalments', () => {
  test('no more is spent than the day allows, and the next apply goes on where it stopped', async () => {
    const planId = await world.plan(all(VALUES));
    const allowance = { left: 4, ceiling: 20 };

    const spent = await creditsOf(async () => {
      const first = await world.apply(planId, { bulk: false, allowance });
      // 1 of 20 credits stays for the syncs: 3 buy 30 records.
      expect(first).toMatchObject({
        written: 30,
        remaining: 30,
        stopped: null,
        instalments: { today: 3, perDay: 19, days: 2 },
      });
    });
    const second = await world.apply(planId, { bulk: false, allowance: { left: 20, ceiling: 20 } });

    expect(spent).toBe(3);
    expect(second).toMatchObject({ written: 30, remaining: 0, instalments: null });
  });

  test('a file waits for the day that can pay it', async () => {
    const planId = await world.plan(all(VALUES));

    const first = await world.apply(planId, { allowance: { left: 3, ceiling: 20 } });
    const second = await world.apply(planId, { allowance: { left: 20, ceiling: 20 } });

    expect(first).toMatchObject({ written: 0, remaining: 60, instalments: { today: 2 } });
    expect(second).toMatchObject({ written: 60, remaining: 0 });
    expect(world.jobs()).toBe(1);
  });

  test('a file that no day can pay is written by calls', async () => {
    const planId = await world.plan(all(VALUES));

    const first = await world.apply(planId, { allowance: { left: 3, ceiling: 3 } });

    expect(first).toMatchObject({ written: 20, remaining: 40 });
    expect(world.jobs()).toBe(0);
  });
});
