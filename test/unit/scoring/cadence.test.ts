import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import { cadenceOf, purchaseDays } from '../../../src/scoring/cadence.ts';
import { dayFromNumber } from '../../../src/scoring/calendar.ts';
import { ASOF, aBaseline, type PurchaseRow, RULES, rulesWith, someFacts } from './builders.ts';

const FIRST = '2015-01-01';
/** A first purchase, and one more after each gap. */
function boughtAfter(gaps: readonly number[]): PurchaseRow[] {
  let day = FIRST;
  return [
    [day, 100, 60],
    ...gaps.map((gap): PurchaseRow => {
      day = addDays(day, gap);
      return [day, 100, 60];
    }),
  ];
}
/** As seen on the day of the last purchase; the median gap of all customers is 60. */
function rhythm(gaps: readonly number[], { daysLater = 0, medianGapDays = 60, rules = RULES } = {}) {
  const bought = boughtAfter(gaps);
  const [last = FIRST] = bought.at(-1) ?? [];
  const cadence = cadenceOf(
    someFacts({ bought }),
    aBaseline({ medianGapDays }),
    rules,
    addDays(last, daysLater),
  );
  if (cadence === null) throw new Error('who bought has a rhythm');
  return cadence;
}
const returnedOn = (gaps: readonly number[], rules = RULES) => {
  const found = rhythm(gaps, { rules }).returnedOn;
  return found === null ? null : dayFromNumber(found);
};

describe('days with a purchase', () => {
  test('goods given back and goods given away are none', () => {
    const bought = [
      ['2026-01-01', 100, 60],
      ['2026-02-01', -100, -60],
      ['2026-03-01', 0, 60],
    ] as const;

    expect(purchaseDays(someFacts({ bought })).map(dayFromNumber)).toEqual(['2026-01-01']);
    expect(cadenceOf(someFacts({ bought: bought.slice(1) }), aBaseline(), RULES, ASOF)).toBeNull();
  });
});

describe('usual interval', () => {
  test.each([
    ['nothing of its own: that of all customers', [], 60],
    ['one gap weighs a third', [30], 50],
    ['an odd number: the gap in the middle, whatever the order', [40, 10, 100], 48],
    ['an even number: the mean of the two in the middle', [100, 20, 40, 10], 40],
    ['gaps are ordered as numbers, not as text', [9, 100, 20], 36],
  ])('%s', (_, gaps, intervalDays) => {
    expect(rhythm(gaps).intervalDays).toBe(intervalDays);
  });

  test('where nobody ever bought twice the setting stands in, and never less than a day', () => {
    const facts = someFacts({ bought: boughtAfter([]) });
    const baseDays = (medianGapDays: number | null) =>
      cadenceOf(facts, aBaseline({ medianGapDays }), RULES, ASOF)?.baseDays;

    expect(baseDays(null)).toBe(90);
    expect(baseDays(0)).toBe(1);
    expect(baseDays(2)).toBe(2);
  });

  test('the ratio is the days since the last purchase over it', () => {
    expect(rhythm([60, 60], { daysLater: 90 })).toMatchObject({
      sinceFirstDays: 210,
      sinceLastDays: 90,
      ratio: 1.5,
    });
  });
});

describe('the next purchase is late', () => {
  test.each([
    ['after one and a half intervals', [60, 60], 90],
    ['with three gaps their spread says too little', [60, 60, 150], 90],
    ['with four, beyond the longest that 90 % of them reach', [60, 60, 60, 150], 150],
    ['never sooner than one and a half intervals, however regular', [60, 60, 60, 60], 90],
    ['the longest of ten is an exception', [140, 60, 60, 60, 100, 60, 60, 60, 60, 60], 100],
  ])('%s', (_, gaps, lateAfterDays) => {
    expect(rhythm(gaps).lateAfterDays).toBe(lateAfterDays);
  });
});

test.each([
  [1, 'nothing is known of the spread', []],
  [1, 'gaps deviate from their mean by half of it', [30, 90, 30, 90]],
  [1, 'gaps deviate by exactly their mean', [1, 1, 1, 1, 6]],
  [2, 'gaps deviate by more', [1, 1, 1, 1, 7]],
] as const)('ratios count %s times where %s', (ratioFactor, _, gaps) => {
  expect(rhythm(gaps).ratioFactor).toBe(ratioFactor);
});

describe('back after having been lost', () => {
  test.each([
    ['a first gap of four intervals of all customers', [240], 240],
    ['one day less is only late', [239], null],
    ['an own rhythm is quicker: (2 × 20 + 2 × 60) / 4 = 40, lost after 160', [20, 20, 160], 200],
    ['and a day less is not', [20, 20, 159], null],
    [
      'the rhythm is the median until then, whatever the order: 31.2, lost after 124.8',
      [50, 10, 12, 125],
      197,
    ],
    ['and a day less is not, either', [50, 10, 12, 124], null],
    ['what came after does not change it', [240, 5, 5, 5], 240],
    ['the last of several counts', [240, 60, 500], 800],
  ])('%s', (_, gaps, after) => {
    expect(returnedOn(gaps)).toBe(after === null ? null : addDays(FIRST, after));
  });

  test('of a slow buyer only silence for more than two years is a loss', () => {
    expect(returnedOn([300, 300, 300, 730], rulesWith({ phases: { lostRatio: 100 } }))).toBeNull();
    expect(returnedOn([300, 731], rulesWith({ phases: { lostRatio: 100 } }))).toBe(addDays(FIRST, 1031));
  });

  test('the gap that ends a loss does not make a steady customer a project buyer after the event', () => {
    const gaps = [60, 60, 60, 60, 60, 60, 400];

    expect(rhythm(gaps).ratioFactor).toBe(2);
    expect(returnedOn(gaps)).toBe(addDays(FIRST, 760));
  });

  test('who bought in projects before had twice the time', () => {
    // 1, 1, 100: (3 × 1 + 2 × 60) / 5 = 24.6, eight times is 196.8.
    expect(returnedOn([1, 1, 100, 196])).toBeNull();
    expect(returnedOn([1, 1, 100, 197])).toBe(addDays(FIRST, 299));
  });
});
