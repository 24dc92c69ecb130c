import { expect, test } from 'vitest';
import { describeOnBoth } from '../support/databases.ts';
import { playSeason, type Season, seasonTable } from '../support/schedule-week.ts';

// Each with a whole night in the middle of which no server ran.
const SEASONS: readonly Season[] = [
  { name: 'Europe, spring', start: '2026-03-26T00:00:00Z', days: 7, down: [2_000, 2_317] },
  { name: 'Europe, autumn', start: '2026-10-21T00:00:00Z', days: 7, down: [2_000, 2_317] },
  { name: 'New York, spring', start: '2026-03-05T00:00:00Z', days: 7, down: [2_000, 2_317] },
  { name: 'New York, autumn', start: '2026-10-29T00:00:00Z', days: 7, down: [2_000, 2_317] },
  { name: 'Lord Howe and Auckland, spring', start: '2026-09-25T00:00:00Z', days: 10, down: [2_000, 2_317] },
  { name: 'Lord Howe and Auckland, autumn', start: '2026-04-02T00:00:00Z', days: 7, down: [2_000, 2_317] },
];

describeOnBoth('a week of twenty connections', (database) => {
  test.each(SEASONS)('$name: every schedule fires when it should, once', async (season) => {
    const rows = await playSeason(await database.url(), season);

    console.log(seasonTable(season, rows));
    expect(rows.map(({ fired }) => fired)).toEqual(rows.map(({ expected }) => expected));
    expect(rows.reduce((sum, { fired }) => sum + fired.length, 0)).toBeGreaterThan(500);
  });
});
