import type { Minor, Phase, Tier } from '../domain.ts';
import type { BaseGroup, ChangedCustomer, Comparison, Migration } from '../jobs/compare-views.ts';
import { picklistLabel } from '../texts/picklists.ts';
import { fill } from '../texts/template.ts';
import { table } from './render.ts';

/** What a person reads of two looks at the customer base. */

const TIERS: readonly Tier[] = ['top', 'good', 'marginal', 'loss_making', 'none'];
const PHASES: readonly Phase[] = ['prospect', 'new', 'established', 'loyal', 'leaving', 'lost'];
const money = (amount: Minor, currency: string) =>
  fill('{amount:money}', { amount }, { language: 'en', currency });
const tierLabel = (tier: string) => picklistLabel('tier', tier, 'en');
const phaseLabel = (phase: string) => picklistLabel('phase', phase, 'en');

export function baseText(comparison: Comparison, currency: string): string {
  const { before, after, change, cohorts } = comparison;
  const amount = (value: Minor | null) => (value === null ? null : money(value, currency));
  const factors = [
    ['customers', before.base.customers, after.base.customers, amount(change.number)],
    [
      'mean profit a year',
      amount(before.base.meanProfit),
      amount(after.base.meanProfit),
      amount(change.yield),
    ],
    ['mean years', before.base.meanYears, after.base.meanYears, amount(change.length)],
    ['= value of the base', amount(before.base.value), amount(after.base.value), amount(change.total)],
  ];
  const groups = (title: string, of: 'byTier' | 'byPhase' | 'bySource', label: (name: string) => string) => {
    const held = new Set([...Object.keys(before.base[of]), ...Object.keys(after.base[of])]);
    const known: readonly string[] = [...TIERS, ...PHASES].filter((name) => held.has(name));
    const names = [...known, ...[...held].filter((name) => !known.includes(name)).sort()];
    const rows = names.map((name) => {
      const [left, right] = [before.base[of][name], after.base[of][name]];
      return [label(name), ...groupCells(left, amount), ...groupCells(right, amount)];
    });
    return [
      `${title}:`,
      table([title, 'customers', 'profit', 'years', 'customers', 'profit', 'years'], rows),
    ];
  };
  return [
    `Customer base, ${before.base.asOf} and ${after.base.asOf}: who did business in the 12 months before`,
    table(['', before.base.asOf, after.base.asOf, 'of the change'], factors),
    `The three parts add up exactly (${change.method === 'lmdi' ? 'logarithmic mean Divisia index' : 'Shapley, as a factor is not positive'}).`,
    '',
    ...groups('tier', 'byTier', tierLabel),
    ...groups('phase', 'byPhase', phaseLabel),
    ...groups('source', 'bySource', (name) => name || '(not known)'),
    'Tiers, from (rows) and to (columns):',
    movesTable(comparison.tierMoves, TIERS, tierLabel),
    'Phases, from (rows) and to (columns):',
    movesTable(comparison.phaseMoves, PHASES, phaseLabel),
    'Customers by the year of their first purchase, and the share not yet lost after 1, 2, 3 … years:',
    table(
      ['year', 'customers', 'lost', 'mean years', 'kept'],
      cohorts.map(({ year, customers, lost, meanYears, kept }) => [
        year,
        customers,
        lost,
        meanYears,
        kept.map((share) => `${Math.round(share * 100)} %`).join(' '),
      ]),
    ),
  ].join('\n');
}

function groupCells(group: BaseGroup | undefined, amount: (value: Minor | null) => string | null) {
  return group ? [group.customers, amount(group.profit), group.meanYears] : [null, null, null];
}

function movesTable<State extends Tier | Phase>(
  moves: Migration<State>,
  states: readonly State[],
  label: (state: string) => string,
): string {
  const rows = states.flatMap((from) => {
    const row = moves[from];
    return row ? [[label(from), ...states.map((to) => row[to] ?? null)]] : [];
  });
  return table(['', ...states.map(label)], rows);
}

export function whatIfText({ before, after, changed, tierMoves }: Comparison, currency: string): string {
  const counted = (of: 'tiers' | 'phases', names: readonly string[], label: (name: string) => string) =>
    names.map((name) => {
      const [left, right] = [before, after].map((side) => (side[of] as Record<string, number>)[name] ?? 0);
      return [label(name), left ?? 0, right ?? 0, signed((right ?? 0) - (left ?? 0))];
    });
  const rows = [
    ...counted('tiers', TIERS, tierLabel),
    ['Gold', before.gold, after.gold, signed(after.gold - before.gold)],
    ...counted('phases', PHASES, phaseLabel),
  ];
  return [
    `What if: ${changed.customers} of ${after.customers} customers would change (tier ${changed.tier}, gold ${changed.gold}, phase ${changed.phase}). Nothing was saved.`,
    table(['', 'now', 'then', 'change'], rows),
    'Tiers, from (rows) and to (columns):',
    movesTable(tierMoves, TIERS, tierLabel),
    ...(changed.first.length > 0
      ? [
          `Most profit at stake (${changed.first.length} of ${changed.customers}):`,
          table(
            ['customer', 'id', 'now', 'then', 'profit now', 'profit then'],
            changed.first.map((one) => changedCells(one, currency)),
          ),
        ]
      : []),
  ].join('\n');
}

function signed(change: number): string {
  return change > 0 ? `+${change}` : String(change);
}
function changedCells({ name, key, before, after }: ChangedCustomer, currency: string): string[] {
  const standing = ({ tier, gold, phase }: ChangedCustomer['before']) =>
    `${tierLabel(tier)}${gold ? ' (gold)' : ''}, ${phaseLabel(phase)}`;
  return [
    name,
    key.id,
    standing(before),
    standing(after),
    money(before.profit12, currency),
    money(after.profit12, currency),
  ];
}
