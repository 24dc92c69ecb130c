import type { Language, Minor } from '../domain.ts';
import { minorToDecimal } from '../money.ts';
import type { ReasonParam } from '../scores.ts';
import { en } from './en.ts';
import type { Format } from './format.ts';
import { TEXTS, type Texts } from './tables.ts';

/** Fills {name:kind} of a template; [a part] is left out when a value in it is not known. */

export type Values = { readonly [name: string]: ReasonParam | undefined };

interface Words {
  readonly texts: Texts;
  readonly day: (day: string) => string;
  readonly money: (minorUnits: number, decimals: 0 | 2) => string;
  readonly number: (value: number) => string;
  /** The number with its noun in the right form, from "day|days" or, in Polish, "dzień|dni|dni|dnia". */
  readonly counted: (value: number, forms: string) => string;
  /** To hundredths: what is multiplied with a price. */
  readonly count: (value: number) => string;
}

// Building Intl formatters is dear; they live as long as the format that a run hands around.
const wordsFor = new WeakMap<Format, Words>();
function wordsOf(format: Format): Words {
  const known = wordsFor.get(format);
  if (known) return known;
  const made = makeWords(format.language, format.currency);
  wordsFor.set(format, made);
  return made;
}

/** Ordinary spaces: Zoho does not keep the narrow ones that some locales group digits with. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

function makeWords(language: Language, currency: string): Words {
  const texts = TEXTS[language];
  const { locale } = texts;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const plurals = new Intl.PluralRules(locale, { maximumFractionDigits: 2 });
  const amount = (decimals: 0 | 2) =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
  const amounts = { 0: amount(0), 2: amount(2) } as const;
  const days = new Map<string, string>();
  return {
    texts,
    day: (day) => {
      let text = days.get(day);
      if (text === undefined) {
        text = plain(date.format(Date.parse(`${day}T00:00:00Z`)));
        days.set(day, text);
      }
      return text;
    },
    // Decimal text keeps every cent: a large amount divided by 100 might not.
    money: (minorUnits, decimals) =>
      plain(amounts[decimals].format(minorToDecimal(minorUnits as Minor) as `${number}`)), // both forms are Intl's and ours by construction
    number: (value) => plain(number.format(value)),
    counted: (value, forms) => {
      const words = forms.split('|');
      const place = (words.length === 2 ? TWO_FORMS : FOUR_FORMS).indexOf(plurals.select(value));
      return `${plain(exact.format(value))} ${words[place] ?? words.at(-1)}`;
    },
    count: (value) => plain(exact.format(value)),
  };
}

// What Intl.PluralRules calls the forms of Dutch, Danish and English, and those of Polish.
const TWO_FORMS: readonly string[] = ['one', 'other'];
const FOUR_FORMS: readonly string[] = ['one', 'few', 'many', 'other'];

const PART = /\[([^[\]]*)\]|\{(\w+)(?::(\w+))?\}/g;
const HOLE = /\{(\w+)(?::(\w+))?\}/g;
const MAX_TEXT = 80;
/** As much as a text field of Zoho holds. */
const MAX_LONG_TEXT = 255;

export function fill(template: string, values: Values, format: Format): string {
  const words = wordsOf(format);
  const hole = (_: string, name: string, kind: string | undefined) => show(values[name], kind, words);
  return template.replace(PART, (whole, segment: string | undefined, name: string, kind?: string) => {
    if (segment === undefined) return hole(whole, name, kind);
    const isKnown = [...segment.matchAll(HOLE)].every(([, inner]) => isPresent(values[inner ?? '']));
    return isKnown ? segment.replace(HOLE, hole) : '';
  });
}

function isPresent(value: ReasonParam | undefined): boolean {
  return value !== null && value !== undefined && value !== '';
}

const UNKNOWN = '–';

function show(value: ReasonParam | undefined, kind: string | undefined, words: Words): string {
  if (!isPresent(value)) return UNKNOWN;
  const { texts } = words;
  switch (kind) {
    case 'day':
      return words.day(String(value));
    case 'money':
      return words.money(Number(value), 0);
    case 'money2':
      return words.money(Number(value), 2);
    case 'number':
      return words.number(Number(value));
    case 'count':
      return words.count(Number(value));
    case 'tier':
      return wordFor(texts.tier, value);
    case 'phase':
      return wordFor(texts.phase, value);
    case 'status':
      return wordFor(texts.contact_status, value);
    case 'channel':
      return wordFor(texts.channel, value);
    case 'direction':
      return wordFor(texts.direction, value);
    case 'topic':
      return wordFor(texts.topic, value);
    case 'item':
      return wordFor(texts.item, value);
    case 'gate':
      return wordFor(texts.gate, value);
    case 'model':
      return wordFor(texts.model, value);
    case 'module':
      return wordFor(texts.module, value);
    case 'off':
      return deviation(Number(value), words);
    case 'channels':
      return channelList(String(value), texts);
    case 'signs':
      return String(value)
        .split(',')
        .map((sign) => wordFor(texts.unread_sign, sign))
        .join(', ');
    case 'rfm':
      return wordFor(texts.rfm, value);
    case 'left':
      return reasonLeft(String(value), texts);
    case 'text':
      return oneLine(String(value), MAX_LONG_TEXT);
    default:
      if (kind?.startsWith(COUNTED)) return countedWord(kind.slice(COUNTED.length), Number(value), words);
      return typeof value === 'number' ? words.number(value) : oneLine(String(value), MAX_TEXT);
  }
}

/** {orders:n_orders} is "1 order" or "3 orders". */
const COUNTED = 'n_';
function countedWord(noun: string, value: number, { texts, counted, number }: Words): string {
  const nouns: { readonly [noun: string]: string } = texts.counted;
  const forms = nouns[noun];
  return forms === undefined ? number(value) : counted(value, forms);
}

function deviation(percent: number, { texts, number }: Words): string {
  if (percent === 0) return texts.off.right;
  return texts.off[percent < 0 ? 'low' : 'high'].replace('{x}', number(Math.abs(percent)));
}

/** Codes joined by commas, each with what keeps it from being read: "email:no_budget". */
function channelList(codes: string, texts: Texts): string {
  const shown = codes.split(',').map((code) => {
    const [channel, why] = code.split(':');
    const name = wordFor(texts.channels, channel);
    return why === undefined ? name : `${name} (${wordFor(texts.unread, why)})`;
  });
  return shown.join(', ');
}

/** Zoho holds the English text of our own list; in a list that people made it is theirs. */
function reasonLeft(text: string, texts: Texts): string {
  const code = Object.entries(en.reason_left).find(([, actual]) => actual === text)?.[0];
  return code === undefined ? oneLine(text, MAX_TEXT) : wordFor(texts.reason_left, code);
}

function wordFor(table: { readonly [code: string]: string }, code: ReasonParam | undefined): string {
  return table[String(code)] ?? String(code);
}

/** People's own words, on one line and no longer than `max` characters. */
export function oneLine(text: string, max: number): string {
  return clip(text.replace(/\s+/g, ' ').trim(), max);
}

/** Never cuts a character in two. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > max - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}
