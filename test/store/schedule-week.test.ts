import { expect, test } from 'vitest';
import { describeOnBoth } from '../support/databases.ts';
import { playSeason, type Season, seasonTable } from '../support/schedule-week.ts';

// A night with the clock change in it; whole weeks are played by test/long/schedule-week.test.ts.
const SPRING: Season = {
  name: 'spring in Europe',
  start: '2026-03-28T20:00:00Z',
  days: 10 / 24,
  down: [6 * 60, 8 * 60 + 17],
};
const AUTUMN: Season = {
  name: 'autumn in Europe',
  start: '2026-10-24T20:00:00Z',
  days: 10 / 24,
  down: [6 * 60, 8 * 60 + 17],
};

describeOnBoth('schedules over a clock change, with two servers and a restart', (database) => {
  test.each([SPRING, AUTUMN])(
    '$name: all fire once, at the times a clock on the wall says',
    async (season) => {
      const rows = await playSeason(await database.url(), season);

      expect(
        rows.map(({ fired }) => fired),
        seasonTable(season, rows),
      ).toEqual(rows.map(({ expected }) => expected));
    },
  );
});
