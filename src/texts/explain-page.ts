import { daysBetween } from '../days.ts';
import type { FieldKey, Minor } from '../domain.ts';
import type { Reason, Score } from '../scores.ts';
import type { Format } from './format.ts';
import { emptyReason, fieldLabel } from './labels.ts';
import { picklistLabel } from './picklists.ts';
import { renderReason } from './reasons.ts';
import { renderNextStep, shownPhase } from './render.ts';
import { TEXTS } from './tables.ts';
import { fill } from './template.ts';

/** One customer for a person at a terminal: arithmetic, inputs and reasons, with counts of days and ranks. */
export function renderExplainPage(score: Score, format: Format): string {
  const { page } = TEXTS[format.language];
  const { key, name, asOf } = score;
  const reasons = (...prefixes: string[]) =>
    score.reasons
      .filter(({ code }) => prefixes.some((prefix) => code.startsWith(prefix)))
      .map((reason) => `  * ${withRecords(reason, format)}`);
  return [
    fill(page.as_of, { name, module: key.module, id: key.id, asOf }, format),
    '',
    `${page.value}: ${tierLine(score, format)}`,
    ...moneyLines(score, format),
    ...reasons('tier.', 'gold.', 'money.', 'goodwill.', 'effort.', 'contribution.', 'family.'),
    '',
    `${page.relation}: ${phaseLine(score, format)}`,
    ...relationLines(score, format),
    ...reasons('phase.', 'signal.', 'relationship.', 'source.', 'cadence.', 'rfm.', 'offer.'),
    '',
    ...outlookLines(reasons('outlook.', 'model.'), format),
    `${page.contact}:`,
    ...contactLines(score, format),
    ...reasons('contact.'),
    '',
    ...profileLines(reasons('profile.'), format),
    `${page.next}: ${renderNextStep(score, format)}`,
    '',
    ...unfilledLines(score, format),
  ].join('\n');
}

function withRecords(reason: Reason, format: Format): string {
  const records = (reason.records ?? []).map(({ module, id }) => `${module} ${id}`);
  const text = renderReason(reason, format);
  return records.length === 0 ? text : `${text} [${records.join(', ')}]`;
}

function tierLine(score: Score, format: Format): string {
  const { page } = TEXTS[format.language];
  const tier = picklistLabel('tier', score.tier, format.language);
  const population = score.reasons.find(({ params }) => params.population !== undefined)?.params.population;
  const rank = fill(`[${page.rank}]`, { rank: score.rank, population }, format);
  return [score.gold ? `${tier} (${page.gold})` : tier, rank].filter(Boolean).join(', ');
}

function phaseLine(score: Score, format: Format): string {
  const phase = picklistLabel('phase', shownPhase(score), format.language);
  return `${phase} ${fill(TEXTS[format.language].page.since, { since: score.phaseSince }, format)}`;
}

function moneyLines({ window12, total }: Score, format: Format): string[] {
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
  return [
    ...shown.map(([label, amount]) => `  ${label.padEnd(width)}  ${amount.padStart(amountWidth)}`),
    `  ${fill(page.total, { ...total }, format)}`,
  ];
}

function relationLines(score: Score, format: Format): string[] {
  const { page } = TEXTS[format.language];
  const { firstPurchase: first, lastPurchase: last, asOf } = score;
  if (first === null || last === null) return [];
  const { purchases, relationshipMonths: months, usualIntervalDays: interval, overdueRatio: ratio } = score;
  return [
    fill(page.purchases, { purchases, first, last, months }, format),
    fill(page.interval, { interval, ratio, since: daysBetween(last, asOf) }, format),
  ].map((line) => `  ${line}`);
}

function contactLines(score: Score, format: Format): string[] {
  const { contactGapDays: gap, plannedContactDays: plan, contactStatus: status } = score;
  if (gap === null) return [];
  return [`  ${fill(TEXTS[format.language].page.gap, { gap, plan, status }, format)}`];
}

/** Only for buyers. */
function outlookLines(lines: readonly string[], format: Format): string[] {
  return lines.length === 0 ? [] : [`${TEXTS[format.language].page.outlook}:`, ...lines, ''];
}

/** Only where somebody filled something in. */
function profileLines(lines: readonly string[], format: Format): string[] {
  return lines.length === 0 ? [] : [`${TEXTS[format.language].page.profile}:`, ...lines, ''];
}

function unfilledLines({ unfilled }: Score, { language }: Format): string[] {
  const { page } = TEXTS[language];
  const lines = Object.entries(unfilled).map(([key, code]) => {
    // Object.entries forgets the key type of `unfilled`.
    return `  ${fieldLabel(key as FieldKey, language)}: ${emptyReason(code, language)}`;
  });
  return lines.length === 0 ? [] : [`${page.unfilled}:`, ...lines];
}
