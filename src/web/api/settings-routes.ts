import { z } from 'zod';
import type { Connection, Language } from '../../domain.ts';
import { ConfigError, ConflictError, InputError, NotFoundError } from '../../errors.ts';
import type { SettingsVersion } from '../../store/settings-stores.ts';
import { settingProblemText } from '../../texts/setting-problems.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';
import { type InputProblem, ProblemsError } from '../http-errors.ts';
import { languageOf, zodWording } from '../language.ts';
import type { Principal } from '../principal.ts';
import { sendLines } from '../send-lines.ts';

/** What is stored for a connection beside the files: versions, a draft, back to an earlier one. */

const tag = 'Settings';
const MOST_VERSIONS = 200;
const LONGEST_DOCUMENT = 200_000;
const MOST_KEYS = 100;

const fields = {
  version: z.int(),
  state: z.enum(['draft', 'published']),
  note: z.string().nullable(),
  who: z.string(),
  at: Instant,
  basedOn: z.int().meta({ description: 'The version that was in force when it was written; 0: none' }),
};
const Version = z.strictObject(fields);
const WithDocument = z.strictObject({ ...fields, document: z.string().meta({ description: 'YAML' }) });
const Difference = z.strictObject({
  key: z.string().meta({ example: 'scoring.tiers.topPercent' }),
  old: z.unknown().meta({ description: 'Null: not there' }),
  new: z.unknown(),
});
const Saved = z.strictObject({ ...fields, changed: z.array(Difference) });
const VersionText = z.coerce.number().int().min(0).max(999_999_999);
const Note = z.string().trim().min(1).max(500).optional().meta({ description: 'Why' });
const Document = z.string().max(LONGEST_DOCUMENT).meta({
  description: 'YAML with the parts scoring, playbook and fields; only what differs from the files',
});
const Key = z.string().min(3).max(200);
const LONGEST_VALUE = 20_000;
// What may stand at a key only the settings themselves can say; they judge the whole.
const Value = z
  .unknown()
  .refine((value) => value !== undefined && JSON.stringify(value).length <= LONGEST_VALUE, 'too long')
  .meta({ description: 'Anything that JSON holds: a number, a text, a list, a map, null' });
const Edit = z
  .strictObject({
    set: z.record(Key, Value).default({}).meta({ description: 'By key, as GET …/settings names them' }),
    unset: z.array(Key).max(MOST_KEYS).default([]).meta({ description: 'Back to what the files say' }),
    note: Note,
  })
  .refine(({ set, unset }) => Object.keys(set).length + unset.length > 0, 'nothing to change')
  .refine(({ set }) => Object.keys(set).length <= MOST_KEYS, `at most ${MOST_KEYS} keys at once`)
  .meta({ example: { set: { 'fields.retention.runs': '180d' }, note: 'a smaller database' } });

export function settingsRoutes({
  store,
  storedSettings,
}: Pick<ApiDeps, 'store' | 'storedSettings'>): ApiRoute[] {
  const problems = async (
    connection: Connection,
    document: string,
    language: Language,
  ): Promise<InputProblem[]> => {
    const found = await storedSettings.problemsOf(connection, document, zodWording(language));
    return found.map(({ key, line, ...problem }) => ({
      ...{ in: 'body', path: key ?? 'document', line },
      message: settingProblemText(problem, language),
    }));
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/settings/versions',
      summary: 'Versions that were stored for the connection, newest first, the draft among them',
      tag,
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(MOST_VERSIONS).default(50),
      }),
      answer: z.strictObject({
        items: z.array(
          Version.extend({
            whoName: z.string().nullable().meta({ description: 'Null: not a person or token we know' }),
          }),
        ),
      }),
      async handle({ connection, query }) {
        const kept = await store.settings.history(connection.id, query.limit);
        const names = await store.audit.names(new Set(kept.map(({ who }) => who)));
        return { items: kept.map((one) => ({ ...shown(one), whoName: names.get(one.who) ?? null })) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/settings/versions/{version}',
      summary: 'One of them, with its document',
      tag,
      params: z.strictObject({ version: VersionText }),
      answer: WithDocument,
      async handle({ connection, params }) {
        const found = await store.settings.get(connection.id, params.version);
        if (found === null) throw new NotFoundError('there is no such version');
        return { ...shown(found), document: found.document };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/settings/diff',
      summary: 'What two versions say otherwise, key by key; 0: nothing stored',
      tag,
      query: z
        .strictObject({ before: VersionText, after: VersionText })
        .partial({ before: true, after: true }),
      answer: z.strictObject({ before: z.int(), after: z.int(), items: z.array(Difference) }),
      async handle({ connection, query }) {
        const after = query.after ?? (await store.settings.current(connection.id))?.version ?? 0;
        const before = query.before ?? 0;
        return { before, after, items: await storedSettings.differences(connection, before, after) };
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/connections/{connection}/settings',
      action: 'settings.set',
      summary: 'Change some keys at once, in force from the next run on; a draft stays what it is',
      description:
        'As `zcv settings set` and `unset` do. What could not be used is refused (400) and says where.',
      tag,
      body: Edit,
      answer: Saved,
      async handle({ connection, body, principal, note, req }) {
        const { set, unset } = body;
        const change = { set: Object.entries(set), unset, note: body.note ?? null, who: whoOf(principal) };
        const { saved, changed } = await usable(storedSettings.edit(connection, change), async () =>
          problems(connection, await storedSettings.edited(connection, change), languageOf(req)),
        );
        note({ target: connection.name, after: { version: saved.version, changed } });
        return { ...shown(saved), changed: [...changed] };
      },
    }),
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/settings/export',
      summary: 'What is stored over the files, as the YAML patch that `zcv settings export` writes',
      tag,
      stream: { types: ['application/yaml'], description: 'A file; without anything stored an empty map' },
      async send({ connection, res }) {
        const document = (await store.settings.current(connection.id))?.document ?? '{}\n';
        const head = { type: 'application/yaml', fileName: `settings-${connection.name}.yaml` };
        await sendLines(res, head, textOf(document));
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/connections/{connection}/settings/draft',
      action: 'settings.draft',
      summary: 'Save a document without putting it in force; it replaces the draft there is',
      description: 'What could not be used is refused (400) and says where.',
      tag,
      body: z
        .strictObject({ document: Document, note: Note })
        .meta({ example: { document: 'scoring:\n  tiers:\n    topPercent: 15\n', note: 'fewer, better' } }),
      answer: Saved,
      async handle({ connection, body, principal, note, req }) {
        const change = { document: body.document, note: body.note ?? null, who: whoOf(principal) };
        const { saved, changed } = await usable(
          storedSettings.saveText(connection, { ...change, isDraft: true }),
          () => problems(connection, body.document, languageOf(req)),
        );
        note({ target: connection.name, after: { version: saved.version, changed } });
        return { ...shown(saved), changed: [...changed] };
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: '/connections/{connection}/settings/draft',
      action: 'settings.draft',
      summary: 'Change some keys of the draft, which begins as what is in force',
      description: 'What could not be used is refused (400) and says where.',
      tag,
      body: Edit,
      answer: Saved,
      async handle({ connection, body, principal, note, req }) {
        const { set, unset } = body;
        const by = { note: body.note ?? null, who: whoOf(principal) };
        const change = { set: Object.entries(set), unset, isDraft: true, ...by };
        const { saved, changed } = await usable(storedSettings.edit(connection, change), async () =>
          problems(connection, await storedSettings.edited(connection, change), languageOf(req)),
        );
        note({ target: connection.name, after: { version: saved.version, changed } });
        return { ...shown(saved), changed: [...changed] };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/settings/draft',
      action: 'settings.discard',
      summary: 'Discard the draft',
      tag,
      answer: z.strictObject({ discarded: z.boolean() }),
      async handle({ connection, note }) {
        const discarded = await store.settings.discardDraft(connection.id);
        note({ target: connection.name, after: { discarded } });
        return { discarded };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/settings/publish',
      action: 'settings.publish',
      summary: 'Put the draft in force from the next run on',
      description: '409 when another version was published after the draft was begun.',
      tag,
      body: z.strictObject({ version: z.int().min(1), note: Note }).meta({ example: { version: 2 } }),
      answer: Version,
      async handle({ connection, body, principal, note, req }) {
        const draft = await store.settings.draft(connection.id);
        if (draft?.version !== body.version)
          throw new ConflictError(`version ${body.version} is no draft of this connection any more`);
        const by = { note: body.note ?? null, who: whoOf(principal) };
        const saved = await usable(storedSettings.publish(connection, by), () =>
          problems(connection, draft.document, languageOf(req)),
        );
        note({ target: connection.name, after: { version: saved.version } });
        return shown(saved);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/settings/rollback',
      action: 'settings.rollback',
      summary: 'Put the document of an earlier version in force, as a new version; 0: nothing stored',
      tag,
      body: z.strictObject({ version: z.int().min(0), note: Note }).meta({ example: { version: 0 } }),
      answer: Saved,
      async handle({ connection, body, principal, note, req }) {
        const input = { version: body.version, note: body.note ?? null, who: whoOf(principal) };
        const { saved, changed } = await usable(storedSettings.rollback(connection, input), async () =>
          problems(connection, await storedSettings.documentOf(connection, body.version), languageOf(req)),
        );
        note({ target: connection.name, after: { version: saved.version, changed } });
        return { ...shown(saved), changed: [...changed] };
      },
    }),
  ];
}

async function* textOf(document: string): AsyncGenerator<string> {
  yield document;
}

function whoOf({ kind, id }: Principal): string {
  return `${kind}:${id}`;
}

/** What is wrong with a document is wrong with the request, not with this installation: told by key and line. */
async function usable<T>(saving: Promise<T>, problems: () => Promise<readonly InputProblem[]>): Promise<T> {
  try {
    return await saving;
  } catch (error) {
    const isUnusable = error instanceof ConfigError || error instanceof InputError;
    const found = isUnusable ? await problems() : [];
    if (isUnusable && found.length > 0) throw new ProblemsError(found, error.message);
    if (error instanceof ConfigError) throw new InputError(error.message, { cause: error });
    throw error;
  }
}

function shown({ version, state, note, who, at, basedOn }: SettingsVersion) {
  return { version, state, note, who, at: at.toISOString(), basedOn };
}
