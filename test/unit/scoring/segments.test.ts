import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import { BaselineBuilder } from '../../../src/scoring/baseline.ts';
import { cadenceOf } from '../../../src/scoring/cadence.ts';
import { fitValue, purchaseValue } from '../../../src/scoring/models/value.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { ASOF, aBaseline, type PurchaseRow, RULES, someFacts } from './builders.ts';

/** What is usual among customers of one account type, where enough of them are known. */

const bought = (gapDays: number, gaps: number): PurchaseRow[] =>
  Array.from({ length: gaps + 1 }, (_, at) => [addDays('2024-01-01', at * gapDays), 100, 60]);

describe('the rhythm of an account type', () => {
  const builder = new BaselineBuilder(RULES, ASOF);
  builder.add(someFacts({ segment: 'Reseller', bought: bought(10, 12) }));
  builder.add(someFacts({ segment: 'Reseller', bought: bought(20, 8) }));
  builder.add(someFacts({ segment: 'Hotel', bought: bought(50, 19) }));
  builder.add(someFacts({ segment: '', bought: bought(30, 30) }));
  const baseline = builder.finish();

  test('is the median of its gaps from 20 of them on; who has no type is none', () => {
    expect(baseline.segmentGaps).toEqual([{ segment: 'Reseller', medianDays: 10 }]);
    expect(baseline.medianGapDays).toBe(30);
  });

  test.each([
    ['Reseller', 10, 'Reseller'],
    ['Hotel', 30, null],
    ['', 30, null],
  ])('stands in for what a customer of type "%s" has not shown yet: %d days', (segment, days, whose) => {
    const cadence = cadenceOf(someFacts({ segment, bought: bought(1, 0) }), baseline, RULES, ASOF);

    expect(cadence).toMatchObject({ baseDays: days, intervalDays: days, baseSegment: whose });
  });

  test('is told with the type whose it is', () => {
    const facts = someFacts({ segment: 'Reseller', bought: [[addDays(ASOF, -5), 100, 60]] });
    const { reasons } = scoreCustomer(
      facts,
      null,
      aBaseline({ segmentGaps: baseline.segmentGaps ?? [] }),
      RULES,
      ASOF,
    ).score;

    expect(reasons).toContainEqual({
      code: 'cadence.base_segment',
      params: { intervalDays: 10, next: addDays(ASOF, 5), segment: 'Reseller' },
    });
  });
});

describe('the value of an order of an account type', () => {
  const columns = (counts: readonly number[]) => {
    const rows = counts.flatMap((count, segment) =>
      Array.from({ length: count }, () => ({ segment, value: 10 * (segment + 1) })),
    );
    return {
      repeats: Int32Array.from(rows, () => 2),
      recencyDays: Int32Array.from(rows, () => 50),
      ageDays: Int32Array.from(rows, () => 100),
      value: Float64Array.from(rows, ({ value }) => value),
      segment: Int32Array.from(rows, ({ segment }) => segment),
    };
  };

  test('is the mean of its customers from 20 of them on', () => {
    // No shape is allowed: Gamma-Gamma is not believed.
    const { value } = fitValue(columns([20, 19, 25, 30]), { ...RULES.models, maxValueShape: 0 }, [
      'Reseller',
      'Hotel',
      '',
      'Bakery',
    ]);

    expect(value).toMatchObject({
      model: 'shrunken mean',
      segments: [
        { segment: 'Bakery', mean: 40 },
        { segment: 'Reseller', mean: 10 },
      ],
    });
  });

  test('is what the own mean is drawn towards, like three orders of it; of a type not known that of all', () => {
    const fit = {
      model: 'shrunken mean',
      mean: 20,
      weight: 3,
      segments: [{ segment: 'Reseller', mean: 100 }],
    } as const;

    expect(purchaseValue(fit, 1, 60, 'Reseller')).toBe(90);
    expect(purchaseValue(fit, 0, null, 'Reseller')).toBe(100);
    expect(purchaseValue(fit, 1, 60, 'Hotel')).toBe(30);
    expect(purchaseValue(fit, 1, 0, 'Reseller')).toBe(0);
  });
});
