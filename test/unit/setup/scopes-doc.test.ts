import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { REQUIRED_SCOPES } from '../../../src/zoho/oauth.ts';

test('docs/scopes.md says of every scope what the program says of it, and names no other', () => {
  const page = readFileSync(new URL('../../../docs/scopes.md', import.meta.url), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.replace(/ +/g, ' '));
  const oneLine = /```\n(.+)\n```/.exec(page)?.[1];

  expect(rows).toEqual(
    REQUIRED_SCOPES.map(({ scope, why, breaks }) => `| \`${scope}\` | ${why} | ${breaks} |`),
  );
  expect(oneLine?.split(',')).toEqual(REQUIRED_SCOPES.map(({ scope }) => scope));
});
