import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GROUPS } from '../../src/admin/pages/rules/keys.ts';
import { FILES, jsonSchema } from '../../src/settings.ts';
import { type SettingSpec, settingSpecs } from '../../src/settings-described.ts';

const specs = settingSpecs('scoring', jsonSchema(FILES.scoring));
const textsOf = (language: string) =>
  JSON.parse(
    readFileSync(new URL(`../../src/admin/texts/${language}/ruleFields.json`, import.meta.url), 'utf8'),
  );
const at = (of: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((node, step) => Object(node)[step], of);

describe('the rules, told by their schema', () => {
  test('every one is there, and only what is nested in more than one way has no input of its own', () => {
    const shaped = (kind: string) => specs.filter(({ shape }) => shape.kind === kind).map(({ key }) => key);

    expect(specs.length).toBeGreaterThan(100);
    expect(shaped('document')).toEqual(['scoring.rfm.limits', 'scoring.nextSteps']);
    expect(shaped('table')).toEqual([
      'scoring.money.margins.products',
      'scoring.money.margins.groups',
      'scoring.leads.ratings',
      'scoring.leads.sources',
    ]);
  });

  test('each stands in one group of the page', () => {
    const grouped = Object.values(GROUPS).flat() as string[];

    expect([...new Set(specs.map(({ path }) => path[0]))].sort()).toEqual(grouped.toSorted());
  });

  test.each(['en', 'nl', 'pl', 'da'])(
    '%s has a label, help, section and every choice in words',
    (language) => {
      const texts = textsOf(language);
      const missing = specs.flatMap((spec) =>
        wantedOf(spec).filter((path) => typeof at(texts, path) !== 'string'),
      );

      expect(missing).toEqual([]);
    },
  );

  test('no words are left of a setting that there is none', () => {
    const wanted = new Set(specs.flatMap(wantedOf));
    const left = leaves(textsOf('en').fields, 'fields').filter((path) => !wanted.has(path));

    expect(left).toEqual([]);
  });
});

function wantedOf({ path, shape }: SettingSpec): string[] {
  const own = path.join('.');
  const section = (path.length > 1 ? path.slice(0, -1) : path).join('_');
  const choices = shape.kind === 'choice' || shape.kind === 'words' ? shape.choices : [];
  const table = shape.kind === 'table' ? shape.columns : [];
  return [
    `fields.${own}.label`,
    `fields.${own}.help`,
    `sections.${section}`,
    ...choices.map((choice) => `choices.${own.startsWith('rfm.names') ? 'rfm' : own}.${choice}`),
    ...table.map(({ name }) => `columns.${name ?? 'value'}`),
  ];
}

function leaves(node: unknown, path: string): string[] {
  if (typeof node === 'string') return [path];
  return Object.entries(Object(node)).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}
