import { expect, test } from 'vitest';
import { type ListedRule, ruleText } from '../../../src/cli/rule-text.ts';

const RULE: ListedRule = {
  ...{ id: 'own', title: 'Second chance', enabled: true, for: 'customers', when: {} },
  ...{ due: { workingDays: 'by_tier' }, priority: 'Normal', owner: 'record', coolDown: 14 },
  ...{ background: false, quietBeforeAppointment: false },
};
const lines = (change: Partial<ListedRule>, index = 0) => ruleText({ ...RULE, ...change }, index).split('\n');

test('a rule says its place, id and title, and what it does', () => {
  expect(
    lines(
      { due: { workingDays: 1 }, escalation: { afterWorkingDays: 2, to: 'manager' }, background: true },
      9,
    ),
  ).toEqual([
    '10  own: Second chance',
    '    customers',
    '    due in 1 working day · owner record · cool-down 14 days · after 2 working days overdue to manager · background',
  ]);
});

test('one without a title is called by its id, one that is switched off says so', () => {
  expect(lines({ title: 'own', enabled: false })[0]).toBe(' 1  own (off)');
});

test.each<[ListedRule['when'], string]>([
  [{ phase: ['new', 'loyal'], tier: ['top'] }, 'phase new or loyal · tier top'],
  [{ gold: true }, 'gold'],
  [{ gold: false }, 'not gold'],
  [{ reasons: ['signal.*'], without: ['signal.notice'] }, 'reasons signal.* · without signal.notice'],
  [{ facts: { contactDue: true, priceOnly: false } }, 'contactDue yes · priceOnly no'],
  [{ facts: { followUp: ['due', 'overdue'] } }, 'followUp due or overdue'],
  [
    { facts: { rank: { max: 10 }, purchases: { min: 1, max: 3 } } },
    'rank at most 10 · purchases at least 1, at most 3',
  ],
  [{ facts: { lastContact: { known: false } } }, 'lastContact not known'],
  [
    { facts: { lastPurchase: { within: 30, notWithin: 7, since: 'lastContact' } } },
    'lastPurchase within 30 days, not within 7 days, since lastContact',
  ],
  [
    { facts: { anniversary: { ahead: 1, notSince: 'lastThanked' } } },
    'anniversary at most 1 day ahead, not since lastThanked',
  ],
])('%j is said in short', (when, words) => {
  expect(lines({ when })[1]).toBe(`    customers · ${words}`);
});
