import { describe, expect, test } from 'vitest';
import type { FieldChange } from '../../../src/changes.ts';
import type { FieldKey, FieldValue } from '../../../src/domain.ts';
import { changedRules } from '../../../src/plan/changed-rules.ts';
import { withCause } from '../../../src/plan/hold-cause.ts';
import { noEffects, noteEffect, tierChangesOf } from '../../../src/plan/plan-effects.ts';

const change = (field: FieldKey, old: FieldValue, wanted: FieldValue): FieldChange => ({
  module: 'Accounts',
  recordId: '1',
  customer: { module: 'Accounts', id: '1' },
  name: 'Acme',
  field,
  old,
  new: wanted,
  cause: 'drift',
  reason: null,
});
function effectsOf(field: FieldKey, values: readonly (readonly [FieldValue, FieldValue])[]) {
  const effects = noEffects();
  for (const [old, wanted] of values) noteEffect(effects, change(field, old, wanted));
  return effects;
}

describe('the effects of a plan', () => {
  test('tiers count by where from and where to, but for first ones and those to or from No business', () => {
    const effects = effectsOf('value_tier', [
      ['Top', 'Good'],
      ['Top', 'Good'],
      ['Good', 'Loss-making'],
      [null, 'Top'],
      ['No business', 'Top'],
      ['Top', 'No business'],
    ]);

    expect(Object.fromEntries(effects.tierMoves)).toEqual({ 'Top → Good': 2, 'Good → Loss-making': 1 });
    expect(tierChangesOf(effects)).toBe(3);
  });

  test('a profit leaps when it triples, falls to a third or turns its sign; from and to nothing is no leap', () => {
    const { leaps } = effectsOf('profit_12_months', [
      [100, 300],
      [300, 100],
      [100, -1],
      [100, 299],
      [300, 101],
      [0, 500],
      [500, 0],
      [null, 500],
    ]);

    expect(leaps).toEqual([3, 1 / 3, -0.01]);
  });
});

describe('the cause of a hold', () => {
  test('settings are named as in the file, amounts in units, new and lost ones as not set', () => {
    const before = {
      money: { defaultMarginPercent: 30, unitCosts: { perOrder: 450 } },
      mapping: { Deals: { cost: 'Cost' } },
    };
    const now = { money: { defaultMarginPercent: 3, unitCosts: { perOrder: 4500 } }, mapping: { Deals: {} } };

    expect(changedRules(before, now)).toEqual([
      { setting: 'mapping.Deals.cost', old: 'Cost', new: 'not set' },
      { setting: 'money.defaultMarginPercent', old: '30', new: '3' },
      { setting: 'money.unitCosts.perOrder', old: '4.50', new: '45.00' },
    ]);
    expect(changedRules(now, now)).toEqual([]);
  });

  const held = { reason: 'tier_changes', message: '9 of 20 customers change tier', params: {} } as const;

  test('a changed setting is named with what to do about it', () => {
    const { message } = withCause(held, {
      planId: '3',
      on: '2026-02-01',
      rules: [{ setting: 'money.defaultMarginPercent', old: '30', new: '3' }],
      data: { Deals: 12 },
    });

    expect(message).toBe(
      '9 of 20 customers change tier. Since plan 3 of 2026-02-01 the settings changed: money.defaultMarginPercent 30 → 3; records changed in Zoho: Deals 12. What to do: if that was not meant, put the setting back and run again; if it was, approve the plan',
    );
  });

  test('without one the records are suspected', () => {
    const { message } = withCause(held, { planId: '3', on: '2026-02-01', rules: [], data: {} });

    expect(message).toContain('no setting changed; no record changed in Zoho');
    expect(message).toContain('look at the changed records first');
  });
});
