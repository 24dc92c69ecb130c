import { expect, test } from 'vitest';
import { reason } from '../../../src/scoring/reasons.ts';

test('a number that was rounded up to nothing has no sign: what is stored and read again is the same reason', () => {
  const made = reason('model.fit', { error: Math.round(-0.3), buyers: 2, on: '2026-03-01', model: null });

  expect(made.params).toEqual({ error: 0, buyers: 2, on: '2026-03-01', model: null });
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
});
