import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Language } from '../../src/domain.ts';
import type { Score } from '../../src/scores.ts';
import { TEXTS } from '../../src/texts/tables.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';

/**
 * Four customers of the demo in four languages, as a salesperson reads them: a gold one, one at a loss, one that leaves, one
 * that was won back.
 */

const LANGUAGES: readonly Language[] = ['en', 'nl', 'pl', 'da'];
const KINDS = ['gold', 'loss-making', 'leaving', 'won back'] as const;
type Kind = (typeof KINDS)[number];

interface Row {
  readonly record_id: string;
  readonly tier: string;
  readonly gold: boolean;
  readonly phase: string;
  readonly sub_phase: string | null;
  readonly rank: number | null;
}
const IS: { readonly [K in Kind]: (row: Row) => boolean } = {
  gold: ({ gold, phase }) => gold && phase === 'loyal',
  'loss-making': ({ tier, phase }) => tier === 'loss_making' && phase === 'established',
  leaving: ({ tier, phase }) => tier === 'top' && phase === 'leaving',
  'won back': ({ tier, sub_phase }) => tier === 'top' && sub_phase === 'won_back',
};

let home: CliHome;
let future: { falling: number; goldFalling: number; first: { name: string }[] };
const pages = new Map<string, string>();
const scores = new Map<Kind, Score>();
const pageOf = (kind: Kind, language: Language) => pages.get(`${kind}/${language}`) ?? '';
const scoreOf = (kind: Kind): Score => {
  const score = scores.get(kind);
  if (!score) throw new Error(`no ${kind} customer`);
  return score;
};

beforeAll(async () => {
  home = aCliHome({ url: '', clientId: '', clientSecret: '', refreshToken: '' });
  const demo = await home.run('demo', '--once', '--json');
  expect(demo, demo.stderr).toMatchObject({ code: 0 });
  ({ future } = demo.json<{ score: { future: typeof future } }>().score);
  home.env.DATABASE_URL = `file:${join(home.folder, 'data', 'demo.db')}`;
  const { stdout } = await home.run('export', '--format', 'ndjson', '--connection', 'demo');
  const rows: Row[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  rows.sort((left, right) => (left.rank ?? 1e9) - (right.rank ?? 1e9));
  for (const kind of KINDS) {
    const found = kind === 'loss-making' ? rows.findLast(IS[kind]) : rows.find(IS[kind]);
    expect(found, `a ${kind} customer in the demo`).toBeDefined();
    const explain = (...more: string[]) =>
      home.run('explain', found?.record_id ?? '', '--connection', 'demo', ...more);
    scores.set(kind, (await explain('--json')).json<Score>());
    for (const language of LANGUAGES) {
      pages.set(`${kind}/${language}`, (await explain('--lang', language)).stdout);
    }
  }
});
afterAll(() => home.remove());

/** What people wrote in the CRM stays as they wrote it. */
function withoutData(page: string, { name, source }: Score): string {
  return page
    .replaceAll(/"[^"]*"|„[^”]*”/g, '')
    .replaceAll(name, '')
    .replaceAll(source ?? name, '');
}

describe.each(KINDS)('the page of the %s customer', (kind) => {
  test.each(LANGUAGES)(
    'says in %s what to do first, then value, relation, outlook and contact',
    (language) => {
      const { page } = TEXTS[language];
      const lines = pageOf(kind, language).split('\n');

      const places = [page.next, page.value, page.relation, page.outlook, page.contact, page.basis].map(
        (title) => lines.findIndex((line) => line.startsWith(`${title}:`)),
      );

      expect(lines[0]).toContain(scoreOf(kind).name);
      expect(places[0]).toBe(2);
      expect(places).toEqual(places.toSorted((left, right) => left - right));
    },
  );

  test.each(LANGUAGES)('adds up visibly in %s, in the money of that language', (language) => {
    const { page, locale } = TEXTS[language];
    const lines = pageOf(kind, language).split('\n');
    const { revenue, directCost, costToServe, profit } = scoreOf(kind).window12;
    const money = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
    });

    for (const [label, amount] of [
      [page.revenue, revenue],
      [page.direct, directCost],
      [page.serve, costToServe],
      [page.profit, profit],
    ] as const) {
      const line = lines.find((one) => one.startsWith(`  ${label} `)) ?? '';
      const shown = money.format(amount / 100).replace(/[\u00a0\u202f]/g, ' ');
      expect(line.slice(label.length + 2).trim()).toBe(shown);
    }
    expect(revenue - directCost - costToServe).toBe(profit);
  });

  test.each(LANGUAGES)('has nothing raw in %s: no code, key, hole, bare id or ISO date', (language) => {
    const score = scoreOf(kind);
    const text = withoutData(pageOf(kind, language), score);
    const [record = '', ...rest] = text.trimEnd().split('\n').toReversed();
    const told = rest.join('\n').replaceAll(score.model.fitId ?? '-', '');

    expect(record).toContain(score.key.id);
    expect(told).not.toMatch(/\d{12,}/);
    expect(told).not.toMatch(/NaN|undefined|null|\[object|Infinity|–|[{}]/);
    expect(told).not.toMatch(/\b[a-z]+_[a-z_]+\b|\b[a-z]+\.[a-z]+\b/);
    expect(told).not.toMatch(/\d{4}-\d{2}-\d{2}/);
  });

  test.each(LANGUAGES)('writes dates as %s does', (language) => {
    const { asOf, lastPurchase, firstPurchase } = scoreOf(kind);
    const date = new Intl.DateTimeFormat(TEXTS[language].locale, { dateStyle: 'medium', timeZone: 'UTC' });

    for (const day of [asOf, lastPurchase ?? asOf, firstPurchase ?? asOf]) {
      expect(pageOf(kind, language)).toContain(date.format(Date.parse(day)).replace(/[\u00a0\u202f]/g, ' '));
    }
  });

  test.each(LANGUAGES)('writes per cent as %s does', (language) => {
    const percent = new Intl.NumberFormat(TEXTS[language].locale, { style: 'percent' }).format(0.38);
    const found = pageOf(kind, language).match(/\d\s?%/g) ?? [];

    expect(found.length).toBeGreaterThan(2);
    expect(found.every((one) => one.includes(' ') === /\s/.test(percent))).toBe(true);
  });

  test.each(LANGUAGES)('counts in %s with the right form of every noun', (language) => {
    const { counted, locale } = TEXTS[language];
    const plurals = new Intl.PluralRules(locale, { maximumFractionDigits: 2 });
    const categories = language === 'pl' ? ['one', 'few', 'many', 'other'] : ['one', 'other'];
    const nouns = Object.values(counted).map((forms) => forms.split('|'));
    const every = [...new Set(nouns.flat())].sort((left, right) => right.length - left.length);
    const number = language === 'en' ? /,/g : /[. ]/g;
    const pattern = new RegExp(`(?<![\\d.,])(\\d+(?:[., ]\\d+)*) (${every.join('|')})(?![\\p{L}-])`, 'gu');

    const found = [...pageOf(kind, language).matchAll(pattern)];

    expect(found.length).toBeGreaterThan(4);
    for (const [whole, digits = '', word = ''] of found) {
      const value = Number(digits.replaceAll(number, '').replace(',', '.'));
      const place = categories.indexOf(plurals.select(value));
      expect(
        nouns.some((forms) => forms.includes(word) && forms[place] === word),
        whole,
      ).toBe(true);
    }
  });

  test.each(['nl', 'pl', 'da'] as const)('has no English left in %s', (language) => {
    const text = withoutData(pageOf(kind, language), scoreOf(kind));

    const english =
      /\b(the|and|with|since|customers?|revenue|profit|cost|orders?|days?|months?|purchases?|not|from|today|expected|range|rank|sign|usual|working|known|calls|meetings|tasks|unknown|gold|leaving|loss)\b/gi;
    expect(text.match(english)).toBeNull();
    // No sentence is the English one.
    const lines = new Set(text.split('\n').filter((line) => line.startsWith('  * ')));
    expect(
      pageOf(kind, 'en')
        .split('\n')
        .filter((line) => lines.has(line)),
    ).toEqual([]);
  });
});

test('who is valuable and expected to fall is counted, named and exported', async () => {
  const ndjson = await home.run('export', '--falling', '--format', 'ndjson', '--connection', 'demo');
  const csv = await home.run('export', '--falling', '--connection', 'demo');
  const refused = await home.run('export', '--falling', '--by', 'year', '--connection', 'demo');

  const rows = ndjson.stdout
    .trim()
    .split('\n')
    .map((line): Row & { name: string; future_tier: string } => JSON.parse(line));
  expect(future.falling).toBeGreaterThan(0);
  expect(rows).toHaveLength(future.falling);
  expect(rows.filter(({ gold }) => gold)).toHaveLength(future.goldFalling);
  expect(new Set(rows.map(({ tier }) => tier))).toEqual(new Set(['top', 'good']));
  expect(rows.every(({ tier, future_tier }) => future_tier !== tier)).toBe(true);
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(future.first.map(({ name }) => name)));
  expect(csv.stdout.split('\n')[0]?.split(',')).toContain('future_tier');
  expect(refused.code).toBe(2);
});

test('a won-back customer is shown as such, a leaving one with its signs, a loss with its break-even', () => {
  for (const language of LANGUAGES) {
    const { page, phase, reasons } = TEXTS[language];
    const [breakEven] = reasons['tier.break_even.amount'].split(':');
    const [sign] = reasons['signal.silent'].split(':');

    expect(pageOf('won back', language)).toContain(page.won_back.replace('{phase:phase}', phase.new));
    expect(pageOf('leaving', language)).toContain(`  * ${sign}:`);
    expect(pageOf('loss-making', language)).toContain(`  * ${breakEven}:`);
    expect(pageOf('gold', language)).toContain(`(${page.gold})`);
  }
});
