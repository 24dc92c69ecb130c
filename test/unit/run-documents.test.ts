import { expect, test } from 'vitest';
import { documentLines } from '../../scripts/documents/command-lines.ts';
import { TREATMENTS, treatmentOf, wordsToRun } from '../../scripts/documents/treatments.ts';

const lines = await documentLines();

test('every treatment of scripts/run-documents.ts belongs to a line of the documents', () => {
  const used = new Set(lines.map(treatmentOf));

  expect(TREATMENTS.filter((treatment) => !used.has(treatment)).map(({ match }) => match)).toEqual([]);
});

test('most lines are run; those that are not say where they are run, or what they need', () => {
  const skipped = lines.flatMap((line) => treatmentOf(line)?.skip ?? []);

  expect(lines.length).toBeGreaterThan(150);
  expect(skipped.length).toBeLessThanOrEqual(5);
  expect(skipped.filter((why) => !/^(needs .*test\/|names the command only)/.test(why))).toEqual([]);
});

test('placeholders become values, and folders of another machine lie in the home of the run', () => {
  const line = {
    text: '',
    where: '',
    words: ['restore', '/backups/FILE', '--connection', 'NAME', '"a b"', 'ID'],
  };

  expect(wordsToRun(line, { ID: '7' })).toEqual([
    'restore',
    './backups/FILE',
    '--connection',
    'default',
    'a b',
    '7',
  ]);
});
