import type { CustomerKey, Day, Minor, Phase, Tier } from '../domain.ts';
import { minorToDecimal } from '../money.ts';
import type { Format } from './format.ts';
import { picklistLabel } from './picklists.ts';
import { REPORT, type ReportWords } from './report-words.ts';
import { fill } from './template.ts';

/** What a calendar month brought to one connection. Codes and numbers; money in minor units of `org.currency`. */
export interface MonthReport {
  readonly connection: string;
  readonly org: { readonly id: string; readonly name: string; readonly currency: string };
  /** First and last day that it tells of, and the day that it is compared with. */
  readonly from: Day;
  readonly until: Day;
  readonly before: Day;
  /** False: the month is not over. */
  readonly isWhole: boolean;
  readonly standing: { readonly before: Standing; readonly after: Standing };
  /** What of the change of the base value is due to each factor. */
  readonly change: { readonly [part in 'number' | 'yield' | 'length' | 'total']: Minor };
  readonly flow: { readonly first: number; readonly again: number; readonly left: number };
  readonly moved: { readonly up: number; readonly down: number };
  readonly atRisk: { readonly before: Risk; readonly after: Risk };
  readonly lost: number;
  readonly wonBack: number;
  readonly lists: { readonly [list in List]: readonly ReportMove[] };
  readonly tasks: { readonly [count in 'made' | 'done' | 'notNeeded' | 'open' | 'overdue']: number };
  /** As it stands on the day of the report, whatever month it tells of. */
  readonly quality: {
    readonly asOf: Day;
    readonly unmatchedDeals: number;
    readonly setAside: number;
    readonly oddities: number;
  };
}
type List = 'up' | 'down' | 'atRisk' | 'wonBack' | 'lost';
interface Standing {
  readonly customers: number;
  readonly gold: number;
  readonly tiers: Readonly<Record<Tier, number>>;
  readonly phases: Readonly<Record<Phase, number>>;
  readonly base: {
    /** Who did business in the 12 months before. */
    readonly customers: number;
    readonly meanProfit: Minor | null;
    readonly meanYears: number | null;
    readonly value: Minor;
    readonly profit12: Minor;
  };
}
interface Risk {
  readonly customers: number;
  readonly profit12: Minor | null;
}
export interface ReportMove {
  readonly key: CustomerKey;
  readonly name: string;
  readonly before: Shown;
  readonly after: Shown;
}
interface Shown {
  readonly tier: Tier;
  readonly gold: boolean;
  readonly phase: Phase;
  readonly profit12: Minor;
}

/** The report in words: what a page, a PDF or a CSV file shows. */
export interface ReportPage {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly ReportSection[];
}
export interface ReportSection {
  readonly title: string;
  readonly text: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReportCell[])[];
}
export interface ReportCell {
  readonly text: string;
  /** For a file of numbers: plain, money in whole units of the currency. */
  readonly value: string | number | null;
}

const TIERS: readonly Tier[] = ['top', 'good', 'marginal', 'loss_making', 'none'];
const PHASES: readonly Phase[] = ['prospect', 'new', 'established', 'loyal', 'leaving', 'lost'];

export function reportPage(report: MonthReport, format: Format): ReportPage {
  const words = REPORT[format.language];
  const cells = cellsOf(format);
  const { from, until, org, isWhole } = report;
  const month = new Intl.DateTimeFormat(words.locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return {
    title: `${org.name}: ${month.format(Date.parse(`${from}T00:00:00Z`))}`,
    subtitle: fill(isWhole ? words.span : words.spanSoFar, { from, until }, format),
    sections: [
      baseSection(report, words, cells),
      tierSection(report, words, cells),
      phaseSection(report, words, cells),
      riskSection(report, words, cells),
      ...(['up', 'down', 'wonBack', 'lost'] as const).map((list) => listSection(report, list, words, cells)),
      tasksSection(report, words, cells),
      qualitySection(report, words, cells),
    ],
  };
}

interface Cells {
  readonly format: Format;
  readonly text: (text: string) => ReportCell;
  readonly number: (value: number | null) => ReportCell;
  readonly signed: (value: number) => ReportCell;
  readonly money: (amount: Minor | null) => ReportCell;
  readonly day: (day: Day) => string;
  readonly fill: (template: string, values: Parameters<typeof fill>[1]) => string;
}
function cellsOf(format: Format): Cells {
  const say: Cells['fill'] = (template, values) => fill(template, values, format);
  const number = (value: number | null) => ({ text: say('{value:number}', { value }), value });
  return {
    format,
    fill: say,
    number,
    text: (text) => ({ text, value: text }),
    signed: (value) => ({ text: `${value > 0 ? '+' : ''}${number(value).text}`, value }),
    money: (amount) => ({
      text: say('{amount:money}', { amount }),
      value: amount === null ? null : Number(minorToDecimal(amount)),
    }),
    day: (day) => say('{day:day}', { day }),
  };
}

type Section = (report: MonthReport, words: ReportWords, cells: Cells) => ReportSection;

const baseSection: Section = ({ standing, change, flow, before, until }, words, cells) => {
  const [then, now] = [standing.before.base, standing.after.base];
  const { text, number, money, day } = cells;
  const none = text('');
  return {
    title: words.base,
    text: cells.fill(words.baseText, flow),
    head: ['', day(before), day(until), words.ofTheChange],
    rows: [
      [text(words.customers), number(then.customers), number(now.customers), money(change.number)],
      [text(words.meanProfit), money(then.meanProfit), money(now.meanProfit), money(change.yield)],
      [text(words.meanYears), number(then.meanYears), number(now.meanYears), money(change.length)],
      [text(words.value), money(then.value), money(now.value), money(change.total)],
      [text(words.profit12), money(then.profit12), money(now.profit12), none],
    ],
  };
};

const tierSection: Section = ({ standing, moved, before, until }, words, cells) => {
  const { text, number, signed, day } = cells;
  const { language } = cells.format;
  const row = (label: string, then: number, now: number) => [
    text(label),
    number(then),
    number(now),
    signed(now - then),
  ];
  return {
    title: words.tiers,
    text: cells.fill(words.tiersText, moved),
    head: ['', day(before), day(until), words.change],
    rows: [
      ...TIERS.map((tier) =>
        row(picklistLabel('tier', tier, language), standing.before.tiers[tier], standing.after.tiers[tier]),
      ),
      row(words.gold, standing.before.gold, standing.after.gold),
    ],
  };
};

const phaseSection: Section = ({ standing, before, until }, words, cells) => {
  const { text, number, signed, day } = cells;
  const { language } = cells.format;
  return {
    title: words.phases,
    text: '',
    head: ['', day(before), day(until), words.change],
    rows: PHASES.map((phase) => {
      const [then, now] = [standing.before.phases[phase], standing.after.phases[phase]];
      return [text(picklistLabel('phase', phase, language)), number(then), number(now), signed(now - then)];
    }),
  };
};

const riskSection: Section = ({ atRisk, before, until, lists }, words, cells) => ({
  title: words.atRisk,
  text: cells.fill(words.atRiskText, {
    ...{ before, until },
    now: atRisk.after.customers,
    profit: atRisk.after.profit12 ?? 0,
    earlier: atRisk.before.customers,
    profitThen: atRisk.before.profit12 ?? 0,
  }),
  ...moves(lists.atRisk, words, cells),
});

function listSection(
  report: MonthReport,
  list: 'up' | 'down' | 'wonBack' | 'lost',
  words: ReportWords,
  cells: Cells,
): ReportSection {
  const all = { ...report.moved, wonBack: report.wonBack, lost: report.lost }[list];
  return {
    title: words[list],
    text: cells.fill(words.count[list], { all }),
    ...moves(report.lists[list], words, cells),
  };
}

function moves(
  list: readonly ReportMove[],
  words: ReportWords,
  { text, money, format: { language } }: Cells,
): Pick<ReportSection, 'head' | 'rows'> {
  const shown = ({ tier, gold, phase }: Shown) =>
    [
      picklistLabel('tier', tier, language),
      ...(gold ? [words.gold] : []),
      picklistLabel('phase', phase, language),
    ].join(', ');
  return {
    head: [words.customer, words.stoodBefore, words.standsNow, words.profit12],
    rows: list.map(({ name, before, after }) => [
      text(name),
      text(shown(before)),
      text(shown(after)),
      money(after.profit12),
    ]),
  };
}

const tasksSection: Section = ({ tasks }, words, { text, number }) => ({
  title: words.tasks,
  text: '',
  head: ['', words.number],
  rows: (['made', 'done', 'notNeeded', 'open', 'overdue'] as const).map((count) => [
    text(words.task[count]),
    number(tasks[count]),
  ]),
});

const qualitySection: Section = ({ quality }, words, { text, number, fill: say }) => ({
  title: words.quality,
  text: say(words.qualityText, { asOf: quality.asOf }),
  head: ['', words.number],
  rows: (['unmatchedDeals', 'setAside', 'oddities'] as const).map((count) => [
    text(words.found[count]),
    number(quality[count]),
  ]),
});
