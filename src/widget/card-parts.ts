import { el } from './elements.ts';
import { dayOfUser } from './format.ts';
import type { Shell } from './shell.ts';
import { fill } from './texts/tables.ts';
import type { CustomerValues, Option } from './values.ts';

/** Parts that the whole card, the compact one and the worklist share. */

type Words = Pick<Shell, 'texts' | 'format'>;

export function tierBadge({ texts }: Words, tier: Option | null): HTMLElement | null {
  if (tier === null) return null;
  return el('span', { class: 'tier', 'data-code': tier.code }, wordOf(texts.tier, tier));
}

/** In the language of the user; an option of somebody's own making as it stands. */
export function wordOf(words: { readonly [code: string]: string }, { code, text }: Option): string {
  return (code === null ? undefined : words[code]) ?? text;
}

export function headLine(words: Words, values: CustomerValues): HTMLElement {
  const { texts, format } = words;
  const { tier, phase, isGold, rank } = values;
  return el(
    'header',
    { class: 'head' },
    tierBadge(words, tier),
    phase === null
      ? null
      : el('span', { class: 'phase', 'data-code': phase.code }, wordOf(texts.phase, phase)),
    isGold ? el('span', { class: 'gold' }, texts.label.gold) : null,
    rank === null
      ? null
      : el('span', { class: 'rank' }, fill(texts.label.rank, { rank: format.number(rank) })),
  );
}

export interface Figure {
  readonly label: string;
  readonly value: string | null;
  readonly hint?: string | null;
  readonly isLoss?: boolean;
}

export function figures(unknown: string, list: readonly Figure[]): HTMLElement {
  const items = list.map(({ label, value, hint, isLoss }) =>
    el(
      'div',
      { class: 'figure' },
      el('dt', {}, label),
      el('dd', { class: value === null ? 'unknown' : isLoss ? 'loss' : null }, value ?? unknown),
      hint ? el('dd', { class: 'hint' }, hint) : null,
    ),
  );
  return el('dl', { class: 'figures' }, ...items);
}

/** Money of the two years that stand side by side. */
export function moneyFigures({ texts, format }: Words, values: CustomerValues): Figure[] {
  const { profit, expected, range } = values;
  const { label } = texts;
  return [
    { label: label.profit, value: profit === null ? null : format.money(profit), isLoss: (profit ?? 0) < 0 },
    {
      label: label.expected,
      value: expected === null ? null : format.money(expected),
      hint: range && fill(label.range, { ...range }),
      isLoss: (expected ?? 0) < 0,
    },
  ];
}

export function section(title: string, ...content: readonly (Node | string | null)[]): HTMLElement {
  return el('section', {}, el('h2', {}, title), ...content);
}

export function nextStep({ texts }: Words, step: string | null): HTMLElement {
  const none = texts.none.nextStep;
  return section(texts.label.nextStep, el('p', { class: step === null ? 'none' : 'step' }, step ?? none));
}

export function lastContact({ texts, format }: Words, values: CustomerValues): HTMLElement {
  const { lastContact: day, contactStatus: status, contactSummary } = values;
  const title = texts.label.lastContact;
  if (day === null) return section(title, el('p', { class: 'none' }, texts.none.lastContact), statusOf());
  return section(
    title,
    el(
      'p',
      {},
      el('time', { datetime: day }, format.day(day)),
      ` · ${format.ago(day, dayOfUser(new Date()))} `,
      statusOf(),
    ),
    contactSummary === null ? null : el('p', { class: 'hint' }, contactSummary),
  );

  function statusOf(): HTMLElement | null {
    if (status === null) return null;
    return el('span', { class: 'plan', 'data-code': status.code }, wordOf(texts.contact_status, status));
  }
}

const FIRST_REASONS = 4;
export function reasonList({ texts }: Words, reasons: readonly string[]): HTMLElement | null {
  if (reasons.length === 0) return null;
  const items = (of: readonly string[]) => el('ul', {}, ...of.map((reason) => el('li', {}, reason)));
  if (reasons.length <= FIRST_REASONS + 1) return section(texts.label.reasons, items(reasons));
  const summary = fill(texts.more.reasons, { count: String(reasons.length) });
  return section(
    texts.label.reasons,
    items(reasons.slice(0, FIRST_REASONS)),
    el('details', {}, el('summary', {}, summary), items(reasons.slice(FIRST_REASONS))),
  );
}
