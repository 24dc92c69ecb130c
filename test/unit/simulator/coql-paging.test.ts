import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCoql, runCoql } from '../../../src/simulator/coql.ts';
import type { CoqlSource } from '../../../src/simulator/coql-types.ts';
import { catalog, ids, sourceOf, type TestRow } from './coql-world.ts';

describe('paging by key', () => {
  const instant = (second: number) =>
    new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().replace('.000Z', '+00:00');

  /** A source with the two index hooks, which counts the rows it hands out. */
  function indexed(rows: TestRow[]): { source: CoqlSource; touched: () => number } {
    const byId = [...rows].sort((a, b) => Number(a.id) - Number(b.id));
    const byTime = [...byId].sort((a, b) => String(a.Modified_Time).localeCompare(String(b.Modified_Time)));
    let touched = 0;
    function* from(sorted: TestRow[], isAfter: (row: TestRow) => boolean) {
      for (const row of sorted.filter(isAfter)) {
        touched += 1;
        yield { id: row.id, module: 'Deals', get: (field: string) => row[field] };
      }
    }
    const source: CoqlSource = {
      ...sourceOf(rows),
      rows: () => from(byId, () => true),
      rowsAfterId: (_, id) => from(byId, (row) => id === null || Number(row.id) > Number(id)),
      rowsModifiedFrom: (_, epochMs, afterId) =>
        from(byTime, (row) => {
          const at = Date.parse(String(row.Modified_Time));
          if (epochMs === null || at > epochMs) return true;
          return at === epochMs && (afterId === null || Number(row.id) > Number(afterId));
        }),
    };
    return { source, touched: () => touched };
  }

  test('a page touches its own rows only', () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      id: String(index + 1),
      Modified_Time: instant(index >> 10),
    }));
    const at = instant(2);
    const pages = [
      "select id from Deals where id > '2500' order by id asc limit 100",
      `select id from Deals where ((Modified_Time >= '${at}' and Modified_Time < '${instant(9)}') and (Modified_Time > '${at}' or id > '2500')) order by Modified_Time asc, id asc limit 100`,
      `select id from Deals where (Modified_Time > '${at}' or (Modified_Time = '${at}' and id > '2500')) order by Modified_Time, id limit 100`,
    ];
    for (const page of pages) {
      const { source, touched } = indexed(rows);

      const answer = runCoql(parseCoql(page, catalog), source);

      expect(ids(answer)).toEqual(Array.from({ length: 100 }, (_, index) => String(2501 + index)));
      expect(answer.more).toBe(true);
      expect(touched()).toBeLessThanOrEqual(102);
    }
  });

  test('a window ends at its upper bound without reading on', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      id: String(index + 1),
      Modified_Time: instant(index % 60),
    }));
    const { source, touched } = indexed(rows);

    const answer = runCoql(
      parseCoql(
        `select COUNT(id) from Deals where (Modified_Time >= '${instant(10)}' and Modified_Time < '${instant(12)}')`,
        catalog,
      ),
      source,
    );

    expect(answer.rows).toEqual([{ 'COUNT(id)': 34 }]);
    expect(touched()).toBeLessThan(60);
  });

  test('the index hooks change no answer', () => {
    const row = fc.record({
      id: fc.integer({ min: 1, max: 200 }).map(String),
      Modified_Time: fc.integer({ min: 0, max: 5 }).map(instant),
      Amount: fc.option(fc.integer({ min: 0, max: 3 })),
    });
    const id = fc.integer({ min: 0, max: 200 });
    const time = fc.integer({ min: 0, max: 5 }).map(instant);
    const predicate = fc.oneof(
      fc
        .tuple(fc.constantFrom('>', '>=', '<', '<=', '=', '!='), id)
        .map(([sign, value]) => `id ${sign} '${value}'`),
      fc.tuple(id, id).map(([from, to]) => `id between '${from}' and '${to}'`),
      fc
        .tuple(fc.constantFrom('>', '>=', '<', '<=', '='), time)
        .map(([sign, value]) => `Modified_Time ${sign} '${value}'`),
      fc
        .tuple(time, id)
        .map(([at, last]) => `(Modified_Time > '${at}' or (Modified_Time = '${at}' and id > '${last}'))`),
      fc
        .tuple(time, id)
        .map(([at, last]) => `(Modified_Time >= '${at}' and (Modified_Time > '${at}' or id > '${last}'))`),
      fc.constantFrom('Amount is null', 'Amount > 1'),
    );
    const { where } = fc.letrec<{ where: string; pair: string }>((tie) => ({
      where: fc.oneof({ depthSize: 'small' }, predicate, tie('pair')),
      pair: fc
        .tuple(tie('where'), fc.constantFrom('and', 'or'), tie('where'))
        .map(([left, word, right]) => `(${left} ${word} ${right})`),
    }));
    const order = fc.constantFrom(
      '',
      'order by id',
      'order by Modified_Time, id',
      'order by Modified_Time',
      'order by Amount desc',
    );
    const rows = fc.uniqueArray(row, { selector: (one) => one.id, maxLength: 40 });

    fc.assert(
      fc.property(rows, where, order, fc.integer({ min: 1, max: 20 }), (some, criteria, sorting, limit) => {
        // Zoho takes 25 conditions at most; a longer query is refused and shows nothing of the index.
        fc.pre((criteria.match(/Modified_Time|\bid\b|Amount/g) ?? []).length <= 25);
        const query = parseCoql(
          `select Amount from Deals where ${criteria} ${sorting} limit ${limit}`,
          catalog,
        );

        expect(runCoql(query, indexed(some).source)).toEqual(runCoql(query, sourceOf(some)));
      }),
      { numRuns: 500 },
    );
  });
});
