import type { z } from 'zod';
import { minorToDecimal } from './money.ts';
import { nodeAt, plain, type SettingOriginKind, type Traced } from './settings-merge.ts';
import { defaultAround } from './settings-near.ts';
import { days, money, months } from './settings-values.ts';

/** What can be set, told by the schema: kind, unit and bounds of each value; and what the layers say of it. */

type SettingUnit = 'percent' | 'days' | 'months' | 'money' | 'seconds' | 'credits';
interface NumberSpec {
  readonly isWhole: boolean;
  readonly unit: SettingUnit | null;
  readonly min: number | null;
  readonly max: number | null;
  /** True: `min` itself is too little. */
  readonly isAboveMin: boolean;
}
/** A value, as a person would write it: money in units of the currency, spans as numbers. */
type SettingShape =
  | { readonly kind: 'number'; readonly number: NumberSpec }
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** A list of words of one's own, or, where there are choices, so many of them in their order. */
  | { readonly kind: 'words'; readonly choices: readonly string[]; readonly length: number | null }
  /** Numbers by a name of one's own; a column without a name is the value itself. */
  | {
      readonly kind: 'table';
      readonly columns: readonly { readonly name: string | null; readonly number: NumberSpec }[];
    }
  /** Nested: only as YAML. */
  | { readonly kind: 'document' };
export interface SettingSpec {
  /** E.g. `scoring.tiers.topPercent`. */
  readonly key: string;
  readonly path: readonly string[];
  /** Null is a value of its own. */
  readonly isNullable: boolean;
  readonly shape: SettingShape;
}

/** As zod makes it: forms nest where null, a default or a unit was added. */
interface SchemaNode {
  readonly type?: string;
  readonly unit?: SettingUnit;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: SchemaNode;
  readonly properties?: { readonly [name: string]: SchemaNode };
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
}

/** Every value that a file may hold, in the order of its schema. */
export function settingSpecs(file: string, schema: unknown): SettingSpec[] {
  const walk = (node: SchemaNode, path: readonly string[]): SettingSpec[] => {
    if (node.properties && node.type === 'object') {
      return Object.entries(node.properties).flatMap(([name, inner]) =>
        inner.const === undefined ? walk(inner, [...path, name]) : [],
      );
    }
    const { isNullable, form } = withoutNull(node);
    return [{ key: [file, ...path].join('.'), path, isNullable, shape: shapeOf(form) }];
  };
  return walk(schema as SchemaNode, []); // zod made it
}

function withoutNull(node: SchemaNode): { readonly isNullable: boolean; readonly form: SchemaNode } {
  const forms = node.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  const [form] = forms;
  const isNullable = node.anyOf !== undefined && forms.length < node.anyOf.length;
  return isNullable && form !== undefined && forms.length === 1
    ? { isNullable, form: { ...form, ...(node.unit ? { unit: node.unit } : {}) } }
    : { isNullable, form: node };
}

function shapeOf(node: SchemaNode): SettingShape {
  const number = numberOf(node);
  if (number) return { kind: 'number', number };
  if (node.type === 'boolean') return { kind: 'flag' };
  if (node.type === 'string' && node.enum) return { kind: 'choice', choices: node.enum };
  if (node.type === 'array' && node.items?.type === 'string') {
    const { items, minItems, maxItems } = node;
    const length = minItems !== undefined && minItems === maxItems ? minItems : null;
    return { kind: 'words', choices: items.enum ?? [], length };
  }
  if (node.type === 'object' && typeof node.additionalProperties === 'object') {
    const columns = columnsOf(node.additionalProperties);
    if (columns) return { kind: 'table', columns };
  }
  return { kind: 'document' };
}

function columnsOf(row: SchemaNode) {
  const alone = numberOf(row);
  if (alone) return [{ name: null, number: alone }];
  if (!row.properties) return null;
  const columns = Object.entries(row.properties).map(([name, cell]) => ({ name, number: numberOf(cell) }));
  return columns.every((column): column is { name: string; number: NumberSpec } => column.number !== null)
    ? columns
    : null;
}

/** A number, or a text with a unit that stands for one. */
function numberOf(node: SchemaNode): NumberSpec | null {
  const forms = node.anyOf ?? [node];
  const form = forms.find(({ type }) => type === 'number' || type === 'integer');
  if (!form || (node.anyOf !== undefined && node.unit === undefined)) return null;
  const { minimum, maximum, exclusiveMinimum } = form;
  return {
    isWhole: form.type === 'integer',
    unit: node.unit ?? form.unit ?? null,
    min: minimum ?? exclusiveMinimum ?? null,
    // Whole numbers end where JavaScript's do; that says nothing to anybody.
    max: maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : maximum,
    isAboveMin: exclusiveMinimum !== undefined,
  };
}

export interface WrittenSetting {
  readonly value: unknown;
  readonly origin: SettingOriginKind;
}

/** What the layers say of a value, or else its default, as a person would write it. */
export function writtenSetting(root: Traced, schema: unknown, { path, shape }: SettingSpec): WrittenSetting {
  const { node, rest } = nodeAt(root, path);
  const isSaid = rest.length === 0;
  const value = isSaid ? plain(node) : (defaultAround(schema, path) ?? null);
  const origin = isSaid ? node.place.layer.kind : 'default';
  return { value: plainly(value, shape), origin };
}

function plainly(value: unknown, shape: SettingShape): unknown {
  if (shape.kind === 'number') return asNumber(value, shape.number.unit);
  if (shape.kind !== 'table' || value === null || typeof value !== 'object') return value;
  const cells = (row: unknown): unknown => {
    const [first] = shape.columns;
    if (first?.name === null) return asNumber(row, first.number.unit);
    const given: Record<string, unknown> = row !== null && typeof row === 'object' ? { ...row } : {};
    const named = shape.columns.flatMap(({ name, number }) =>
      name === null || given[name] === undefined ? [] : [[name, asNumber(given[name], number.unit)]],
    );
    return Object.fromEntries(named);
  };
  return Object.fromEntries(Object.entries(value).map(([name, row]) => [name, cells(row)]));
}

/** What cannot be read stays as it is: whoever judges the whole says what is wrong with it. */
function asNumber(value: unknown, unit: SettingUnit | null): unknown {
  const read = (schema: z.ZodType<number>) => schema.safeParse(value).data ?? value;
  if (unit === 'days') return read(days);
  if (unit === 'months') return read(months);
  if (unit !== 'money' || value === null) return value;
  const amount = money.safeParse(value).data;
  return amount === undefined ? value : Number(minorToDecimal(amount));
}
