import { expect, test } from 'vitest';
import { cheapestRead, DEFAULT_PRICES } from '../../../src/zoho/prices.ts';

const WAYS = ['coql', 'bulk', 'list'] as const;
const cheapest = (rows: number, columns = 20, ways: readonly (typeof WAYS)[number][] = WAYS) =>
  cheapestRead(DEFAULT_PRICES, { rows, columns, ways });

test.each([
  // By LIMIT: 200 rows cost 1, 1,000 cost 2, 2,000 cost 3; the last page is asked for at what it needs.
  [0, 'coql', 1],
  [200, 'coql', 1],
  [201, 'coql', 2],
  [1_001, 'coql', 3],
  [2_000, 'coql', 3],
  [2_001, 'coql', 4],
  [34_000, 'coql', 51],
  // 50 for the job, a poll, a download.
  [36_000, 'bulk', 52],
  [200_000, 'bulk', 52],
  [1_000_000, 'bulk', 260],
] as const)('%i records are read by %s for %i credits', (rows, way, credits) => {
  expect(cheapest(rows)).toEqual({ way, credits });
});

test('every further 49 columns are another COQL query, and bulk read pays earlier', () => {
  expect(cheapest(18_000, 49)).toEqual({ way: 'coql', credits: 27 });
  expect(cheapest(18_000, 50)).toEqual({ way: 'bulk', credits: 52 });
});

test('the list reaches 100,000 records; where it is the only way, its price is told', () => {
  expect(cheapest(100_000, 10, ['list'])).toEqual({ way: 'list', credits: 500 });
  expect(cheapest(100_001, 10, ['list', 'bulk']).way).toBe('bulk');
  expect(() => cheapest(100_001, 10, ['list'])).toThrow(RangeError);
});

test('at the same price the way that can go on after a kill without a page token comes first', () => {
  expect(cheapest(150).way).toBe('coql');
});
