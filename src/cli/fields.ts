import { type Command, InvalidArgumentError, Option } from 'commander';
import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';
import { InputError } from '../errors.ts';
import { FIELD_SET_NAMES, type FieldSetName, isFieldSetName } from '../setup/field-sets.ts';
import { applyFields, planFields } from '../setup/fields.ts';
import { type FieldLoss, lossOfRemoval, removeFields } from '../setup/fields-remove.ts';
import { audited } from './audited.ts';
import {
  type CommonOptions,
  common,
  type ExitCode,
  print,
  printJson,
  repeatable,
  say,
  withConnection,
} from './command.ts';
import { confirmed } from './confirm.ts';
import { type ManyOptions, many, type Out, withConnections } from './many.ts';
import { table } from './render.ts';

type Options = CommonOptions & { set: string[]; max?: number; yes?: boolean };

function count(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('a number of fields');
  return Number(text);
}

function setsFrom(names: readonly string[]): FieldSetName[] {
  if (names.length === 0) return ['essential'];
  return names.map((name) => {
    if (isFieldSetName(name)) return name;
    throw new InputError(`--set ${name}: give one of ${FIELD_SET_NAMES.join(', ')}`);
  });
}

export async function fieldDeps(app: App, connection: Connection) {
  const { scoring, plan } = (await app.settings.of(connection)).settings;
  return { ...app, basis: scoring.customer.basis, language: plan.language };
}

interface Shown {
  readonly module: string;
  readonly label: string;
  readonly apiName: string | null;
  readonly action: string;
  readonly note: string | null;
}
function fieldTable(fields: readonly Shown[]): string {
  const rows = fields.map(({ module, label, apiName, action, note }) => [
    module,
    label,
    apiName ?? '',
    action,
    note ?? '',
  ]);
  return table(['module', 'label', 'API name', 'action', 'note'], rows);
}

/** What the deletion would lose, and what it costs. */
export function lossTable(losses: readonly FieldLoss[]): string {
  const removed = losses.filter(({ action }) => action === 'remove');
  if (removed.length === 0) return 'No fields of ours to delete.';
  const rows = losses.map(({ module, label, apiName, action, values, note }) => [
    module,
    label,
    apiName,
    action,
    values === null ? '' : String(values),
    note ?? '',
  ]);
  const shown = table(['module', 'label', 'API name', 'action', 'records with a value', 'note'], rows);
  return `${shown}\nCredits: ${removed.length}. Zoho keeps no copy of the values of a deleted field.`;
}

const HERE: Out = { isMany: false, print, json: printJson };
function show(options: Options, answer: { set?: string; fields: readonly Shown[] }, out = HERE): void {
  if (options.json) out.json(answer);
  else out.print(answer.fields.length === 0 ? 'No fields.' : fieldTable(answer.fields));
}

/** Done in part: Zoho refused a field, or the org has no room for it. */
function fieldsExitCode(fields: readonly { action: string; error?: string | null }[]): ExitCode {
  const isPart = fields.some(
    ({ action, error }) => action === 'over_limit' || action === 'failed' || Boolean(error),
  );
  return isPart ? 4 : 0;
}

function ofFields(action: string, sets: readonly string[]) {
  return {
    action,
    target: sets.join(', '),
    after: ({ fields }: { readonly fields: readonly Shown[] }) =>
      fields.map(({ module, label, action: done }) => `${module} ${label}: ${done}`),
  };
}

function withSets(command: Command): Command {
  return command
    .addOption(
      repeatable(new Option('--set <set>', `${FIELD_SET_NAMES.join(', ')}; may be repeated`), 'essential'),
    )
    .option('--max <count>', 'at most so many of our fields in each module', count);
}

export function configure(command: Command): void {
  withSets(
    many(command.command('plan').description('which fields would be created, adopted, or do not fit')),
  ).action((options: ManyOptions & Options) =>
    withConnections(options, async (app, connection, out) => {
      const input = { connection, sets: setsFrom(options.set), max: options.max ?? null };
      show(options, await planFields(await fieldDeps(app, connection), input), out);
      return 0;
    }),
  );
  withSets(
    common(
      command.command('apply').description('create what is missing; CV Ref on Tasks always comes along'),
    ),
  )
    .option('--yes', 'create without asking')
    .action((options: Options) =>
      withConnection(options, async (app, connection) => {
        const input = { connection, sets: setsFrom(options.set), max: options.max ?? null };
        if (!(await confirmed(options.yes, `Create fields in ${connection.org.name}?`))) return 0;
        const deps = await fieldDeps(app, connection);
        const applied = await audited(app, connection, ofFields('fields.apply', options.set), () =>
          applyFields(deps, input),
        );
        show(options, applied);
        for (const { module, layout, action, note } of applied.sections)
          if (action === 'failed') say(`! The section of our fields in ${module} ${layout}: ${note}`);
        return fieldsExitCode(applied.fields);
      }),
    );
  common(command.command('remove').description('delete the fields that we made, with their values'))
    .addOption(repeatable(new Option('--set <set>', 'only of this set; may be repeated'), 'all'))
    .option('--yes', 'delete without asking')
    .action((options: Options) =>
      withConnection(options, async (app, connection) => {
        const sets = options.set.length === 0 ? null : setsFrom(options.set);
        const losses = await lossOfRemoval(app, { connection, sets });
        say(lossTable(losses));
        if (!(await confirmed(options.yes, `Delete our fields and their values in ${connection.org.name}?`)))
          return 0;
        const removed = await audited(app, connection, ofFields('fields.remove', options.set), () =>
          removeFields(app, { connection, sets }),
        );
        show(options, removed);
        return fieldsExitCode(removed.fields);
      }),
    );
}
