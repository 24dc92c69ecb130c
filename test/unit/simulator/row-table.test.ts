import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRowIds, type Row, RowTable } from '../../../src/simulator/row-table.ts';

const aRow = (id: string, modifiedMs: number): Row => ({
  id,
  module: 'Deals',
  values: {},
  createdMs: 0,
  modifiedMs,
  createdBy: '1',
  modifiedBy: '1',
  version: 0,
  gone: false,
});

const byTimeThenId = (a: Row, b: Row) => a.modifiedMs - b.modifiedMs || compareRowIds(a.id, b.id);
const byId = (a: Row, b: Row) => compareRowIds(a.id, b.id);
const ids = (rows: Iterable<Row>) => [...rows].map((row) => row.id);

type Step =
  | { kind: 'add'; id: number; at: number }
  | { kind: 'touch'; pick: number; at: number }
  | { kind: 'remove'; pick: number }
  | { kind: 'read' };

const at = fc.integer({ min: 0, max: 5 });
const pick = fc.nat(50);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), id: fc.integer({ min: 1, max: 2000 }), at }),
  fc.record({ kind: fc.constant('touch' as const), pick, at }),
  fc.record({ kind: fc.constant('remove' as const), pick }),
  fc.record({ kind: fc.constant('read' as const) }),
);

/** Applies the steps; reads in between build the indexes early. */
function build(steps: readonly Step[]): { table: RowTable; alive: Row[] } {
  const table = new RowTable();
  const alive = new Map<string, Row>();
  for (const each of steps) {
    const rows = [...alive.values()];
    if (each.kind === 'add' && !alive.has(String(each.id))) {
      const row = aRow(String(each.id), each.at);
      table.add(row);
      alive.set(row.id, row);
    } else if (each.kind === 'read') ids(table.fromTime(null, false));
    else if ('pick' in each && rows.length > 0) {
      const row = rows[each.pick % rows.length];
      if (row === undefined) continue;
      if (each.kind === 'remove') {
        table.remove(row);
        alive.delete(row.id);
      } else {
        row.modifiedMs = each.at;
        table.touch(row);
      }
    }
  }
  return { table, alive: [...alive.values()] };
}

describe('rows of a module', () => {
  test('come in numeric order of id and in the order of (time, id), whatever happened before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { table, alive } = build(steps);
        const [sorted, timed] = [ids(alive.sort(byId)), ids([...alive].sort(byTimeThenId))];

        expect(ids(table.values())).toEqual(sorted);
        expect(ids(table.fromId(null, true))).toEqual(sorted.reverse());
        expect(ids(table.fromTime(null, false))).toEqual(timed);
        expect(ids(table.fromTime(null, true))).toEqual(timed.reverse());
        expect(table.size).toBe(alive.length);
      }),
    );
  });

  test('beyond a place are exactly those after it', () => {
    const place = fc.record({ ms: at, id: fc.option(fc.integer({ min: 1, max: 2000 }).map(String)) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), place, (steps, after) => {
        const { table, alive } = build(steps);
        const isAfter = (row: Row) =>
          row.modifiedMs > after.ms ||
          (row.modifiedMs === after.ms && (after.id === null || compareRowIds(row.id, after.id) > 0));
        const isBefore = (row: Row) =>
          row.modifiedMs < after.ms ||
          (row.modifiedMs === after.ms && after.id !== null && compareRowIds(row.id, after.id) < 0);

        expect(ids(table.fromTime(after, false))).toEqual(ids(alive.filter(isAfter).sort(byTimeThenId)));
        if (after.id === null) return;
        expect(ids(table.fromTime(after, true))).toEqual(
          ids(alive.filter(isBefore).sort(byTimeThenId)).reverse(),
        );
        const { id } = after;
        expect(ids(table.fromId(id, false))).toEqual(
          ids(alive.filter((row) => compareRowIds(row.id, id) > 0).sort(byId)),
        );
      }),
    );
  });
});
