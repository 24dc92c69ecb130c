import { expect, test } from 'vitest';
import { parseCvRef } from '../../../src/plan/cv-ref.ts';
import { FIELD_CATALOG, type FieldSpec, INPUT_CATALOG } from '../../../src/plan/field-catalog.ts';
import { cell, type Row, tableRows, withoutMarks } from '../../support/markdown.ts';

const PAGE = 'docs/fields.md';
const ON: Readonly<Record<string, string>> = {
  people: 'Contacts with an account',
  leads: 'Leads that are not converted',
  deals: 'open Deals',
  cases: 'open Cases',
  tasks: 'Tasks',
};
type AnySpec = Omit<FieldSpec, 'key'> & { readonly key: string };

function typeOf(spec: AnySpec): string {
  if (spec.key === 'customer_tier') return 'picklist: as Value Tier';
  if (spec.key === 'customer_phase') return 'picklist: as Lifecycle Phase';
  if (spec.values) return `picklist: ${spec.values.map(({ actual }) => actual).join(', ')}`;
  if (spec.type === 'lookup') return 'lookup to the same module';
  const length = spec.length === undefined ? '' : ` ${spec.length}`;
  return `${spec.type}${length}${spec.unique ? ', unique' : ''}`;
}

/** As Zoho makes an API name of a label that is not taken yet. */
const apiNameOf = (label: string) => label.replace(/[^A-Za-z0-9]+/g, '_');

/** Whether the field could hold the example. */
function holds(spec: AnySpec, example: string): boolean {
  if (spec.values) return spec.values.some(({ actual }) => actual === example);
  switch (spec.type) {
    case 'currency':
      return /^-?\d+\.\d\d$/.test(example);
    case 'integer':
    case 'percent':
      return /^\d+$/.test(example);
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(example);
    case 'boolean':
      return /^(true|false)$/.test(example);
    default:
      return example !== '' && example.length <= (spec.length ?? Number.POSITIVE_INFINITY);
  }
}

function check(rows: readonly Row[], specs: readonly AnySpec[]): void {
  const told = (row: Row) =>
    ['label', 'API name', 'type'].map((title) => withoutMarks(cell(row, title))).join(' | ');
  expect(rows.map(told)).toEqual(
    specs.map((spec) => `${spec.label} | ${apiNameOf(spec.label)} | ${typeOf(spec)}`),
  );
  const wrong = specs.filter((spec, index) => !holds(spec, cell(rows[index] ?? new Map(), 'example')));
  expect(wrong.map(({ label }) => label)).toEqual([]);
}
const emptyCells = (rows: readonly Row[]) =>
  rows.flatMap((row) => [...row].filter(([, text]) => text === '').map(([title]) => title));

test.each([
  ['## Essential (customer module, written by the program)', 'essential'],
  ['## Full (adds, customer module, written by the program)', 'full'],
])(
  '%s: every field of the catalog in its order, with type, API name and an example that fits',
  (heading, set) => {
    const rows = tableRows(PAGE, heading);

    check(
      rows,
      FIELD_CATALOG.filter((spec) => spec.set === set),
    );
    expect(emptyCells(rows)).toEqual([]);
  },
);

test('people, leads, deals, cases and tasks: every field on its module', () => {
  const rows = tableRows(PAGE, '## People, leads, deals, cases, tasks (written by the program)');
  const specs = FIELD_CATALOG.filter(({ set }) => set !== 'essential' && set !== 'full');

  check(rows, specs);
  expect(rows.map((row) => [cell(row, 'set'), cell(row, 'on')])).toEqual(
    specs.map(({ set }) => [set, ON[set]]),
  );
  expect(emptyCells(rows)).toEqual([]);
  const reference = rows.find((row) => cell(row, 'label') === 'CV Ref');
  expect(parseCvRef(cell(reference ?? new Map(), 'example'))).not.toBeNull();
});

test('inputs: every field that people fill in', () => {
  const rows = tableRows(PAGE, '## Inputs (people fill them)');

  check(rows, INPUT_CATALOG);
  expect(rows.map((row) => cell(row, 'on'))).toEqual(
    INPUT_CATALOG.map(({ modules }) => modules.join(', ').replace('customer', 'customer module')),
  );
  expect(emptyCells(rows)).toEqual([]);
});
