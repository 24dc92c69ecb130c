import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ModuleName } from '../../../src/domain.ts';
import { estimateCredits } from '../../../src/setup/assess-credits.ts';
import { customFieldLimit, wantedFields } from '../../../src/setup/fields-plan.ts';
import { cheapestRead, creditsOfEdition, DEFAULT_PRICES } from '../../../src/zoho/prices.ts';
import { cell, jsonBlock, tableRows, withoutMarks } from '../../support/markdown.ts';

const PAGE = 'docs/limits.md';
const numberOf = (text: string) =>
  text === '–' ? Number.POSITIVE_INFINITY : Number(text.replaceAll(',', ''));

test('editions: base, credits a user, cap and room for fields are those of the program', () => {
  const rows = tableRows(PAGE, '### Credits of an edition (held to the code)');
  const CROWD = 10_000_000;

  const told = rows.map((row) => [...row.values()].map((text, at) => (at === 0 ? text : numberOf(text))));
  const computed = rows.map((row) => {
    const edition = cell(row, 'edition');
    const base = creditsOfEdition(edition, 0);
    const most = creditsOfEdition(edition, CROWD);
    const perUser = creditsOfEdition(edition, 1) - base;
    const isCapped = most < base + CROWD * perUser || perUser === 0;
    return [edition, base, perUser, isCapped ? most : Number.POSITIVE_INFINITY, customFieldLimit(edition)];
  });

  expect(told).toEqual(computed);
  expect(rows).toHaveLength(5);
});

test('editions: what is said of the others, and of the sizes of the field sets', () => {
  expect(creditsOfEdition('ZohoOne', 7)).toBe(creditsOfEdition('Enterprise', 7));
  expect(creditsOfEdition('CRM Plus', 7)).toBe(creditsOfEdition('Ultimate', 7));
  expect(creditsOfEdition('Starter', 7)).toBe(creditsOfEdition('Standard', 7));
  expect(creditsOfEdition('Something new', 7)).toBe(creditsOfEdition('Free', 7));
  const editions = tableRows(PAGE, '## Editions').flatMap((row) => row.get('what') ?? []);
  const room = (sets: Parameters<typeof wantedFields>[0]) => {
    const wanted = wantedFields(sets, 'both');
    return { accounts: wanted.get('Accounts')?.length, contacts: wanted.get('Contacts')?.length };
  };
  const essential = room(['essential']);
  const full = room(['essential', 'full']);
  const all = room(['essential', 'full', 'people', 'leads', 'deals', 'cases', 'inputs']);
  expect(editions).toContain(`field set \`essential\` (${essential.accounts} on the customer module)`);
  expect(editions).toContain(`sets \`essential\` and \`full\` (${full.accounts})`);
  expect(editions).toContain(
    `all sets with \`inputs\` (${all.accounts} on Accounts, ${all.contacts} on Contacts)`,
  );
});

const EDITIONS = ['Free', 'Standard', 'Professional', 'Enterprise', 'Ultimate'] as const;

test('editions: a field set is said to fit where there is room for it', () => {
  const rows = tableRows(PAGE, '## Editions').filter((row) =>
    /^(field )?sets? |^all sets/.test(row.get('what') ?? ''),
  );
  expect(rows).toHaveLength(3);
  for (const row of rows) {
    const what = cell(row, 'what');
    const wanted = Math.max(...[...what.matchAll(/\d+/g)].map(([count]) => Number(count)));
    for (const edition of EDITIONS) {
      const room = customFieldLimit(edition) ?? Number.NaN;
      const said = cell(row, edition);
      const fits = room === wanted ? 'yes, if no other custom field is there' : 'yes';
      expect([what, edition, said]).toEqual([
        what,
        edition,
        room >= wanted ? fits : expect.stringMatching(/^no\b/),
      ]);
    }
  }
});

test('editions: credits of the first table are those of the second, and ours at once those of the governor', () => {
  const first = tableRows(PAGE, '## Editions');
  const rowOf = (what: RegExp) => first.find((row) => what.test(row.get('what') ?? '')) ?? new Map();
  const second = tableRows(PAGE, '### Credits of an edition (held to the code)');
  for (const row of second) {
    const edition = cell(row, 'edition');
    const numbers = [...cell(rowOf(/^credits in any/), edition).matchAll(/[\d,]*\d/g)].map(([text]) =>
      numberOf(text),
    );
    const all = ['base', 'a user', 'at most'].map((title) => numberOf(cell(row, title)));
    const wanted = all.filter((number) => number > 0 && Number.isFinite(number));
    expect([edition, ...numbers]).toEqual([edition, ...new Set(wanted)]);
    const fields = cell(rowOf(/^custom fields a module/), edition);
    expect([edition, fields]).toEqual([edition, cell(row, 'custom fields a module')]);
  }
  const governor = readFileSync('src/zoho/governor.ts', 'utf8');
  for (const [what, constant] of [
    [/^simultaneous calls/, /^const CONCURRENCY = (\d+);/m],
    [/^such calls of the heavier kind/, /^const SUB_CONCURRENCY = (\d+);/m],
  ] as const)
    expect(cell(rowOf(what), 'what')).toContain(`(we make ${constant.exec(governor)?.[1]} at most)`);
});

test('editions: every line says how sure it is, in the words that the page explains', () => {
  const wrong = tableRows(PAGE, '## Editions')
    .filter((row) => row.has('how sure'))
    .filter((row) => !/documented|told elsewhere|not confirmed|follows/.test(cell(row, 'how sure')));

  expect(wrong).toEqual([]);
});

test('prices: every setting with the price it has', () => {
  const rows = tableRows(PAGE, '## What calls cost (held to the code)');

  expect(
    Object.fromEntries(
      rows.map((row) => [withoutMarks(cell(row, 'setting')), numberOf(cell(row, 'credits'))]),
    ),
  ).toEqual(DEFAULT_PRICES);
});

test('reading: the way and the price by number of records', () => {
  const rows = tableRows(PAGE, '## What reading a module costs (held to the code)');
  const WAYS: Readonly<Record<string, string>> = { coql: 'query', bulk: 'bulk', list: 'list' };

  const computed = rows.map((row) => {
    const records = numberOf(cell(row, 'records'));
    const read = cheapestRead(DEFAULT_PRICES, {
      rows: records,
      columns: 40,
      ways: ['coql', 'bulk', 'list'],
    });
    return [records, WAYS[read.way], read.credits];
  });

  expect(
    rows.map((row) => [numberOf(cell(row, 'records')), cell(row, 'way'), numberOf(cell(row, 'credits'))]),
  ).toEqual(computed);
  expect(rows.length).toBeGreaterThan(5);
});

test('calculator: the worked example is what assess would say', () => {
  const given = jsonBlock<{
    edition: string;
    users: number;
    ceilingPercent: number;
    customers: number;
    // The shape is that of the block in the document.
    records: { [M in ModuleName]?: number };
    reads: { [M in ModuleName]?: number };
    writes: number;
    firstRun: number;
    usualDay: number;
    allowance: number;
    ours: number;
    daysOfFirstRun: number;
  }>(PAGE, 'credits');
  const counts = new Map(Object.entries(given.records) as [ModuleName, number][]);

  const estimate = estimateCredits({ ...given, counts }, DEFAULT_PRICES);

  expect(estimate).toMatchObject({
    fullRun: given.firstRun,
    daily: given.usualDay,
    allowance: given.allowance,
    ceiling: given.ours,
    daysOfFullRun: given.daysOfFirstRun,
    writeBack: { credits: given.writes },
  });
  expect(Object.fromEntries(estimate.byModule.map(({ module, credits }) => [module, credits]))).toEqual(
    given.reads,
  );
});

test('calculator: the formula of the page gives the same as its example', () => {
  const { records, reads, customers, firstRun, usualDay } = jsonBlock<{
    records: Record<string, number>;
    reads: Record<string, number>;
    customers: number;
    firstRun: number;
    usualDay: number;
  }>(PAGE, 'credits');
  const modules = Object.keys(records);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
  const written = (count: number) => Math.ceil(count / 10);

  expect(4 + sum(Object.values(reads)) + written(customers)).toBe(firstRun);
  const quiet = modules.map((module) => (module === 'Leads' ? 4 : 3));
  expect(4 + modules.length + 24 * sum(quiet) + written(customers * 0.03)).toBe(usualDay);
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toContain(`together ${firstRun}.`);
  expect(page).toContain(`together ${usualDay},`);
});
