import type { Minor, Phase, Tier } from '../domain.ts';
import type {
  BaseChange,
  BaseGroup,
  ChangedCustomer,
  ComparedViews,
  Comparison,
  Grouping,
  Migration,
} from '../jobs/compare-views.ts';
import { minor } from '../money.ts';
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
  const { before, after, change, cohorts, flow } = comparison;
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
    ['profit of 12 months', amount(before.base.profit), amount(after.base.profit), null],
  ];
  return [
    `Customer base, ${before.base.asOf} and ${after.base.asOf}: who did business in the 12 months before`,
    table(['', before.base.asOf, after.base.asOf, 'of the change'], factors),
    `The three parts add up exactly (${change.method === 'lmdi' ? 'logarithmic mean Divisia index' : 'Shapley, as a factor is not positive'}).`,
    `Customers: ${before.base.customers} - ${flow.left} without business now + ${flow.again} back after a year without + ${flow.first} new = ${after.base.customers}.`,
    '',
    ...groupTables(comparison, 'tier', 'byTier', tierLabel, amount),
    ...groupTables(comparison, 'phase', 'byPhase', phaseLabel, amount),
    ...groupTables(comparison, 'source', 'bySource', (name) => name || '(not known)', amount),
    'Tiers, from (rows) and to (columns):',
    movesTable(comparison.tierMoves, TIERS, tierLabel),
    'Phases, from (rows) and to (columns):',
    movesTable(comparison.phaseMoves, PHASES, phaseLabel),
    'Customers by the year of their first purchase, and the share not yet lost after 1, 2, 3 … years:',
    table(
      ['year', 'customers', 'lost', 'mean years so far', 'kept'],
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

type Amount = (value: Minor | null) => string | null;

/** The groups of both dates, with what their values leave unexplained: groups differ in length as well as in profit. */
function groupTables(
  { before, after, change, groupChanges }: Comparison,
  title: string,
  of: Grouping,
  label: (name: string) => string,
  amount: Amount,
): string[] {
  const changes = groupChanges[of];
  const known: readonly string[] = [...TIERS, ...PHASES].filter((name) => name in changes);
  const names = [...known, ...Object.keys(changes).filter((name) => !known.includes(name))];
  const cells = (group: BaseGroup | undefined) =>
    group
      ? [group.customers, amount(group.profit), group.meanYears, amount(group.value)]
      : [null, null, null, null];
  const rest = ({ base }: Comparison['before']) =>
    minor(names.reduce<number>((left, name) => left - (base[of][name]?.value ?? 0), base.value));
  const parts = ({ number, yield: mean, length, total }: BaseChange) =>
    [number, mean, length, total].map((part) => amount(part));
  return [
    `By ${title}, ${before.base.asOf} and ${after.base.asOf}:`,
    table(
      [title, 'customers', 'profit', 'years', 'value', 'customers', 'profit', 'years', 'value'],
      [
        ...names.map((name) => [
          label(name),
          ...cells(before.base[of][name]),
          ...cells(after.base[of][name]),
        ]),
        ['between groups', null, null, null, amount(rest(before)), null, null, null, amount(rest(after))],
        ['= base', ...cells(before.base), ...cells(after.base)],
      ],
    ),
    `Change of the value by ${title}, and what of it is due to number, profit and length:`,
    table(
      [title, 'number', 'profit', 'length', 'change'],
      [
        ...names.flatMap((name) => (changes[name] ? [[label(name), ...parts(changes[name])]] : [])),
        ['between groups', null, null, null, amount(minor(rest(after) - rest(before)))],
        ['= base', ...parts(change)],
      ],
    ),
    '',
  ];
}

function movesTable<State extends Tier | Phase>(
  moves: Migration<State>,
  states: readonly State[],
  label: (state: string) => string,
): string {
  const rows = states.flatMap((from) => {
    const row = moves[from];
    if (!row) return [];
    const counts = states.map((to) => row[to] ?? null);
    return [[label(from), ...counts, counts.reduce<number>((sum, count) => sum + (count ?? 0), 0)]];
  });
  const sums = states.map((to) => states.reduce((sum, from) => sum + (moves[from]?.[to] ?? 0), 0));
  const all = ['all', ...sums, sums.reduce((sum, count) => sum + count, 0)];
  return table(['', ...states.map(label), 'all'], [...rows, all]);
}

export function whatIfText(
  { before, after, changed, tierMoves, phaseMoves, leads }: ComparedViews,
  currency: string,
): string {
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
    'Both sets of rules judge as at a first scoring: what was shown before holds nothing back.',
    table(['', 'now', 'then', 'change'], rows),
    'Tiers, from (rows) and to (columns):',
    movesTable(tierMoves, TIERS, tierLabel),
    ...(changed.phase > 0
      ? ['Phases, from (rows) and to (columns):', movesTable(phaseMoves, PHASES, phaseLabel)]
      : []),
    ...(changed.first.length > 0
      ? [
          `Most profit at stake (${changed.first.length} of ${changed.customers}):`,
          table(
            ['customer', 'id', 'now', 'then', 'profit now', 'profit then'],
            changed.first.map((one) => changedCells(one, currency)),
          ),
        ]
      : []),
    ...leadLines(leads, currency),
  ].join('\n');
}

/** Nothing where the org has no leads. */
function leadLines({ before, after, changed }: ComparedViews['leads'], currency: string): string[] {
  const open = ({ onTime, due, overdue, closed }: typeof before) => onTime + due + overdue + closed;
  if (open(before) + open(after) === 0) return [];
  const counted = (label: string, left: number, right: number) => [label, left, right, signed(right - left)];
  const followUp = (status: string | null) => (status === null ? 'closed' : status.replace('_', ' '));
  const worth = (value: Minor | null) => (value === null ? '' : money(value, currency));
  return [
    `Leads: ${changed.leads} would change (follow-up ${changed.followUp}, expected value ${changed.expectedValue}).`,
    table(
      ['', 'now', 'then', 'change'],
      [
        counted('On time', before.onTime, after.onTime),
        counted('Due', before.due, after.due),
        counted('Overdue', before.overdue, after.overdue),
        counted('Closed', before.closed, after.closed),
        [
          'Expected value',
          worth(before.expectedValue),
          worth(after.expectedValue),
          worth(minor(after.expectedValue - before.expectedValue)),
        ],
      ],
    ),
    ...(changed.first.length > 0
      ? [
          `Most value at stake (${changed.first.length} of ${changed.leads}):`,
          table(
            ['lead', 'id', 'now', 'then', 'value now', 'value then'],
            changed.first.map(({ name, id, before: was, after: is }) => [
              name,
              id,
              followUp(was.followUp),
              followUp(is.followUp),
              worth(was.expectedValue),
              worth(is.expectedValue),
            ]),
          ),
        ]
      : []),
  ];
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
