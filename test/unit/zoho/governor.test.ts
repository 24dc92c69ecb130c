import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { silentLog } from '../../../src/log.ts';
import { Governor } from '../../../src/zoho/governor.ts';
import { coqlPrice, creditsOfEdition, DEFAULT_PRICES, writePrice } from '../../../src/zoho/prices.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { memoryLedger } from '../../support/memory-ledger.ts';

function aGovernor(ceiling = 1_000_000) {
  const clock = fakeClock('2026-02-02T10:00:00Z');
  const ledger = memoryLedger();
  const governor = new Governor({ ledger, clock, log: silentLog }, { connection: 'c1', ceiling });
  return { clock, governor, ledger };
}

/** Runs `calls` at once and tells the most that were under way together. */
async function mostAtOnce(governor: Governor, calls: number, sub: boolean): Promise<number> {
  let underWay = 0;
  let most = 0;
  const call = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 2));
    underWay -= 1;
  };
  await Promise.all(Array.from({ length: calls }, () => governor.run({ credits: 1, sub }, call)));
  return most;
}

describe('how many calls go out together', () => {
  test('five, three of the sub-concurrent kind', async () => {
    const { governor } = aGovernor();

    expect(await mostAtOnce(governor, 20, false)).toBe(5);
    expect(await mostAtOnce(governor, 20, true)).toBe(3);
  });

  test('half as many after each burst of 429, and slowly more again', async () => {
    const { governor, clock } = aGovernor();
    for (let call = 0; call < 4; call += 1) governor.noteRateLimited(0);

    expect(await mostAtOnce(governor, 20, false)).toBe(2);
    clock.advance(10_000);
    governor.noteRateLimited(1);
    expect(await mostAtOnce(governor, 20, false)).toBe(1);
    expect(Math.max(...clock.sleeps)).toBe(1_500);

    for (let answer = 0; answer < 40; answer += 1) governor.noteAnswered();
    expect(await mostAtOnce(governor, 20, false)).toBe(3);
    for (let answer = 0; answer < 400; answer += 1) governor.noteAnswered();
    expect(await mostAtOnce(governor, 20, false)).toBe(5);
  });

  test('a call that left before the burst says nothing new, however late its 429 comes', async () => {
    const { governor, clock } = aGovernor();
    governor.noteRateLimited(0);
    clock.advance(60_000);

    governor.noteRateLimited(0);

    expect(await mostAtOnce(governor, 20, false)).toBe(2);
    expect(clock.sleeps).toEqual([]);
  });

  test('one at least, however often Zoho refuses', async () => {
    const { governor, clock } = aGovernor();

    for (let burst = 0; burst < 10; burst += 1) {
      governor.noteRateLimited(burst);
      clock.advance(120_000);
    }

    expect(await mostAtOnce(governor, 5, false)).toBe(1);
    expect(await mostAtOnce(governor, 5, true)).toBe(1);
  });

  test('calls that waited through a pause still go out no more together than is allowed', async () => {
    const { governor } = aGovernor();
    const early = Array.from({ length: 5 }, () =>
      governor.run({ credits: 1, sub: false }, async (burst) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        governor.noteRateLimited(burst);
      }),
    );

    const most = await mostAtOnce(governor, 20, false);
    await Promise.all(early);

    // The early ones are done when the others may go: five before the limit, two after it.
    expect(most).toBeLessThanOrEqual(2);
  });

  test('neither kind of call starves the other', async () => {
    const { governor } = aGovernor();
    const order: string[] = [];
    const call = (name: string, sub: boolean) =>
      governor.run({ credits: 1, sub }, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push(name);
      });

    const subs = Array.from({ length: 40 }, () => call('sub', true));
    const plain = Array.from({ length: 10 }, () => call('plain', false));
    const late = Array.from({ length: 40 }, () => call('plain', false));
    const lastSub = call('sub', true);
    await Promise.all([...subs, ...plain, ...late, lastSub]);

    // Plain calls pass the queue of the scarce slots, and the scarce ones keep their share meanwhile.
    expect(order.slice(0, 20)).toContain('plain');
    expect(order.slice(20, 60)).toContain('sub');
    expect(order).toHaveLength(91);
  });

  test('a download that waits for its minute holds up no other call', async () => {
    const { governor, clock } = aGovernor();
    const start = clock.now().getTime();
    const download = () => governor.run({ credits: 1, sub: false, download: true }, async () => {});
    await Promise.all(Array.from({ length: 10 }, download));
    let downloaded = 0;
    clock.sleep = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      clock.advance(60_000);
    };

    const waiting = Array.from({ length: 5 }, () => download().then(() => (downloaded += 1)));
    await governor.run({ credits: 1, sub: false }, async () => {
      expect(clock.now().getTime() - start).toBe(0);
    });
    const before = downloaded;
    await Promise.all(waiting);

    expect(before).toBe(0);
    expect(downloaded).toBe(5);
  });

  test('ten downloads in any minute', async () => {
    const { governor, clock } = aGovernor();
    const started: number[] = [];
    const start = clock.now().getTime();

    for (let call = 0; call < 21; call += 1) {
      await governor.run({ credits: 1, sub: false, download: true }, async () => {
        started.push(clock.now().getTime() - start);
      });
    }

    for (const [index, at] of started.entries()) {
      const tenthBefore = started[index - 10];
      if (tenthBefore !== undefined) expect(at - tenthBefore).toBeGreaterThanOrEqual(60_000);
    }
    expect(started.at(-1)).toBe(120_000);
  });

  test('a failed call gives its place back', async () => {
    const { governor } = aGovernor();
    const failing = Array.from({ length: 10 }, () =>
      governor.run({ credits: 1, sub: true }, () => Promise.reject(new Error('no'))),
    );

    const outcomes = await Promise.allSettled(failing);

    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await mostAtOnce(governor, 20, true)).toBe(3);
    expect(governor.usage()).toEqual({ calls: 30, credits: 30 });
  });
});

describe('a parked connection', () => {
  test('sends nothing more, and what is under way keeps its answer', async () => {
    const { governor, clock } = aGovernor();
    const until = new Date('2026-02-02T11:00:00Z');
    let answer: (text: string) => void = () => {};
    const underWay = governor.run(
      { credits: 1, sub: false },
      () => new Promise<string>((resolve) => (answer = resolve)),
    );
    await vi.waitFor(() => expect(governor.usage().calls).toBe(1));

    await governor.park(until, 'Zoho has no credits');
    const next = governor.run({ credits: 1, sub: false }, async () => 'sent');
    await expect(next).rejects.toMatchObject({ code: 'zoho_credits', availableAt: until });
    answer('came');

    expect(await underWay).toBe('came');
    expect(governor.usage()).toEqual({ calls: 1, credits: 1 });
    clock.advance(3_600_000);
    expect(await governor.run({ credits: 1, sub: false }, async () => 'sent')).toBe('sent');
  });

  test('is parked for every process, and each comes back by itself', async () => {
    const { governor, clock, ledger } = aGovernor();
    const other = new Governor({ ledger, clock, log: silentLog }, { connection: 'c1', ceiling: 1_000_000 });
    await governor.park(new Date('2026-02-02T11:00:00Z'), 'Zoho has no credits');
    let sent = 0;
    const call = () =>
      other.run({ credits: 1, sub: true }, async () => {
        sent += 1;
      });

    await expect(call()).rejects.toThrow('Zoho has no credits');
    expect(sent).toBe(0);
    clock.advance(3_600_000);
    await call();

    expect(sent).toBe(1);
    expect(ledger.parking).toBeNull();
  });
});

describe('the ceiling of several processes', () => {
  test('is never passed, whatever they ask for at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 }),
        async (ceiling, prices) => {
          const { governor, clock, ledger } = aGovernor(ceiling);
          const other = new Governor({ ledger, clock, log: silentLog }, { connection: 'c1', ceiling });
          let spent = 0;

          await Promise.allSettled(
            prices.map((credits, index) =>
              (index % 2 === 0 ? governor : other).run({ credits, sub: false }, async () => {
                spent += credits;
              }),
            ),
          );

          expect(spent).toBeLessThanOrEqual(ceiling);
          expect(governor.usage().credits + other.usage().credits).toBe(spent);
          const booked = ledger.rows.reduce((sum, { credits }) => sum + credits, 0);
          expect(booked).toBe(spent);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a call that alone costs more than the ceiling parks nobody', async () => {
    const { governor, ledger } = aGovernor(40);

    const bulk = governor.run({ credits: 50, sub: false }, async () => 'sent');
    await expect(bulk).rejects.toThrow('ceilingPercent');

    expect(ledger.parking).toBeNull();
    expect(await governor.run({ credits: 1, sub: false }, async () => 'sent')).toBe('sent');
  });

  test('raised in the settings ends the parking at once', async () => {
    const { governor, clock, ledger } = aGovernor(10);
    await governor.run({ credits: 10, sub: false }, async () => {});
    await expect(governor.run({ credits: 1, sub: false }, async () => {})).rejects.toThrow('10 of 10');
    const raised = new Governor({ ledger, clock, log: silentLog }, { connection: 'c1', ceiling: 20 });

    expect(ledger.parking?.ceiling).toBe(10);
    expect(await raised.run({ credits: 1, sub: false }, async () => 'sent')).toBe('sent');
    expect(ledger.parking).toBeNull();
  });

  test('what Zoho said is left counts for an hour', async () => {
    const { governor, clock, ledger } = aGovernor();
    ledger.balance = { credits: 3, at: clock.now() };

    const dear = governor.run({ credits: 10, sub: false }, async () => 'sent');
    await expect(dear).rejects.toMatchObject({ availableAt: new Date('2026-02-02T11:00:00Z') });
    clock.advance(3_600_001);

    expect(await governor.run({ credits: 10, sub: false }, async () => 'sent')).toBe('sent');
  });
});

test('a 429 of long ago does not count towards minutes of nothing else', () => {
  const { governor, clock } = aGovernor();
  governor.noteRateLimited(0);
  clock.advance(3_600_000);
  governor.noteRateLimited(1);
  clock.advance(1_000);

  expect(governor.limitedForMs()).toBe(1_000);
});

describe('prices and credits as Zoho publishes them', () => {
  test('COQL by its limit, writes by ten records', () => {
    expect([1, 200, 201, 1_000, 1_001, 2_000].map((limit) => coqlPrice(DEFAULT_PRICES, limit))).toEqual([
      1, 1, 2, 2, 3, 3,
    ]);
    expect([1, 10, 11, 100].map((records) => writePrice(DEFAULT_PRICES, records))).toEqual([1, 1, 2, 10]);
  });

  test.each([
    ['Free', 3, 5_000],
    ['something new', 500, 5_000],
    ['', 1, 5_000],
    ['Standard', 10, 52_500],
    ['standard', 1_000, 100_000],
    ['professional', 10, 55_000],
    ['Enterprise', 20, 70_000],
    ['Zoho One', 20, 70_000],
    ['enterprise_trial', 10_000, 5_000_000],
    ['Ultimate', 10, 70_000],
    ['CRM Plus', 10_000, 20_050_000],
  ])('%s with %i users', (edition, users, credits) => {
    expect(creditsOfEdition(edition, users)).toBe(credits);
  });
});
