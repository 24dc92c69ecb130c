import { expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import { minor } from '../../../src/money.ts';
import { picklistActual } from '../../../src/plan/field-catalog.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { cell, type Row, tableRows, withoutMarks } from '../../support/markdown.ts';
import { ASOF, aBaseline, aTouch, type FactChange, RULES, someFacts } from './builders.ts';

const PAGE = 'docs/decisions.md';
type Conditions = Readonly<Record<string, string>>;

/** The result of the first row whose cells all fit; also counts which rows were ever needed. */
class DecisionTable {
  readonly used = new Set<number>();
  readonly rows: readonly Row[];
  readonly #result: string;

  constructor(heading: string, result: string) {
    this.rows = tableRows(PAGE, heading).filter((row) => row.has(result));
    this.#result = result;
  }

  decide(facts: Conditions): string {
    const at = this.rows.findIndex((row) =>
      [...row].every(
        ([title, wanted]) => title === this.#result || wanted === '–' || wanted === factOf(facts, title),
      ),
    );
    const row = this.rows[at];
    if (!row) throw new Error(`no row fits ${JSON.stringify(facts)}`);
    this.used.add(at);
    return withoutMarks(cell(row, this.#result));
  }
}

function factOf(facts: Conditions, title: string): string {
  const found = facts[withoutMarks(title)];
  if (found === undefined) throw new Error(`the table asks for "${title}", which this test does not vary`);
  return found;
}
const yesNo = (fact: boolean) => (fact ? 'yes' : 'no');
const ago = (days: number) => addDays(ASOF, -days);

test('tier and gold: every combination of business, profit, rank, cut and number of customers', () => {
  const tiers = new DecisionTable('## Tier', 'tier');
  const golds = new DecisionTable('## Gold', 'gold');
  // Of 100 others: top from 81.00, gold from 91.00, good from 40.50.
  const profits = [-5, 0, 10, 40.49, 40.5, 80.5, 81.5, 90.5, 91.5, 150];
  let cases = 0;
  for (const profit of profits)
    for (const isRecent of [true, false])
      for (const enough of [true, false])
        for (const goodCut of [minor(4050), null]) {
          const baseline = aBaseline({ topAvailable: enough, goldAvailable: enough, goodCut });
          const bought = [[ago(isRecent ? 100 : 400), 200, 200 - profit]] as const;
          const { score } = scoreCustomer(someFacts({ bought }), null, baseline, RULES, ASOF);
          const facts = {
            'business in the window': yesNo(isRecent),
            profit: profit < 0 ? 'below 0' : profit === 0 ? '0' : 'above 0',
            'among the first topPercent %': yesNo(profit > 81),
            'among the first goldPercent %': yesNo(profit > 91),
            'at least G': yesNo(goodCut !== null && profit >= 40.5),
            'enough customers': yesNo(enough),
          };
          expect([facts, picklistActual('tier', score.tier)]).toEqual([facts, tiers.decide(facts)]);
          if (isRecent) expect([facts, yesNo(score.gold)]).toEqual([facts, golds.decide(facts)]);
          cases += 1;
        }

  expect(cases).toBe(80);
  expect([tiers.used.size, golds.used.size]).toEqual([tiers.rows.length, golds.rows.length]);
});

/** Purchases so many days ago, with what they are by the words of the page (the usual gap of all is 60 days). */
const HISTORIES: readonly { bought: readonly number[]; is: readonly string[] }[] = [
  { bought: [], is: [] },
  { bought: [0], is: ['bought today', 'first today', 'new'] },
  { bought: [20], is: ['new'] },
  { bought: [200], is: ['new'] },
  { bought: [201], is: ['hard', 'new'] },
  { bought: [240], is: ['lost', 'hard', 'new'] },
  { bought: [89, 20], is: ['new'] },
  { bought: [90, 20], is: [] },
  { bought: [240, 180, 120], is: ['hard'] },
  { bought: [239, 179, 119], is: [] },
  { bought: [360, 300, 240], is: ['lost', 'hard'] },
  { bought: [2731, 1731, 731], is: ['lost'] },
  { bought: [700, 640, 580, 10], is: ['back'] },
  { bought: [740, 600, 300, 240, 180, 120, 60, 1], is: ['loyal'] },
  { bought: [740, 600, 300, 240, 180, 120, 60, 0], is: ['loyal', 'bought today'] },
  { bought: [700, 600, 300, 240, 180, 120, 60, 1], is: [] },
];
const SOFT: readonly { count: number; isSevere?: true; facts: FactChange }[] = [
  { count: 0, facts: {} },
  { count: 1, facts: { survey: 4 } },
  { count: 1, isSevere: true, facts: { cases: [anOpenCase()] } },
  { count: 2, facts: { survey: 4, keyContactLeft: { id: '1', name: 'P', day: ago(5) } } },
  { count: 2, isSevere: true, facts: { survey: 4, cases: [anOpenCase()] } },
];
function anOpenCase() {
  return { id: '1', subject: 'Late delivery', openedDay: ago(9), open: true, high: true };
}
const CONTRACTS = {
  none: null,
  notice: { endDay: null, noticeDay: ASOF },
  running: { endDay: addDays(ASOF, 200), noticeDay: null },
  'ends soon': { endDay: addDays(ASOF, 20), noticeDay: null },
  ended: { endDay: ago(2), noticeDay: null },
} as const;

test('phase: every combination of history, closing, contract, open deal and soft signals', () => {
  const table = new DecisionTable('## Phase', 'phase');
  const wrong: unknown[] = [];
  let cases = 0;
  for (const { bought, is } of HISTORIES)
    for (const isClosed of [true, false])
      for (const isDealOpen of [true, false])
        for (const soft of SOFT)
          for (const [name, contract] of Object.entries(CONTRACTS)) {
            const last = bought.at(-1) ?? null;
            // What was bought since the end shows that it goes on without a contract: another matter.
            if (name === 'ended' && last !== null && last <= 2) continue;
            const facts = someFacts({
              bought: bought.map((days) => [ago(days), 100, 60] as const),
              closed: isClosed ? { word: 'Dissolved' } : null,
              openDeals: isDealOpen ? [{ id: '1', name: 'Frame contract', createdDay: ago(60) }] : [],
              contract,
              ...soft.facts,
            });
            const hasEnd = contract !== null && contract.endDay !== null;
            const conditions = {
              closed: yesNo(isClosed),
              'ever bought': yesNo(last !== null),
              lost: yesNo(hasEnd ? name === 'ended' : is.includes('lost')),
              'open deal': yesNo(isDealOpen),
              'notice or contract end': yesNo(name === 'notice' || (name === 'ends soon' && !isDealOpen)),
              'other hard signal': yesNo(is.includes('hard')),
              'soft signals': String(soft.count),
              'bought today': yesNo(is.includes('bought today')),
              'first purchase today': yesNo(is.includes('first today')),
              // Under contract it was never lost, so it did not come back either.
              new: yesNo(is.includes('new') || (is.includes('back') && !hasEnd)),
              loyal: yesNo(is.includes('loyal') && !soft.isSevere),
            };
            const { score } = scoreCustomer(facts, null, aBaseline(), RULES, ASOF);
            const shown = picklistActual('phase', score.phase);
            const told = table.decide(conditions);
            if (shown !== told) wrong.push({ bought, contract: name, conditions, shown, told });
            cases += 1;
          }

  expect(wrong.slice(0, 3)).toEqual([]);
  expect(cases).toBeGreaterThan(1_400);
  expect(table.used.size).toBe(table.rows.length);
});

test('sub-phase of a prospect: every combination', () => {
  const table = new DecisionTable('## Prospect: sub-phase', 'sub-phase');
  for (const isDealOpen of [true, false])
    for (const [days, words] of [
      [null, 'never'],
      [10, '180 days ago or less'],
      [180, '180 days ago or less'],
      [181, 'more than 180 days ago'],
    ] as const) {
      const facts = someFacts({
        openDeals: isDealOpen ? [{ id: '1', name: 'First order', createdDay: ago(5) }] : [],
        touches: days === null ? [] : [aTouch(ago(days))],
      });
      const { score } = scoreCustomer(facts, null, aBaseline(), RULES, ASOF);
      const conditions = { 'open deal': yesNo(isDealOpen), 'two-way contact': words };
      expect([conditions, score.subPhase]).toEqual([conditions, table.decide(conditions)]);
    }

  expect(table.used.size).toBe(table.rows.length);
});
