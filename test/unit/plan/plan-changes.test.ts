import { describe, expect, test } from 'vitest';
import type { FieldKey, FieldValue, FieldValues } from '../../../src/domain.ts';
import { minor } from '../../../src/money.ts';
import { indexMapped } from '../../../src/plan/mapped-fields.ts';
import { type CustomerPlanInput, type KnownCustomer, planCustomer } from '../../../src/plan/plan-changes.ts';
import type { Score } from '../../../src/scores.ts';
import { allFields, aScore, FORMAT, mappedAll, RULES } from './builders.ts';

function known(change: Partial<KnownCustomer> & { ours?: FieldValues } = {}): KnownCustomer {
  return { key: aScore().key, ours: {}, contacts: [], deals: [], openCases: [], ...change };
}
function plan(score: Score, record: KnownCustomer, change: Partial<CustomerPlanInput> = {}) {
  return planCustomer({
    score,
    known: record,
    openDealIds: new Set(),
    mapped: mappedAll(),
    rules: RULES,
    format: FORMAT,
    ...change,
  });
}
/** What Zoho holds once everything that a first plan wants was written. */
function written(score: Score): FieldValues {
  return Object.fromEntries(plan(score, known()).changes.map((change) => [change.field, change.new]));
}
/** Causes by field of the plan for `score` when Zoho holds the values of `before`. */
function causes(before: Score, score: Score, ours: FieldValues = {}): Record<string, string> {
  const { changes } = plan(score, known({ ours: { ...written(before), ...ours } }));
  return Object.fromEntries(changes.map((change) => [change.field, change.cause]));
}

describe('values as they stand in Zoho', () => {
  const value = (score: Score, field: FieldKey): FieldValue | undefined =>
    plan(score, known()).changes.find((change) => change.field === field)?.new;

  test('tiers and phases are the English texts, money has two decimals', () => {
    const score = aScore({ tier: 'loss_making', phase: 'leaving', profit: -123_456 });

    expect(value(score, 'value_tier')).toBe('Loss-making');
    expect(value(score, 'lifecycle_phase')).toBe('Leaving');
    expect(value(score, 'profit_12_months')).toBe(-1234.56);
  });

  test('a lost customer worth winning back shows as Win-back, other lost ones as Lost', () => {
    expect(value(aScore({ phase: 'lost', subPhase: 'win_back' }), 'lifecycle_phase')).toBe('Win-back');
    expect(value(aScore({ phase: 'lost', subPhase: null }), 'lifecycle_phase')).toBe('Lost');
  });

  test('what scoring could not fill is not written, whatever number stands beside it', () => {
    const score = aScore({ unfilled: { profit_12_months: 'currency_withheld' } });

    expect(value(score, 'profit_12_months')).toBeUndefined();
    expect(value(score, 'expected_profit_12_months')).toBeUndefined();
  });

  test('a first plan says for every field that it was empty', () => {
    // A checkbox is false from the day it is made.
    const { changes } = plan(aScore({ gold: true }), known({ ours: { gold_customer: false } }));

    expect(new Set(changes.map((change) => change.cause))).toEqual(new Set(['first_value']));
    expect(changes.map((change) => change.field)).toEqual(
      expect.arrayContaining(['value_tier', 'value_explanation', 'gold_customer', 'value_rank']),
    );
  });
});

describe('nothing to do', () => {
  test('the plan after an applied plan is empty', () => {
    expect(causes(aScore(), aScore())).toEqual({});
  });

  test('values in another form are the same values', () => {
    const ours: FieldValues = {
      value_tier: 'Goed', // as a Dutch org shows Good
      lifecycle_phase: ' Established ',
      profit_12_months: '1000.0',
      contact_gap_days: '71',
      gold_customer: 'false',
      last_contact: '2025-12-01T00:00:00+01:00',
    };

    expect(causes(aScore(), aScore(), ours)).toEqual({});
  });

  test('a field that the org does not have is left out, the rest goes on', () => {
    const mapped = indexMapped(allFields(['lifecycle_phase', 'value_explanation', 'next_step']));

    const { changes } = plan(aScore(), known(), { mapped });

    expect(changes.map((change) => change.field)).not.toContain('lifecycle_phase');
    expect(changes.map((change) => change.field)).toContain('value_tier');
    expect(mapped.missing()).toEqual(['lifecycle_phase', 'next_step', 'value_explanation']);
  });
});

describe('materiality', () => {
  const money = (profit: number) => aScore({ profit, window12: { ...aScore({ profit }).window12 } });
  const profitCause = (before: number, after: number) => causes(money(before), money(after)).profit_12_months;

  test.each([
    [100_000, 100_999, undefined], // 0.999 %
    [100_000, 101_000, 'booking_moved'], // exactly 1 %
    [100_000, 98_999, 'booking_moved'],
    [5_000, 5_099, undefined], // 1.98 %, but less than one unit
    [5_000, 5_100, 'booking_moved'], // exactly one unit
    [0, 99, undefined],
    [0, 100, 'booking_moved'],
    [-50_000, -50_499, undefined],
    [-50_000, -50_500, 'booking_moved'],
    [60, -60, 'booking_moved'],
  ])('money from %i to %i cents: %s', (before, after, cause) => {
    expect(profitCause(before, after)).toBe(cause);
  });

  const gap = (days: number) => aScore({ contactGapDays: days, contactStatus: band(days) });
  const band = (days: number) =>
    days <= 48 ? 'on_plan' : days <= 60 ? 'due' : days <= 120 ? 'overdue' : 'silent';

  test.each([
    [10, 11, undefined],
    [10, 16, undefined],
    [10, 17, 'drift'],
    [48, 49, 'contact_band_changed'],
    [60, 61, 'contact_band_changed'],
    [120, 121, 'contact_band_changed'],
    [121, 127, undefined],
    [121, 128, 'drift'],
    [9, 2, 'drift'],
  ])('a contact gap of %i days that is now %i: %s', (before, after, cause) => {
    expect(causes(gap(before), gap(after)).contact_gap_days).toBe(cause);
  });

  test('the band of a gap is known without the field Contact Status', () => {
    const mapped = indexMapped(allFields(['contact_status']));
    const change = (before: number, after: number) =>
      plan(gap(after), known({ ours: written(gap(before)) }), { mapped }).changes.find(
        ({ field }) => field === 'contact_gap_days',
      )?.cause;

    expect(change(60, 61)).toBe('contact_band_changed');
    expect(change(61, 62)).toBeUndefined();
  });

  test('a whole month of the relationship, tier, phase, gold and days are written whenever they differ', () => {
    const after = aScore({
      relationshipMonths: 24,
      tier: 'top',
      phase: 'loyal',
      gold: true,
      lastContact: '2025-12-02',
    });

    expect(causes(aScore(), after)).toMatchObject({
      relationship_months: 'whole_month',
      value_tier: 'tier_changed',
      lifecycle_phase: 'phase_changed',
      gold_customer: 'tier_changed',
      last_contact: 'contact_changed',
    });
  });

  test.each([
    [60, 71, undefined],
    [60, 72, 'drift'],
    [60, 48, 'drift'],
  ])('a usual interval of %i days that is now %i: %s', (before, after, cause) => {
    const score = (usualIntervalDays: number) => aScore({ usualIntervalDays });

    expect(causes(score(before), score(after)).usual_order_interval).toBe(cause);
  });

  test.each([
    [20, 24, undefined],
    [20, 25, 'drift'],
  ])('a churn risk of %i %% that is now %i %%: %s', (before, after, cause) => {
    const score = (churnRiskPercent: number) => aScore({ churnRiskPercent });

    expect(causes(score(before), score(after)).churn_risk).toBe(cause);
  });

  test('what was not worth a write is counted, and measured against Zoho, not against yesterday', () => {
    const today = plan(gap(16), known({ ours: written(gap(10)) }));
    const tomorrow = plan(gap(17), known({ ours: written(gap(10)) }));

    expect(today).toMatchObject({ changes: [], savedByMateriality: 1 });
    expect(tomorrow.changes.map((change) => change.field)).toContain('contact_gap_days');
    expect(tomorrow.savedByMateriality).toBe(0);
  });

  test('a rank alone is never written; it goes along once a calendar month', () => {
    const before = aScore({ rank: 12 });
    const moved = aScore({ rank: 90 });
    const movedWithMonth = aScore({ rank: 90, relationshipMonths: 24 });
    const rank = (score: Score, rankWrittenIn?: string) =>
      plan(score, known({ ours: written(before), ...(rankWrittenIn ? { rankWrittenIn } : {}) })).changes.find(
        (change) => change.field === 'value_rank',
      )?.cause;

    expect(rank(moved)).toBeUndefined();
    expect(rank(moved, '2025-01')).toBeUndefined();
    expect(rank(movedWithMonth, '2026-01')).toBe('rank_month');
    expect(rank(movedWithMonth, '2026-02')).toBeUndefined();
  });

  test('an explanation goes along with another change, and alone only while it is empty', () => {
    const other: FieldValues = { value_explanation: 'an older text' };

    expect(causes(aScore(), aScore(), other)).toEqual({});
    expect(causes(aScore(), aScore({ phase: 'loyal' }), other).value_explanation).toBe('phase_changed');
    expect(causes(aScore(), aScore(), { value_explanation: null })).toEqual({
      value_explanation: 'first_value',
    });
  });

  test('a changed step is written and takes the explanation along', () => {
    const ours: FieldValues = { next_step: 'Something else entirely', value_explanation: 'an older text' };
    const step = aScore({ nextStep: { code: 'next.lost.ask_reason', params: {} } });

    expect(causes(step, step, ours)).toEqual({
      next_step: 'step_changed',
      value_explanation: 'step_changed',
    });
  });

  test('a step that follows a new phase says so', () => {
    const step = aScore({ phase: 'loyal', nextStep: { code: 'next.lost.ask_reason', params: {} } });

    expect(causes(aScore(), step, { next_step: 'Something else entirely' }).next_step).toBe('phase_changed');
  });

  test('a goodwill budget that follows a new tier says so', () => {
    const after = aScore({ tier: 'top', goodwillBudget: minor(2_000) });

    expect(causes(aScore(), after).goodwill_budget).toBe('tier_changed');
    expect(causes(aScore(), aScore({ goodwillBudget: minor(2_000) })).goodwill_budget).toBe('booking_moved');
  });
});

describe('fields that somebody else changed', () => {
  test('a text that is no option and a word in a number are repaired', () => {
    const ours: FieldValues = { value_tier: 'Platinum', contact_gap_days: 'many' };

    expect(causes(aScore(), aScore(), ours)).toMatchObject({
      value_tier: 'repair',
      contact_gap_days: 'repair',
    });
  });

  test('another value than the one we wrote last is repaired, a rounding of it is not', () => {
    const ours = written(aScore());
    const fields = (held: FieldValues) =>
      plan(aScore(), known({ ours: { ...ours, ...held }, written: ours })).changes.map(
        ({ field, cause }) => `${field} ${cause}`,
      );

    expect(fields({ value_tier: 'Top' })).toEqual(['value_tier repair']);
    expect(fields({ value_tier: null })).toEqual(['value_tier repair']);
    expect(fields({ profit_12_months: 1000.4 })).toEqual([]);
  });

  test.each([
    ['theirs', { value_tier: 'Top' }, 1, 0],
    ['report', { value_tier: 'Top' }, 1, 1],
    ['theirs', { value_tier: 'Platinum' }, 1, 0],
    ['theirs', { value_tier: null }, 0, 0],
    ['theirs', { profit_12_months: 1000.4 }, 0, 0],
    ['theirs', { value_explanation: 'As Anna says' }, 0, 0],
  ] as const)('under %s, of %o %i stay and %i are named', (usual, held, kept, named) => {
    const ours = written(aScore());
    const rules = { ...RULES, onEdit: { usual, fields: {} } };

    const { reported, ...planned } = plan(aScore(), known({ ours: { ...ours, ...held }, written: ours }), {
      rules,
    });

    expect(planned.kept).toBe(kept);
    expect(reported).toHaveLength(named);
    expect(planned.changes.map(({ field }) => field)).toEqual(
      'value_tier' in held && held.value_tier === null ? ['value_tier'] : [],
    );
  });

  test('what stays goes along with no other change, and a policy of its own goes before the usual one', () => {
    const ours = written(aScore());
    const rules = {
      ...RULES,
      onEdit: { usual: 'ours' as const, fields: { value_explanation: 'theirs' as const } },
    };
    const record = known({
      ours: { ...ours, value_tier: 'Top', value_explanation: 'As Anna says' },
      written: ours,
    });

    const { changes } = plan(aScore(), record, { rules });

    expect(changes.map(({ field, cause }) => `${field} ${cause}`)).toEqual(['value_tier repair']);
  });

  test('a value whose basis is gone is emptied', () => {
    const withheld = aScore({ unfilled: { profit_12_months: 'currency_withheld' } });

    expect(causes(aScore(), withheld).profit_12_months).toBe('booking_moved');
  });
});

describe('copies on contacts and deals', () => {
  const contact = { id: '5725767000000420002', name: 'Anna', ours: {} };
  const open = { id: '5725767000000430001', name: 'Renewal', ours: {} };
  const closed = { id: '5725767000000430002', name: 'Old', ours: {} };
  const record = known({ ours: written(aScore()), contacts: [contact], deals: [open, closed] });

  test("contacts get the account's tier, phase and last contact; open deals its tier and phase", () => {
    const { changes } = plan(aScore(), record, { openDealIds: new Set([open.id]) });

    expect(
      changes.map(({ module, recordId, field, new: value }) => [module, recordId, field, value]),
    ).toEqual([
      ['Contacts', contact.id, 'customer_tier', 'Good'],
      ['Contacts', contact.id, 'customer_phase', 'Established'],
      ['Contacts', contact.id, 'last_contact', '2025-12-01'],
      ['Deals', open.id, 'customer_tier', 'Good'],
      ['Deals', open.id, 'customer_phase', 'Established'],
    ]);
    expect(changes.every((change) => change.customer.id === aScore().key.id)).toBe(true);
  });

  test('a contact that is a customer itself gets the customer fields and no copy of them', () => {
    const key = { module: 'Contacts', id: contact.id } as const;

    const { changes } = plan(aScore({ key }), known({ key, contacts: [contact] }));

    expect(changes.map((change) => change.field)).toContain('value_tier');
    expect(changes.map((change) => change.field)).not.toContain('customer_tier');
    expect(new Set(changes.map((change) => change.module))).toEqual(new Set(['Contacts']));
  });
});

describe('copies on cases', () => {
  const open = { id: '5725767000000440001', name: 'Broken on arrival', ours: {} };
  const casesOf = (score: Score, ours: FieldValues) => {
    const record = known({ ours: written(score), openCases: [{ ...open, ours }] });
    return Object.fromEntries(plan(score, record).changes.map(({ field, new: value }) => [field, value]));
  };

  test('an open case shows tier, phase and the goodwill budget', () => {
    expect(casesOf(aScore(), {})).toEqual({
      customer_tier: 'Good',
      customer_phase: 'Established',
      goodwill_at_opening: 10,
    });
  });

  test('the budget of the opening is never written again, and never emptied', () => {
    const ours = { customer_tier: 'Good', customer_phase: 'Established', goodwill_at_opening: 55 };

    expect(casesOf(aScore(), ours)).toEqual({});
    expect(casesOf(aScore({ unfilled: { goodwill_budget: 'currency_withheld' } }), ours)).toEqual({});
  });

  test('a budget that was withheld is not written as that of the opening', () => {
    const withheld = aScore({ unfilled: { goodwill_budget: 'currency_withheld' } });

    expect(casesOf(withheld, {})).not.toHaveProperty('goodwill_at_opening');
  });
});

test('a contact that left its account shows nothing of it any more', () => {
  const key = { module: 'Contacts', id: '5725767000000420002' } as const;
  const ours = { ...written(aScore({ key })), customer_tier: 'Top', customer_phase: 'Loyal' };

  const { changes } = plan(aScore({ key }), known({ key, ours }));

  expect(changes.map(({ recordId, field, new: value }) => [recordId, field, value])).toEqual([
    [key.id, 'customer_tier', null],
    [key.id, 'customer_phase', null],
  ]);
});
