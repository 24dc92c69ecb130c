import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { fleetCsv } from '../../../src/views/fleet-csv.ts';

test('the name of an org is text for a spreadsheet, whatever it begins with; numbers stay numbers', () => {
  const row = { name: '=HYPERLINK("http://x.test")', dead: -1, trouble: ['no sync', '+1'], causes: null };

  const [told] = parse(fleetCsv([row]), { columns: true });

  expect(told).toEqual({ name: `'=HYPERLINK("http://x.test")`, dead: '-1', trouble: 'no sync; +1' });
});
