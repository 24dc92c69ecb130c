import { z } from 'zod';
import { FIELD_SET_NAMES } from '../../setup/field-sets.ts';
import { TEMPLATE_IDS, templateDocument } from '../../setup/rule-templates.ts';
import { STEP_IDS, setUpOf } from '../../setup/steps.ts';
import { sentenceIn } from '../../texts/known-sentences.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant, RecordIdText } from '../api-schemas.ts';
import { languageOf } from '../language.ts';
import { Accepted, enqueueAsked } from './enqueue-asked.ts';
import { mustBeWritable } from './plan-routes.ts';

/** From consent to the first approved plan: how far an org is, and what each step asks for. */

const tag = 'Set-up';
const MOST_JOBS = 100;

const Step = z.strictObject({
  id: z.enum(STEP_IDS),
  state: z.enum(['open', 'working', 'failed', 'done']),
  run: z.string().nullable().meta({ description: 'Its newest run; the summary is the report' }),
  at: Instant.nullable(),
  why: z.string().nullable().meta({ description: 'In the language of Accept-Language' }),
});
const WantedFields = z
  .strictObject({
    sets: z.array(z.enum(FIELD_SET_NAMES)).min(1).max(FIELD_SET_NAMES.length).default(['essential']),
    max: z.int().min(0).max(500).nullable().default(null),
  })
  .meta({
    description: 'Which sets of fields, and the most of ours in a module',
    example: { sets: ['essential'], max: null },
  });
const Template = z
  .strictObject({
    template: z.enum(TEMPLATE_IDS),
    marginPercent: z.number().min(-100).max(100).nullable().default(null),
  })
  .meta({
    description: 'marginPercent: what is earned on a sale whose cost is not known',
    example: { template: 'wholesale', marginPercent: 30 },
  });

export function setUpRoutes(deps: Pick<ApiDeps, 'store' | 'queue' | 'clock' | 'storedSettings'>): ApiRoute[] {
  const { store, storedSettings } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/set-up',
      summary: 'How far the set-up is, step by step',
      tag,
      answer: z.strictObject({
        steps: z.array(Step),
        plan: z.string().nullable().meta({ description: 'The newest plan that is made' }),
        isAsked: z.boolean().meta({ description: 'Something that a person asked waits or is at work' }),
      }),
      async handle({ connection, req }) {
        const language = languageOf(req);
        const { steps, plan } = await setUpOf(store, connection);
        const jobs = await store.jobs.list({ connection: connection.id, limit: MOST_JOBS });
        return {
          steps: steps.map(({ at, why, ...step }) => ({
            ...step,
            at: at?.toISOString() ?? null,
            why: why && sentenceIn(language, why),
          })),
          plan,
          isAsked: jobs.some(({ name, state }) => name === 'asked' && state !== 'dead'),
        };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/assess',
      action: 'connection.assess',
      summary: 'Look at what is in the org and what is missing; nothing is written',
      description: 'Asks Zoho, so it is a job; the report is the summary of a run of kind assess.',
      tag,
      status: 202,
      answer: Accepted,
      async handle({ connection, note, locate }) {
        note({ target: connection.name });
        locate(`/connections/${connection.id}/runs?kind=assess`);
        return enqueueAsked(deps, connection, { what: 'assess' });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/fields/plan',
      action: 'fields.plan',
      summary: 'Which fields would be created, adopted, or find no room; nothing is written',
      description: 'Asks Zoho, so it is a job; the list is the summary of a run of kind fields-plan.',
      tag,
      body: WantedFields,
      status: 202,
      answer: Accepted,
      async handle({ connection, body, note, locate }) {
        note({ target: connection.name, after: body });
        locate(`/connections/${connection.id}/runs?kind=fields-plan`);
        return enqueueAsked(deps, connection, { what: 'fields-plan', ...body });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/fields/apply',
      action: 'fields.apply',
      summary: 'Create the fields that are missing; what is there is adopted',
      description: 'A job; what became of each field is the summary of a run of kind fields.',
      tag,
      body: WantedFields,
      status: 202,
      answer: Accepted,
      async handle({ connection, body, note, locate }) {
        mustBeWritable(connection);
        note({ target: connection.name, after: body });
        locate(`/connections/${connection.id}/runs?kind=fields`);
        return enqueueAsked(deps, connection, { what: 'fields', ...body });
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/connections/{connection}/settings/draft/template',
      action: 'settings.draft',
      summary: 'Begin a draft with the rules for a kind of business; it replaces the draft there is',
      tag,
      body: Template,
      answer: z.strictObject({
        version: z.int(),
        changed: z.array(z.strictObject({ key: z.string(), old: z.unknown(), new: z.unknown() })),
      }),
      async handle({ connection, body, principal, note }) {
        const { template, marginPercent } = body;
        const { saved, changed } = await storedSettings.saveText(connection, {
          document: templateDocument(template, marginPercent),
          note: template,
          who: `${principal.kind}:${principal.id}`,
          isDraft: true,
        });
        note({ target: connection.name, after: { ...body, version: saved.version } });
        return { version: saved.version, changed: [...changed] };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/settings/what-if',
      action: 'settings.what-if',
      summary: 'How customers would stand by a stored version, a draft above all, beside the rules in force',
      description:
        'A job; the comparison is the summary of a run of kind what-if. An org that was never read is read first.',
      tag,
      body: z
        .strictObject({
          version: z.int().min(0),
          customer: RecordIdText.optional().meta({ description: 'Shown whole by both, with the arithmetic' }),
        })
        .meta({ example: { version: 2 } }),
      status: 202,
      answer: Accepted,
      async handle({ connection, body, note, locate }) {
        note({ target: connection.name, after: body });
        locate(`/connections/${connection.id}/runs?kind=what-if`);
        const { version, customer } = body;
        const of = customer === undefined ? {} : { customer };
        return enqueueAsked(deps, connection, { what: 'what-if', version, ...of });
      },
    }),
  ];
}
