import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandTable } from '../../src/cli/program.ts';
import { alternatives, problemOf, wordsOf } from '../support/command-lines.ts';
import { brokenLinks, documentFiles, type NamedBlock, namedBlocks, snippets } from '../support/documents.ts';
import { cell, tableRows } from '../support/markdown.ts';

const table = await commandTable();
const files = documentFiles();
// An ADR tells of its day; what it names may have gone since.
const current = files.filter((file) => !file.startsWith('docs/adr/') && file !== 'CHANGELOG.md');

test('every command line of the documents exists in the command table, with its options', () => {
  const wrong: string[] = [];
  let judged = 0;
  for (const snippet of current.flatMap(snippets)) {
    const words = wordsOf(snippet.text);
    if (words === null) continue;
    for (const line of alternatives(words)) {
      judged += 1;
      const problem = problemOf(table, line, snippet.isBlock);
      if (problem !== null) wrong.push(`${snippet.file}:${snippet.line} zcv ${line.join(' ')}: ${problem}`);
    }
  }

  expect(wrong).toEqual([]);
  expect(judged).toBeGreaterThan(100);
});

test('the table of the README names every command, and nothing that does not exist', () => {
  const readme = readFileSync('README.md', 'utf8');
  const section = readme.slice(readme.indexOf('| command | does |'), readme.indexOf('Exit codes'));
  const rows = section.split('\n').map((row) => /^\| (.+?) \| /.exec(row)?.[1] ?? '');
  const named = new Set<string>();
  const wrong: string[] = [];
  const codes = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
  for (const code of codes.filter((text) => !text.startsWith('…'))) {
    const [first = '', ...rest] = code.replaceAll('\\|', '|').split(' ');
    for (const name of first.split('|')) {
      named.add(name);
      const command = table.commands.find((one) => one.name() === name);
      if (!command) {
        wrong.push(`${name} is no command`);
        continue;
      }
      const levels = [command, ...command.commands, ...command.commands.flatMap((one) => one.commands)];
      const options = new Set(levels.flatMap((one) => one.options.map(({ long }) => long)));
      for (const [option] of rest.join(' ').matchAll(/--[a-z-]+/g)) {
        if (!options.has(option)) wrong.push(`${code}: no option ${option}`);
      }
      const inner = new Set(levels.slice(1).map((one) => one.name()));
      for (const piece of inner.size === 0 ? [] : (rest[0] ?? '').split('|')) {
        if (/^[a-z]/.test(piece) && !inner.has(piece)) wrong.push(`${code}: ${name} knows no "${piece}"`);
      }
    }
  }

  expect(wrong).toEqual([]);
  expect(table.commands.map((one) => one.name()).filter((name) => !named.has(name))).toEqual([]);
});

test('the README names the pages in their groups, as the navigation does', () => {
  const names = JSON.parse(readFileSync('src/admin/texts/en/common.json', 'utf8')) as {
    groups: Record<string, string>;
    pages: Record<string, string>;
  };
  const rows = tableRows('README.md', '## The pages in the browser');
  const told = rows.map((row) => [
    cell(row, 'group'),
    cell(row, 'pages')
      .replace(/\([^)]*\)/g, '')
      .split('·')
      .map((page) => page.split(',')[0]?.trim()),
  ]);
  // Pages of one thing stand in no navigation.
  const { customer, oneLead, plan, run, link, connection, ...pages } = names.pages;

  expect(told.map(([group]) => group)).toEqual(Object.values(names.groups));
  expect(told.flatMap(([, page]) => page).toSorted()).toEqual(Object.values(pages).toSorted());
});

test('every relative link leads to a file that is there, and to a heading in it', () => {
  expect(files.flatMap(brokenLinks)).toEqual([]);
});

test('a link to no file, to no heading and a document that does not exist are found', () => {
  const file = 'test/fixtures/documents/broken-links.md';

  expect(brokenLinks(file)).toEqual([
    `${file}: ../../../docs/no-such-page.md is not there`,
    `${file}: ../../../docs/scopes.md#no-such-heading has no such heading`,
    `${file}: #in-a-block has no such heading`,
    `${file}: #good-2 has no such heading`,
    `${file}: docs/no-such-page.md is not there`,
  ]);
});

test('every example with a name is read by a test of its document', () => {
  const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join('test', name), 'utf8'));
  const blocks = files.flatMap(namedBlocks);
  // By its name, or all blocks of the language, whatever their names.
  const isRead = ({ file, language, name }: NamedBlock) =>
    tests.some(
      (text) =>
        text.includes(file) &&
        [`'${name}'`, `${language} ${name}`, `\`\`\`${language} (`].some((words) => text.includes(words)),
    );

  expect(blocks.filter((block) => !isRead(block))).toEqual([]);
  expect(blocks.length).toBeGreaterThan(15);
});

test('every variable that the documents set or name is in .env.example', () => {
  const example = readFileSync('.env.example', 'utf8');
  const known = new Set([...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? ''));
  // Read by compose.yaml, of one data centre, Node's own, a code of Zoho, or the tests' own.
  const besides =
    /^(POSTGRES_PASSWORD|ZOHO_CLIENT_SECRET_[A-Z]{2}|NODE_OPTIONS|OAUTH_SCOPE_MISMATCH|BROWSER_SLOWDOWN)$/;
  const families = new Set([...known].map((name) => name.split('_')[0]));
  const wrong: string[] = [];
  for (const { file, line, text } of current.flatMap(snippets)) {
    for (const [whole, name = '', set] of text.matchAll(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b(=?)/g)) {
      const variable = name.replace(/_FILE$/, '');
      const isOurs = set === '=' || families.has(name.split('_')[0]);
      if (isOurs && !known.has(variable) && !besides.test(variable)) wrong.push(`${file}:${line} ${whole}`);
    }
  }

  expect(wrong).toEqual([]);
});
