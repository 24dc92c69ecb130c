import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FieldsFile } from '../../src/settings-fields.ts';
import { cell, tableRows } from '../support/markdown.ts';

/** docs/data.md: spans are those of the settings, and law is cited as it stands. Its tables: test/store/data-doc.test.ts. */

const PAGE = 'docs/data.md';
const { retention } = FieldsFile.parse({ version: 1 });

const SPANS: readonly (readonly [table: string, setting: keyof typeof retention, words: string])[] = [
  ['score_history', 'scoreHistory', 'five years'],
  ['write_intents', 'undo', '90 days'],
  ['runs', 'runs', 'a year'],
  ['digests', 'digests', 'a year'],
  ['deliveries', 'deliveries', '30 days'],
  ['audit_log', 'audit', '731 days'],
  ['alerts', 'alerts', 'a year'],
];
const DAYS: Readonly<Record<string, number>> = { 'five years': 1826, 'a year': 365 };

test('what is said to be kept for a time is kept that long by default', () => {
  const rows = tableRows(PAGE, '## What is stored (held to the code)');
  for (const [table, setting, words] of SPANS) {
    const row = rows.find((one) => cell(one, 'tables').includes(`\`${table}\``)) ?? new Map();
    expect(cell(row, 'kept')).toContain(words);
    expect([setting, retention[setting]]).toEqual([setting, DAYS[words] ?? Number.parseInt(words, 10)]);
  }
});

// Titles of Regulation (EU) 2016/679.
const ARTICLES: Readonly<Record<string, string>> = {
  information: 'Art. 13, 14',
  access: 'Art. 15',
  rectification: 'Art. 16',
  erasure: 'Art. 17',
  'restriction, objection': 'Art. 18, 21',
  portability: 'Art. 20',
  'no decision by machine alone': 'Art. 22',
};

test('each right has the article that grants it, and says how', () => {
  const rows = tableRows(PAGE, '## Rights of people');

  expect(rows.map((row) => cell(row, 'right'))).toEqual(
    Object.entries(ARTICLES).map(([right, article]) => `${right} (${article})`),
  );
  for (const row of rows) expect(cell(row, 'how').length).toBeGreaterThan(8);
});

test('law is cited only where it says what the page says it does', () => {
  const CITED = [
    ...['Art. 4 no. 4', 'Art. 6 (1) f', 'Art. 9', 'Art. 28 GDPR', 'Art. 30'], // profile, basis, special data, processor, record
    ...['§ 87 (1) no. 6', 'art. 27 (1) l WOR'], // consent of the works council, Germany and the Netherlands
  ];
  const text = readFileSync(PAGE, 'utf8').replace(/\s+/g, ' ');
  const known = [...CITED, ...Object.values(ARTICLES)];

  expect(CITED.filter((citation) => !text.includes(citation))).toEqual([]);
  const cited = [...text.matchAll(/(?:\b[Aa]rt\. |§ )\d+/g)].map(([citation]) => citation);
  expect(cited.filter((citation) => !known.some((one) => one.startsWith(citation)))).toEqual([]);
});
