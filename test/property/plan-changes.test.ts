import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FieldChange } from '../../src/changes.ts';
import { addDays } from '../../src/days.ts';
import type { FieldKey, FieldValue, FieldValues } from '../../src/domain.ts';
import { minor } from '../../src/money.ts';
import { FIELD_CATALOG } from '../../src/plan/field-catalog.ts';
import { indexMapped } from '../../src/plan/mapped-fields.ts';
import { type KnownCustomer, planCustomer } from '../../src/plan/plan-changes.ts';
import { sameValue } from '../../src/plan/same-value.ts';
import type { Score } from '../../src/scores.ts';
import { allFields, aScore, FORMAT, RULES } from '../unit/plan/builders.ts';

const KEYS = [...new Set(FIELD_CATALOG.map((field) => field.key))].filter((key) => key !== 'cv_ref');
const CONTACT = '5725767000000420001';
const DEAL = '5725767000000430001';
const CASE = '5725767000000440001';

const day = fc.integer({ min: -900, max: 0 }).map((days) => addDays('2026-02-10', days));
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const cents = fc.integer({ min: -10_000_000, max: 10_000_000 }).map(minor);

const scores: fc.Arbitrary<Score> = fc
  .record({
    tier: fc.constantFrom('top', 'good', 'marginal', 'loss_making', 'none'),
    gold: fc.boolean(),
    phase: fc.constantFrom('prospect', 'new', 'established', 'loyal', 'leaving', 'lost'),
    isWinBack: fc.boolean(),
    profit: fc.integer({ min: -10_000_000, max: 10_000_000 }),
    rank: nullable(fc.integer({ min: 1, max: 5_000 })),
    firstPurchase: nullable(day),
    relationshipMonths: nullable(fc.integer({ min: 0, max: 300 })),
    usualIntervalDays: nullable(fc.integer({ min: 1, max: 900 })),
    lastContact: nullable(day),
    contactGapDays: nullable(fc.integer({ min: 0, max: 900 })),
    plannedContactDays: nullable(fc.constantFrom(30, 60, 120)),
    contactStatus: nullable(fc.constantFrom('on_plan', 'due', 'overdue', 'silent')),
    goodwillBudget: nullable(cents),
    churnRiskPercent: nullable(fc.integer({ min: 0, max: 100 })),
    isMoneyWithheld: fc.boolean(),
  } as const)
  .map(({ isWinBack, isMoneyWithheld, ...fields }) =>
    aScore({
      ...fields,
      subPhase: isWinBack && fields.phase === 'lost' ? 'win_back' : null,
      unfilled: isMoneyWithheld ? { profit_12_months: 'currency_withheld' } : {},
    }),
  );

/** What may stand in Zoho: right, stale, empty, in another form, or not ours at all. */
const held: fc.Arbitrary<FieldValue> = fc.oneof(
  fc.constantFrom(
    null,
    '',
    '-None-',
    'Top',
    'Goed',
    'Win-back',
    'Silent',
    'Platinum',
    true,
    'false',
    '2025-01-31',
  ),
  fc.integer({ min: -2_000, max: 2_000 }),
  fc.integer({ min: -200_000, max: 200_000 }).map((value) => (value / 100).toFixed(2)),
);
const heldValues: fc.Arbitrary<FieldValues> = fc.dictionary(fc.constantFrom(...KEYS), held);
const someFields = fc
  .subarray(KEYS)
  .map((without: FieldKey[]) => ({ mapped: indexMapped(allFields(without)), without: new Set(without) }));

function after(ours: FieldValues, changes: readonly FieldChange[], recordId: string): FieldValues {
  const values: { [K in FieldKey]?: FieldValue } = { ...ours };
  for (const change of changes) if (change.recordId === recordId) values[change.field] = change.new;
  return values;
}
function known(score: Score, ours: FieldValues, copies: FieldValues): KnownCustomer {
  return {
    key: score.key,
    ours,
    contacts: [{ id: CONTACT, name: 'Anna', ours: copies }],
    deals: [{ id: DEAL, name: 'Renewal', ours: copies }],
    openCases: [{ id: CASE, name: 'Broken on arrival', ours: copies }],
  };
}

test('applying a plan leaves nothing to plan', () => {
  fc.assert(
    fc.property(scores, heldValues, heldValues, someFields, (score, ours, copies, { mapped }) => {
      const plan = (record: KnownCustomer) =>
        planCustomer({
          score,
          known: record,
          openDealIds: new Set([DEAL]),
          mapped,
          rules: RULES,
          format: FORMAT,
        }).changes;
      const changes = plan(known(score, ours, copies));

      const again = plan({
        ...known(score, after(ours, changes, score.key.id), {}),
        contacts: [{ id: CONTACT, name: 'Anna', ours: after(copies, changes, CONTACT) }],
        deals: [{ id: DEAL, name: 'Renewal', ours: after(copies, changes, DEAL) }],
        openCases: [{ id: CASE, name: 'Broken on arrival', ours: after(copies, changes, CASE) }],
      });

      expect(again).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('a plan names only fields that the org has, each once a record, and only values that differ', () => {
  fc.assert(
    fc.property(scores, heldValues, someFields, (score, ours, { mapped, without }) => {
      const { changes } = planCustomer({
        score,
        known: known(score, ours, {}),
        openDealIds: new Set(),
        mapped,
        rules: RULES,
        format: FORMAT,
      });

      expect(changes.filter((change) => without.has(change.field))).toEqual([]);
      expect(changes.filter((change) => sameValue(change.field, change.old, change.new))).toEqual([]);
      const places = changes.map((change) => `${change.module}.${change.recordId}.${change.field}`);
      expect(new Set(places).size).toBe(places.length);
    }),
    { numRuns: 500 },
  );
});

test('a day without events changes nothing but bands, drift of seven days and whole months', () => {
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 40 }), (score, days) => {
      const plan = (wanted: Score, ours: FieldValues) =>
        planCustomer({
          score: wanted,
          known: known(wanted, ours, {}),
          openDealIds: new Set(),
          mapped: indexMapped(allFields([], ['Accounts'])),
          rules: RULES,
          format: FORMAT,
        }).changes;
      const gap = score.contactGapDays;
      // A gap against a plan always has a status; without one the band would be read from the days, which move here.
      fc.pre(score.contactStatus !== null || score.plannedContactDays === null || gap === null);
      const ours = after({}, plan(score, {}), score.key.id);

      const later = plan(
        {
          ...score,
          asOf: addDays(score.asOf, days),
          contactGapDays: gap === null ? null : gap + days,
          rank: score.rank === null ? null : score.rank + days,
        },
        ours,
      );

      const fields = new Set<string>(later.map((change) => change.field));
      // The status is held still here, so only seven days of drift may rewrite the gap.
      const follows = gap !== null && days >= 7;
      expect(fields.has('contact_gap_days')).toBe(follows);
      for (const field of fields) {
        expect(['contact_gap_days', 'value_rank', 'value_explanation']).toContain(field);
      }
      expect(fields.has('value_rank')).toBe(follows && score.rank !== null);
    }),
    { numRuns: 300 },
  );
});
