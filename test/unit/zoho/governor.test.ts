import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../src/log.ts';
import { type CreditLedger, dailyCredits, Governor } from '../../../src/zoho/governor.ts';
import { coqlPrice, DEFAULT_PRICES, writePrice } from '../../../src/zoho/prices.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const NO_LEDGER: CreditLedger = {
  add: async () => {},
  spentSince: async () => 0,
  buckets: async () => [],
  correct: async () => {},
};

function aGovernor() {
  const clock = fakeClock('2026-02-02T10:00:00Z');
  const governor = new Governor(
    { ledger: NO_LEDGER, clock, log: silentLog },
    { connection: 'c1', ceiling: 1_000_000 },
  );
  return { clock, governor };
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
    for (let call = 0; call < 4; call += 1) governor.noteRateLimited();

    expect(await mostAtOnce(governor, 20, false)).toBe(2);
    clock.advance(10_000);
    governor.noteRateLimited();
    expect(await mostAtOnce(governor, 20, false)).toBe(1);
    expect(Math.max(...clock.sleeps)).toBe(1_500);

    for (let answer = 0; answer < 40; answer += 1) governor.noteAnswered();
    expect(await mostAtOnce(governor, 20, false)).toBe(3);
    for (let answer = 0; answer < 400; answer += 1) governor.noteAnswered();
    expect(await mostAtOnce(governor, 20, false)).toBe(5);
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

test('a 429 of long ago does not count towards minutes of nothing else', () => {
  const { governor, clock } = aGovernor();
  governor.noteRateLimited();
  clock.advance(3_600_000);
  governor.noteRateLimited();
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
    expect(dailyCredits(edition, users)).toBe(credits);
  });
});
