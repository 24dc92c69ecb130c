import { z } from 'zod';
import type { MappedField } from '../../changes.ts';
import type { Connection, Language, ModuleName } from '../../domain.ts';
import { editPolicyOf } from '../../plan/edit-policy.ts';
import { FIELD_CATALOG } from '../../plan/field-catalog.ts';
import { indexMapped } from '../../plan/mapped-fields.ts';
import type { Settings } from '../../rules.ts';
import type { MappingState } from '../../store/store.ts';
import { sentenceIn } from '../../texts/known-sentences.ts';
import { fieldLabel } from '../../texts/labels.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant, Lang } from '../api-schemas.ts';
import { languageOf } from '../language.ts';

/** Which field of Zoho stands for which value, in both directions, and what pauses one. */

const EditPolicyCode = z.enum(['ours', 'theirs', 'report']);
const Paused = z
  .strictObject({ reason: z.string(), repair: z.string().nullable(), since: Instant.nullable() })
  .nullable()
  .meta({ description: 'Null: it is in use' });
const Ours = z.strictObject({
  module: z.string(),
  key: z.string(),
  label: z.string().meta({ description: 'In the language asked for' }),
  apiName: z.string(),
  type: z.string().nullable(),
  state: z.enum(['created', 'adopted']),
  direction: z.enum(['out', 'in']).meta({ description: 'in: people fill it and we read it' }),
  onEdit: EditPolicyCode.nullable().meta({
    description: 'Who wins where a person changed it; null: not ours to write',
  }),
  setting: z.string().nullable().meta({ description: 'The key that sets onEdit; null: it cannot be set' }),
  paused: Paused,
});
const Read = z.strictObject({
  module: z.string(),
  input: z.string(),
  setting: z.string().meta({ description: 'The key that says where it is looked for' }),
  names: z.array(z.string()).meta({ description: 'Where it is looked for, in order; none: not read' }),
  isNeeded: z.boolean().meta({ description: 'One name was given alone, so it must exist' }),
  apiName: z.string().nullable().meta({ description: 'What the last sync found; null: nothing' }),
  type: z.string().nullable(),
  paused: Paused,
});

export function mappingRoutes({ store, settingsOf }: Pick<ApiDeps, 'store' | 'settingsOf'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/mapping',
      summary: 'Which field of Zoho stands for which value, in both directions, and what is paused',
      tag: 'Settings',
      query: z.strictObject({ lang: Lang }),
      answer: z.strictObject({
        ours: z.array(Ours),
        read: z.array(Read),
        missing: z
          .array(z.strictObject({ key: z.string(), label: z.string() }))
          .meta({ description: 'Needed fields of ours that no module has' }),
        usualOnEdit: EditPolicyCode,
      }),
      async handle({ connection, query, req }) {
        const settings = await settingsOf(connection);
        const language = query.lang ?? settings.plan.language;
        const fields = await store.fieldMap.all(connection.id);
        const states = await statesOf(connection, settings);
        const spoken = query.lang ?? languageOf(req);
        return {
          ours: fields.map((field) => ({
            ...told(field, settings),
            label: fieldLabel(field.key, language),
            paused: pausedOf(states.get(`${field.module} ours.${field.key}`), spoken),
          })),
          read: readOf(settings, states, spoken),
          missing: indexMapped(fields)
            .missing()
            .map((key) => ({ key, label: fieldLabel(key, language) })),
          usualOnEdit: settings.plan.onEdit.usual,
        };
      },
    }),
  ];

  /** By module and input. */
  async function statesOf(
    { id }: Connection,
    { mapping }: Settings,
  ): Promise<ReadonlyMap<string, MappingState>> {
    const modules = Object.keys(mapping.inputs) as ModuleName[]; // the keys of a record by module
    const all = await Promise.all(
      modules.map(async (module) =>
        (await store.mappingStates.of(id, module)).map(
          (state) => [`${module} ${state.input}`, state] as const,
        ),
      ),
    );
    return new Map(all.flat());
  }
}

function told({ module, key, apiName, state }: MappedField, { plan }: Settings) {
  const spec = FIELD_CATALOG.find((one) => one.key === key);
  const type = spec?.type ?? null;
  // Fields of the inputs set are none of those that we write.
  if (spec === undefined) {
    return { module, key, apiName, state, type, direction: 'in' as const, onEdit: null, setting: null };
  }
  const isOfCustomer = module === 'Accounts' || module === 'Contacts';
  const isFree = isOfCustomer && (spec.set === 'essential' || spec.set === 'full');
  const onEdit = editPolicyOf(plan.onEdit, module, spec.key);
  const setting = isFree ? `fields.writeBack.onEditOf.${key}` : null;
  return { module, key, apiName, state, type, direction: 'out' as const, onEdit, setting };
}

function readOf({ mapping }: Settings, states: ReadonlyMap<string, MappingState>, language: Language) {
  return Object.entries(mapping.inputs).flatMap(([module, inputs]) =>
    Object.entries(inputs).map(([input, names]) => {
      const state = states.get(`${module} ${input}`);
      return {
        ...{ module, input, setting: `fields.mapping.${module.toLowerCase()}.${input}` },
        names: names === null ? [] : [...[names].flat()],
        isNeeded: typeof names === 'string',
        apiName: names === null ? null : (state?.apiName ?? null),
        type: state?.dataType || null,
        paused: pausedOf(state, language),
      };
    }),
  );
}

function pausedOf(state: MappingState | undefined, language: Language): z.output<typeof Paused> {
  if (state === undefined || state.reason === null) return null;
  const { reason, repair, pausedSince } = state;
  return {
    reason,
    repair: repair && sentenceIn(language, repair),
    since: pausedSince?.toISOString() ?? null,
  };
}
