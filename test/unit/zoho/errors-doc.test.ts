import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { silentLog } from '../../../src/log.ts';
import { isHeldBack, refusalPolicy } from '../../../src/plan/refusal-policy.ts';
import { verdictOf } from '../../../src/zoho/answers.ts';
import { refreshAccessToken } from '../../../src/zoho/oauth.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { ACCOUNTS, serve, withMockedHttp } from '../../support/http.ts';
import { cell, tableRows, withoutMarks } from '../../support/markdown.ts';

const PAGE = 'docs/zoho-errors.md';
withMockedHttp();

/** Our code by what an answer means; the client makes the error of each. */
const OURS = {
  token: 'zoho_auth',
  scope: 'zoho_auth',
  limited: 'zoho_rate_limited',
  unavailable: 'zoho_unavailable',
  rejected: 'zoho_rejected',
  redirect: 'zoho_contract',
  done: 'none',
} as const;

const callRows = tableRows(PAGE, '## On a call').filter((row) => cell(row, 'Zoho says').startsWith('`'));
test.each(callRows.map((row) => [withoutMarks(cell(row, 'Zoho says')), row] as const))(
  'on a call: %s becomes the error that the page names',
  (code, row) => {
    const body = { code, status: 'error', message: 'no', details: {} };

    const verdict = verdictOf(Number(cell(row, 'HTTP')), body);

    expect(withoutMarks(cell(row, 'ours'))).toBe(OURS[verdict]);
  },
);

test('on a call: what carries no code at all', () => {
  expect(OURS[verdictOf(502, undefined)]).toBe('zoho_unavailable');
  expect(OURS[verdictOf(200, undefined)]).toBe('zoho_unavailable');
  expect(OURS[verdictOf(302, null)]).toBe('zoho_contract');
});

test('on a call: every code that the program looks for is on the page', () => {
  const told = new Set(callRows.map((row) => withoutMarks(cell(row, 'Zoho says'))));
  const answers = readFileSync('src/zoho/answers.ts', 'utf8');
  const looked = [...answers.matchAll(/'([A-Z]+_[A-Z_]+)'/g)].map((match) => match[1] ?? '');

  expect(looked.length).toBeGreaterThan(8);
  expect(looked.filter((code) => !told.has(code) && code !== 'MULTIPLE_OR_MULTI_ERRORS')).toEqual([]);
});

const HOW = { later: 'later', by_hand: 'by hand', new_value: 'new value', next_run: 'next run' } as const;
const recordRows = tableRows(PAGE, '## On one record that was to be written');
test.each(recordRows.map((row) => [withoutMarks(cell(row, 'Zoho says')), row] as const))(
  'on a record: %s, when it is tried again and what to do',
  (code, row) => {
    const { retry, repair } = refusalPolicy(code);

    expect([cell(row, 'tried again'), cell(row, 'what you do')]).toEqual([HOW[retry], repair]);
  },
);

test('on a record: no code of the program is missing', () => {
  const source = readFileSync('src/plan/refusal-policy.ts', 'utf8');
  const known = [...source.matchAll(/^ {2}([A-Z_]+): (?:LATER|BY_HAND|NEW_VALUE|RIGHTS)/gm)].map(
    (match) => match[1],
  );

  expect(known.length).toBeGreaterThan(10);
  expect(recordRows.map((row) => withoutMarks(cell(row, 'Zoho says')))).toEqual([...known, 'anything else']);
});

test('on a record: refused once it is asked again; twice, "later" is a day, then 2, 4 and at most 7', () => {
  const lastAt = new Date('2026-11-24T00:00:00Z');
  const after = (days: number) => new Date(lastAt.getTime() + days * 86_400_000);
  const values = { value_tier: 'Top' };
  const held = (attempts: number, days: number) =>
    isHeldBack({ code: 'RECORD_LOCKED', attempts, attempted: values, lastAt }, values, after(days));

  expect(held(1, 0)).toBe(false);
  const waits = [2, 3, 4, 5, 6].map((attempts) => {
    let days = 0;
    while (held(attempts, days)) days += 1;
    return days;
  });
  expect(waits).toEqual([1, 2, 4, 7, 7]);
});

const tokenRows = tableRows(PAGE, '## While a token is asked for');
test.each(tokenRows.map((row) => [withoutMarks(cell(row, 'Zoho says')), row] as const))(
  'for a token: %s becomes the error that the page names',
  async (word, row) => {
    const error = word === 'anything else' ? 'something_new' : word;
    const times = cell(row, 'ours').includes('unavailable') ? 3 : 1;
    const answer = { body: { error } };
    serve(
      ACCOUNTS,
      'POST',
      '/oauth/v2/token',
      Array.from({ length: times }, () => answer),
    );

    const failed = refreshAccessToken(
      { clock: fakeClock('2026-11-24T09:00:00Z'), log: silentLog },
      { accountsUrl: ACCOUNTS, clientId: 'id', clientSecret: 'secret', refreshToken: 'token' },
    );

    const thrown = await failed.catch((cause: unknown) => cause);
    expect(thrown).toBeInstanceOf(AppError);
    expect(thrown).toMatchObject({ code: withoutMarks(cell(row, 'ours')) });
  },
);
