import { z } from 'zod';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import type { SettingField } from '../api-work.ts';

/** What a form of settings shows: every value there is, its bounds, and what it is in the files, in force and in the draft. */

const FILES = ['scoring', 'playbook', 'fields'] as const;
const NumberSpec = z.strictObject({
  isWhole: z.boolean(),
  unit: z.enum(['percent', 'days', 'months', 'money', 'seconds', 'credits']).nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  isAboveMin: z.boolean().meta({ description: 'min itself is too little' }),
});
const Field = z.strictObject({
  key: z.string().meta({ example: 'scoring.tiers.topPercent' }),
  kind: z.enum(['number', 'flag', 'choice', 'words', 'table', 'document']).meta({
    description:
      'table: numbers by a name of one’s own, in the columns that are listed; document: nested, so only as YAML',
  }),
  isNullable: z.boolean(),
  number: NumberSpec.nullable(),
  choices: z.array(z.string()).nullable().meta({ description: 'Empty: words of one’s own' }),
  length: z.int().nullable().meta({ description: 'So many words, in their order' }),
  columns: z
    .array(
      z.strictObject({
        name: z.string().nullable().meta({ description: 'Null: the value itself' }),
        number: NumberSpec,
      }),
    )
    .nullable(),
  usual: z.unknown().meta({ description: 'As the files say, or else the default' }),
  inForce: z.unknown(),
  drafted: z.unknown().meta({ description: 'As the draft says, or else what is in force' }),
  isOwn: z.boolean().meta({ description: 'What is drafted stands there itself, so it can be unset' }),
  isFixed: z.boolean().meta({ description: 'The environment says it, so nothing here changes it' }),
});

export function settingsFormRoutes({ storedSettings }: Pick<ApiDeps, 'storedSettings'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/settings/form',
      summary: 'Every setting of a file: kind, bounds, and its value in the files, in force and in the draft',
      description: 'Money is in units of the home currency, spans in days or months, as people write them.',
      tag: 'Settings',
      query: z.strictObject({ file: z.enum(FILES).default('scoring') }),
      answer: z.strictObject({
        inForce: z.int().meta({ description: '0: nothing is stored' }),
        draft: z.int().nullable(),
        items: z.array(Field),
      }),
      async handle({ connection, query }) {
        const { inForce, draft, fields } = await storedSettings.form(connection, [query.file]);
        return { inForce, draft, items: fields.map(told) };
      },
    }),
  ];
}

function told({ key, isNullable, shape, written }: SettingField): z.input<typeof Field> {
  const [usual, inForce, drafted] = written;
  return {
    ...{ key, kind: shape.kind, isNullable },
    number: shape.kind === 'number' ? shape.number : null,
    choices: shape.kind === 'choice' || shape.kind === 'words' ? [...shape.choices] : null,
    length: shape.kind === 'words' ? shape.length : null,
    columns: shape.kind === 'table' ? [...shape.columns] : null,
    ...{ usual: usual?.value, inForce: inForce?.value, drafted: drafted?.value },
    isOwn: drafted?.origin === 'stored',
    isFixed: drafted?.origin === 'env',
  };
}
