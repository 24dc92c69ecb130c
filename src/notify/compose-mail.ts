import type { z } from 'zod';
import type { Severity } from '../alerts.ts';
import { type AlertMailWords, alertMailWords, alertText } from '../texts/alerts.ts';
import { type Digest, digestText } from '../texts/digest.ts';
import type { Format } from '../texts/format.ts';
import type { EVENT_DATA } from './event-types.ts';

/** Words of mails, as text and as HTML that says the same. Pure. */

export interface ComposedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}
/** What became of an alert. */
export interface AlertChange {
  readonly change: 'opened' | 'worsened' | 'recovered';
  readonly alert: z.infer<(typeof EVENT_DATA)['alert.opened']>['alert'];
}
interface Written extends Format {
  readonly names: { readonly connection: string; readonly org: string };
  /** Where the admin pages are; null: nowhere that a reader could open. */
  readonly publicUrl: string | null;
  /** Where the reader stops more of its kind; null: nowhere. */
  readonly stopUrl: string | null;
}

const RANK: { readonly [S in Severity]: number } = { critical: 0, warning: 1, info: 2 };

/** Each alert once, as it stands after the last of its changes; the worst first. */
export function composeAlertMail(changes: readonly AlertChange[], written: Written): ComposedMail {
  const words = alertMailWords(written.language);
  const last = [...new Map(changes.map((change) => [change.alert.id, change])).values()];
  last.sort((left, right) => RANK[left.alert.severity] - RANK[right.alert.severity]);
  const parts = last.map((change) => partOf(change, words, written));
  const more = parts.length > 1 ? ` (+${parts.length - 1})` : '';
  const foot = footOf(words, written);
  return {
    subject: `${written.names.org}: ${parts[0]?.title ?? ''}${more}`,
    text: [
      ...parts.map(({ title, since, todo }) => [title, since, ...(todo === null ? [] : [todo])].join('\n')),
      ...foot.text,
    ].join('\n\n'),
    html: page(written.language, [
      ...parts.map(
        ({ title, since, todo }) =>
          `<h2 style="font-size:1.1em">${escaped(title)}</h2><p>${escaped(since)}</p>${todo === null ? '' : `<p>${escaped(todo)}</p>`}`,
      ),
      ...foot.html,
    ]),
  };
}

interface Part {
  readonly title: string;
  readonly since: string;
  /** Null: it is over, and nothing is to be done. */
  readonly todo: string | null;
}

function partOf({ change, alert }: AlertChange, words: AlertMailWords, { names, ...format }: Written): Part {
  const { title, todo } = alertText(alert, names, format);
  const isOver = change === 'recovered';
  const label =
    change === 'opened'
      ? words.severity[alert.severity]
      : isOver
        ? words.change.recovered
        : `${words.severity[alert.severity]}, ${words.change.worsened}`;
  const until = alert.recoveredAt === null ? '' : ` – ${minute(alert.recoveredAt)}`;
  return {
    title: `${label}: ${title}`,
    since: `${words.since.replace('{since}', minute(alert.openedAt))}${until}`,
    todo: isOver ? null : todo,
  };
}

export function composeDigestMail(
  digest: Digest,
  written: Written & { readonly titleOf: (rule: string) => string },
): ComposedMail {
  const words = alertMailWords(written.language);
  const whole = digestText(digest, written, written.titleOf);
  const [title = '', ...lines] = whole.split('\n');
  const foot = footOf(words, written);
  return {
    subject: `${written.names.org}: ${title}`,
    text: [whole, ...foot.text].join('\n\n'),
    html: page(written.language, [
      `<h2 style="font-size:1.1em">${escaped(title)}</h2>`,
      `<div style="white-space:pre-wrap">${escaped(lines.join('\n').trim())}</div>`,
      ...foot.html,
    ]),
  };
}

/** Where to look, and how to get no more of them. */
function footOf(
  { look, stop, askToStop }: AlertMailWords,
  { publicUrl, stopUrl }: Written,
): { text: string[]; html: string[] } {
  const links = [
    ...(publicUrl === null ? [] : [{ words: look, link: publicUrl }]),
    ...(stopUrl === null ? [] : [{ words: stop, link: stopUrl }]),
  ];
  const ask = stopUrl === null ? [askToStop] : [];
  return {
    text: [...links.map(({ words, link }) => words.replace('{link}', link)), ...ask],
    html: [...links.map(({ words, link }) => linked(words, link)), ...ask.map(escaped)].map(
      (line) => `<p>${line}</p>`,
    ),
  };
}

const minute = (instant: string) => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

const ENTITIES: { readonly [sign: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

function linked(words: string, link: string): string {
  const anchor = `<a href="${escaped(link)}">${escaped(link)}</a>`;
  return escaped(words).replace('{link}', anchor);
}

function page(language: string, parts: readonly string[]): string {
  return `<!doctype html><html lang="${language}"><body style="font-family:sans-serif">${parts.join('\n')}</body></html>\n`;
}
