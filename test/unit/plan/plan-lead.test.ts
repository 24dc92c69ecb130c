import { expect, test } from 'vitest';
import type { FieldValues } from '../../../src/domain.ts';
import type { LeadScore } from '../../../src/leads.ts';
import { indexMapped } from '../../../src/plan/mapped-fields.ts';
import { planLead } from '../../../src/plan/plan-lead.ts';
import { aLeadScore, allFields, RULES } from './builders.ts';

const plan = (score: LeadScore, ours: FieldValues, without: readonly string[] = []) =>
  planLead({ score, ours, mapped: indexMapped(allFields(without)), rules: RULES });
const short = ({ changes }: ReturnType<typeof plan>) =>
  changes.map(({ field, new: value, cause }) => [field, value, cause]);

test('a lead gets its status and its expected value, each with its reason', () => {
  const planned = plan(aLeadScore(), {});

  expect(short(planned)).toEqual([
    ['follow_up_status', 'Due', 'first_value'],
    ['expected_lead_value', 200, 'first_value'],
  ]);
  expect(planned.changes.map(({ reason }) => reason?.code)).toEqual([
    'lead.follow_up.next',
    'lead.value.expected',
  ]);
});

test('what stands in Zoho already is not written again, in whatever language it is shown', () => {
  for (const status of ['Due', 'Aan de beurt', 'Termin dziś'])
    expect(plan(aLeadScore(), { follow_up_status: status, expected_lead_value: '200.00' })).toEqual({
      changes: [],
      savedByMateriality: 0,
    });
});

test('a value that moved by less than a hundredth is saved; a status is written whenever it differs', () => {
  const planned = plan(aLeadScore(), { follow_up_status: 'On time', expected_lead_value: 201.9 });

  expect(short(planned)).toEqual([['follow_up_status', 'Due', 'contact_band_changed']]);
  expect(planned.savedByMateriality).toBe(1);
});

test('a closed lead is emptied, and says why', () => {
  const closed = aLeadScore({
    state: 'closed',
    followUp: null,
    expectedValue: null,
    reasons: [{ code: 'lead.closed', params: { status: 'Lost' } }],
    unfilled: { follow_up_status: 'lead_closed', expected_lead_value: 'lead_closed' },
  });

  const planned = plan(closed, { follow_up_status: 'Overdue', expected_lead_value: 90 });

  expect(short(planned)).toEqual([
    ['follow_up_status', null, 'contact_band_changed'],
    ['expected_lead_value', null, 'booking_moved'],
  ]);
  expect(planned.changes.map(({ reason }) => reason?.code)).toEqual(['lead.closed', 'lead.closed']);
});

test('a text that is no option of ours is put right, and a field that the org lacks is left out', () => {
  const planned = plan(aLeadScore(), { follow_up_status: 'Soon' }, ['expected_lead_value']);

  expect(short(planned)).toEqual([['follow_up_status', 'Due', 'repair']]);
});
