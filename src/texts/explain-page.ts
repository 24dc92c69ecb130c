import { daysBetween } from '../days.ts';
import type { FieldKey, Minor, RecordId } from '../domain.ts';
import type { Reason, Score } from '../scores.ts';
import type { Format } from './format.ts';
import { emptyReason, fieldLabel } from './labels.ts';
import { picklistLabel } from './picklists.ts';
import { renderReason } from './reasons.ts';
import { renderNextStep, shownPhase } from './render.ts';
import { TEXTS } from './tables.ts';
import { fill } from './template.ts';

/** Names of records that reasons point to, where they are known; by id. */
export type RecordNames = ReadonlyMap<RecordId, string>;

/** Told at the end, in small print: on what the numbers rest, not what they say. */
const BASIS = [
  'money.time',
  'money.line_costs',
  'money.billed',
  'relationship.truncated',
  'rfm.',
  'model.fit',
  'model.no_dropout',
  'contact.channels',
] as const;
/** These stand above the reasons already. */
const SHOWN_ABOVE = ['money.window', 'relationship.since'] as const;

/**
 * One customer for a person at a terminal: what to do first, then what it is worth and why, with counts of days and ranks,
 * and at the end on what that rests.
 */
export function renderExplainPage(score: Score, format: Format, names: RecordNames = new Map()): string {
  const { page } = TEXTS[format.language];
  const { key, name, asOf } = score;
  const isOf = (code: string, prefixes: readonly string[]) =>
    prefixes.some((prefix) => code.startsWith(prefix));
  const told = (prefixes: readonly string[], except: readonly string[] = [...BASIS, ...SHOWN_ABOVE]) =>
    prefixes.flatMap((prefix) =>
      score.reasons
        .filter(({ code }) => code.startsWith(prefix) && !isOf(code, except))
        .map((reason) => `  * ${withRecords(reason, format, names)}`),
    );
  return [
    fill(page.as_of, { name, module: key.module, asOf }, format),
    '',
    `${page.next}: ${renderNextStep(score, format)}`,
    '',
    `${page.value}: ${tierLine(score, format)}`,
    ...moneyLines(score, format),
    ...told(['tier.', 'gold.', 'money.', 'goodwill.', 'effort.', 'contribution.', 'family.']),
    '',
    `${page.relation}: ${phaseLine(score, format)}`,
    ...relationLines(score, format),
    ...told(['phase.', 'signal.', 'cadence.', 'offer.', 'unread.', 'relationship.', 'source.']),
    '',
    ...section(page.outlook, told(['outlook.', 'model.'])),
    `${page.contact}:`,
    ...contactLines(score, format),
    ...told(['contact.']),
    '',
    ...section(page.profile, told(['profile.'])),
    ...unfilledLines(score, format),
    ...section(page.basis, told(BASIS, [])),
    fill(page.record, { id: key.id }, format),
  ].join('\n');
}

/** Nothing at all where there is nothing to tell. */
function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines, ''];
}

/** A sentence that names its record needs no number beside it. */
const NAMES_ITS_RECORD = ['subject', 'deal'] as const;
const MOST_RECORDS = 5;

function withRecords(reason: Reason, format: Format, names: RecordNames): string {
  const text = renderReason(reason, format);
  const records = reason.records ?? [];
  const isNamed = NAMES_ITS_RECORD.some((param) => (reason.params[param] ?? '') !== '');
  if (records.length === 0 || isNamed) return text;
  const shown = records
    .slice(0, MOST_RECORDS)
    .map(({ module, id }) => names.get(id) ?? fill('{module:module} {id}', { module, id }, format));
  if (records.length > MOST_RECORDS) shown.push('…');
  return `${text} [${shown.join(', ')}]`;
}

function tierLine(score: Score, format: Format): string {
  const { page } = TEXTS[format.language];
  const tier = picklistLabel('tier', score.tier, format.language);
  const population = score.reasons.find(({ params }) => params.population !== undefined)?.params.population;
  const rank = fill(`[${page.rank}]`, { rank: score.rank, population }, format);
  return [score.gold ? `${tier} (${page.gold})` : tier, rank].filter(Boolean).join(', ');
}

/** Since when is not told on the day itself: a first score knows no earlier one. */
function phaseLine(score: Score, format: Format): string {
  const { page } = TEXTS[format.language];
  const isWonBack = score.phase === 'new' && score.subPhase === 'won_back';
  const phase = fill(isWonBack ? page.won_back : '{phase:phase}', { phase: shownPhase(score) }, format);
  if (score.phaseSince === score.asOf) return phase;
  return `${phase} ${fill(page.since, { since: score.phaseSince }, format)}`;
}

function moneyLines({ window12, total, reasons }: Score, format: Format): string[] {
  const { page } = TEXTS[format.language];
  const rows: [string, Minor][] = [
    [page.revenue, window12.revenue],
    [page.direct, window12.directCost],
    [page.serve, window12.costToServe],
    [page.profit, window12.profit],
  ];
  const shown = rows.map(([label, amount]) => [label, fill('{amount:money2}', { amount }, format)] as const);
  const width = Math.max(...shown.map(([label]) => label.length));
  const amountWidth = Math.max(...shown.map(([, amount]) => amount.length));
  const window = reasons.find(({ code }) => code === 'money.window');
  return [
    ...(window ? [`  ${fill(page.window, window.params, format)}`] : []),
    ...shown.map(([label, amount]) => `  ${label.padEnd(width)}  ${amount.padStart(amountWidth)}`),
    `  ${fill(page.total, { ...total }, format)}`,
  ];
}

function relationLines(score: Score, format: Format): string[] {
  const { page } = TEXTS[format.language];
  const { firstPurchase: first, lastPurchase: last, asOf } = score;
  if (first === null || last === null) return [];
  const { purchases, relationshipMonths: months, usualIntervalDays: interval, overdueRatio: ratio } = score;
  // Below one interval nothing is late, and a fraction of one tells nobody anything.
  const shownRatio = ratio !== null && ratio >= 1 ? Math.round(ratio * 10) / 10 : null;
  const since = daysBetween(last, asOf);
  return [
    fill(page.purchases, { purchases, first, last, months }, format),
    fill(page.interval, { interval: interval && Math.round(interval), ratio: shownRatio, since }, format),
  ].map((line) => `  ${line}`);
}

function contactLines(score: Score, format: Format): string[] {
  const { contactGapDays: gap, plannedContactDays: plan, contactStatus: status } = score;
  if (gap === null) return [];
  return [`  ${fill(TEXTS[format.language].page.gap, { gap, plan, status }, format)}`];
}

function unfilledLines({ unfilled }: Score, { language }: Format): string[] {
  const { page } = TEXTS[language];
  const lines = Object.entries(unfilled).map(([key, code]) => {
    // Object.entries forgets the key type of `unfilled`.
    return `  ${fieldLabel(key as FieldKey, language)}: ${emptyReason(code, language)}`;
  });
  return section(page.unfilled, lines);
}
