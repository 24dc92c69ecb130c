import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scanChanged, scanModule } from '../../src/zoho/coql.ts';
import type { ZohoRow } from '../../src/zoho/records.ts';
import { coqlStandIn, type StandInRow } from '../support/coql-stand-in.ts';

const START = Date.parse('2026-02-01T00:00:00Z') / 1_000;
const at = (seconds: number) => new Date((START + seconds) * 1_000);

// Ids of 16 to 19 digits: their order as text is not their order as numbers.
const anId = fc.bigInt({ min: 10n ** 15n, max: 10n ** 19n - 1n }).map(String);
/** Few different seconds, so that many rows share one. */
const rowsOf = (most: number) =>
  fc
    .uniqueArray(fc.record({ id: anId, at: fc.integer({ min: START, max: START + 12 }) }), {
      selector: (row) => row.id,
      maxLength: most,
    })
    .map((rows): StandInRow[] => rows);
const pageSizes = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 10 });

async function idsOf(pages: AsyncIterable<ZohoRow[]>): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of pages) ids.push(...page.map((row) => row.id));
  return ids;
}

function inOrder(rows: readonly StandInRow[]): string[] {
  return [...rows].sort((a, b) => a.at - b.at || (BigInt(a.id) < BigInt(b.id) ? -1 : 1)).map((row) => row.id);
}

describe('scanning what changed', () => {
  test('gives every row of the window once and in order, whatever the pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        rowsOf(120),
        pageSizes,
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 14 }),
        fc.boolean(),
        async (rows, sizes, from, until, refusesDoubleRange) => {
          const { client } = coqlStandIn(rows, {
            pageRows: (query) => sizes[query % sizes.length] ?? 1,
            refusesDoubleRange,
          });
          const input = { module: 'Deals', fields: ['Stage'], from: at(from), after: null, until: at(until) };

          const ids = await idsOf(scanChanged(client, input));

          expect(ids).toEqual(
            inOrder(rows.filter((row) => row.at >= START + from && row.at < START + until)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('goes on after the last row of an earlier scan without doubling one', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(80), fc.nat(), fc.boolean(), async (rows, pick, refusesDoubleRange) => {
        fc.pre(rows.length > 0);
        const ordered = inOrder(rows);
        const last = pick % ordered.length;
        const row = rows.find(({ id }) => id === ordered[last]);
        const after = { modifiedAt: new Date((row?.at ?? 0) * 1_000), id: row?.id ?? '' };
        const { client } = coqlStandIn(rows, { pageRows: () => 7, refusesDoubleRange });
        const input = { module: 'Deals', fields: ['Stage'], from: at(0), after, until: at(100) };

        expect(await idsOf(scanChanged(client, input))).toEqual(ordered.slice(last + 1));
      }),
      { numRuns: 200 },
    );
  });

  test.each([false, true])(
    '5,000 rows of one second, with a refused double range: %s',
    async (refusesDoubleRange) => {
      const rows = Array.from({ length: 5_000 }, (_, index) => ({
        id: String(5_725_767_000_000_000_000n + BigInt((index * 7_919) % 5_000)),
        at: START + (index === 0 ? 1 : 0),
      }));
      const { client, queries } = coqlStandIn(rows, { refusesDoubleRange });
      const input = { module: 'Deals', fields: ['Stage'], from: at(0), after: null, until: at(100) };

      expect(await idsOf(scanChanged(client, input))).toEqual(inOrder(rows));
      expect(queries.length).toBeLessThanOrEqual(7);
    },
  );

  test('a server that ignores the cursor is noticed instead of read for ever', async () => {
    const rows = [{ id: '5725767000000411001', at: START }];
    const { client } = coqlStandIn(rows);
    let calls = 0;
    const stuck: typeof client = {
      ...client,
      request: async () => {
        calls += 1;
        if (calls > 10) throw new Error('asked again and again');
        return {
          status: 200,
          headers: {},
          body: {
            data: [{ id: '5725767000000411001', Modified_Time: '2026-02-01T00:00:00+00:00' }],
            info: { more_records: true },
          },
        };
      },
    };
    const input = { module: 'Deals', fields: [], from: at(0), after: null, until: at(100) };

    await expect(idsOf(scanChanged(stuck, input))).rejects.toMatchObject({ code: 'zoho_contract' });
    await expect(
      idsOf(scanModule(stuck, { module: 'Deals', fields: [], order: 'id' })),
    ).rejects.toMatchObject({
      code: 'zoho_contract',
    });
  });
});

describe('scanning a whole module', () => {
  test('gives every row once, in the order of ids as numbers', async () => {
    await fc.assert(
      fc.asyncProperty(rowsOf(120), pageSizes, async (rows, sizes) => {
        const { client } = coqlStandIn(rows, { pageRows: (query) => sizes[query % sizes.length] ?? 1 });

        const ids = await idsOf(scanModule(client, { module: 'Deals', fields: ['Stage'], order: 'id' }));

        expect(ids).toEqual(inOrder(rows.map((row) => ({ ...row, at: 0 }))));
      }),
      { numRuns: 200 },
    );
  });

  test('more fields than one query takes are put together record by record', async () => {
    const fields = Array.from({ length: 120 }, (_, index) => `Field_${index}`);
    const rows = Array.from({ length: 30 }, (_, index) => ({
      id: `57257670000004110${10 + index}`,
      at: START,
    }));
    const { client } = coqlStandIn(rows, { pageRows: () => 8 });
    const found: ZohoRow[] = [];

    for await (const page of scanModule(client, { module: 'Deals', fields, order: 'id' }))
      found.push(...page);

    expect(found).toHaveLength(30);
    for (const row of found) {
      for (const field of fields) expect(row[field]).toBe(`${field} of ${row.id}`);
    }
  });

  test('only records that are gone are lost when others appear between two parts of a page', async () => {
    const fields = Array.from({ length: 80 }, (_, index) => `Field_${index}`);
    const rows = Array.from({ length: 20 }, (_, index) => ({
      id: `57257670000004110${10 + 2 * index}`,
      at: START,
    }));
    const { client } = coqlStandIn(rows, {
      pageRows: () => 10,
      before: (query, all) => {
        if (query !== 2) return;
        all.splice(3, 1);
        all.push({ id: '5725767000000411011', at: START }, { id: '5725767000000411013', at: START });
      },
    });

    const ids = await idsOf(scanModule(client, { module: 'Deals', fields, order: 'id' }));

    const gone = '5725767000000411016';
    const late = ['5725767000000411011', '5725767000000411013'];
    const expected = Array.from({ length: 20 }, (_, index) => `57257670000004110${10 + 2 * index}`);
    expect(ids.filter((id) => !late.includes(id))).toEqual(expected.filter((id) => id !== gone));
  });
});
