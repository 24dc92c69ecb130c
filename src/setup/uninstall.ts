import type { MappedField } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ZohoRejectedError } from '../errors.ts';
import type { Log } from '../log.ts';
import { FIELD_CATALOG, INPUT_CATALOG } from '../plan/field-catalog.ts';
import type { Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { countFilled, filledIds } from '../zoho/filled.ts';
import { updateRecords } from '../zoho/records.ts';
import { disconnectOrg } from './disconnect.ts';
import { isFilledIn, type RemovedField, removeFields } from './fields-remove.ts';
import { removeEmptySections, WITH_LAYOUTS } from './layout-section.ts';
import { requireWritable } from './may-write.ts';
import { type KeptTask, type RemovedTasks, removeOurTasks } from './our-tasks.ts';

/**
 * Takes what we put into an org out again, then forgets the org. Every step looks at what there is, so a run that was
 * killed is finished by the next. While Zoho refuses a step the connection stays: without it nobody knows what is ours.
 */

export interface UninstallDeps {
  readonly store: Pick<
    Store,
    'fieldMap' | 'records' | 'metadata' | 'reminders' | 'connections' | 'tokens' | 'channels'
  >;
  readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
  readonly clock: Clock;
  readonly log: Log;
}
export interface UninstallInput {
  readonly connection: Connection;
  /** Empties the fields that were there before us, whoever filled them. */
  readonly clearAdopted: boolean;
  /** Deletes also what people filled in. */
  readonly withInputs: boolean;
  /** Forgets the org although Zoho refused a step. */
  readonly force: boolean;
}
interface Kept {
  readonly what: string;
  readonly why: string;
}
export interface Uninstalled {
  readonly connection: string;
  readonly tasks: { readonly deleted: number; readonly kept: readonly KeptTask[] };
  readonly fields: readonly RemovedField[];
  readonly emptied: number;
  readonly channels: number;
  readonly revoked: boolean;
  readonly disconnected: boolean;
  readonly keeps: readonly Kept[];
  readonly problems: readonly string[];
}

const ROWS_PER_WRITE = 100;

export async function uninstall(deps: UninstallDeps, input: UninstallInput): Promise<Uninstalled> {
  const { connection } = input;
  requireWritable(connection);
  const zoho = await deps.zohoFor(connection);
  const problems: string[] = [];
  const tasks = await ourTasks(deps, zoho, connection, problems);
  const emptied = input.clearAdopted ? await emptyAdopted(deps, zoho, connection, problems) : 0;
  const fields = await ourFields(deps, zoho, input);
  for (const { module, label, note } of fields.filter(({ action }) => action === 'failed'))
    problems.push(`${module} "${label}" was not deleted (${note})`);
  // Also of modules whose fields a killed run had taken out.
  for (const { module, layout, note } of await removeEmptySections(zoho, WITH_LAYOUTS))
    deps.log.warn({ module, layout, note }, 'the section of our fields stays in a layout');
  const told = {
    connection: connection.name,
    tasks: { deleted: tasks.deleted, kept: tasks.kept },
    fields,
    emptied,
    keeps: keptOf(tasks, fields, input),
  };
  if (problems.length > 0 && !input.force)
    return { ...told, channels: 0, revoked: false, disconnected: false, problems };
  const gone = await disconnectOrg(deps, connection);
  return {
    ...told,
    channels: gone.channels,
    revoked: gone.revoked,
    disconnected: true,
    problems: [...problems, ...gone.problems],
  };
}

async function ourTasks(
  deps: UninstallDeps,
  zoho: ZohoClient,
  connection: Connection,
  problems: string[],
): Promise<RemovedTasks> {
  try {
    const tasks = await removeOurTasks({ store: deps.store, zoho }, connection);
    for (const { taskId, why } of tasks.failed) problems.push(`task ${taskId} was not deleted (${why})`);
    return tasks;
  } catch (error) {
    if (!(error instanceof ZohoRejectedError)) throw error;
    problems.push(`our tasks could not be looked up: ${error.message}`);
    return { deleted: 0, kept: [], failed: [] };
  }
}

/** Inputs go where nobody filled one in: then they hold nothing of anybody's. */
async function ourFields(
  deps: UninstallDeps,
  zoho: ZohoClient,
  { connection, withInputs }: UninstallInput,
): Promise<RemovedField[]> {
  const mapped = await deps.store.fieldMap.all(connection.id);
  const without: MappedField[] = [];
  for (const field of mapped.filter((each) => isFilledIn(each) && each.state === 'created')) {
    if (withInputs || (await countFilled(zoho, field.module, field.apiName)) === 0) without.push(field);
  }
  const { fields } = await removeFields(deps, { connection, sets: null, leaving: { inputs: without } });
  return fields;
}

/** Values of ours in fields that were there before us. */
async function emptyAdopted(
  deps: UninstallDeps,
  zoho: ZohoClient,
  connection: Connection,
  problems: string[],
): Promise<number> {
  const written = new Set<string>(FIELD_CATALOG.map(({ key }) => key));
  const adopted = (await deps.store.fieldMap.all(connection.id)).filter(
    ({ state, key }) => state === 'adopted' && written.has(key),
  );
  let emptied = 0;
  for (const { module, apiName, label } of adopted) {
    try {
      for await (const ids of filledIds(zoho, module, apiName)) {
        for (let at = 0; at < ids.length; at += ROWS_PER_WRITE) {
          const rows = ids.slice(at, at + ROWS_PER_WRITE).map((id) => ({ id, [apiName]: null }));
          const answers = await updateRecords(zoho, module, rows);
          emptied += answers.filter(({ ok }) => ok).length;
          const refused = answers.find((answer) => !answer.ok);
          if (refused && !refused.ok)
            problems.push(`${module} "${label}": ${refused.code} ${refused.message}`);
        }
      }
    } catch (error) {
      if (!(error instanceof ZohoRejectedError)) throw error;
      problems.push(`${module} "${label}" was not emptied: ${error.message}`);
    }
  }
  return emptied;
}

function keptOf(tasks: RemovedTasks, fields: readonly RemovedField[], input: UninstallInput): Kept[] {
  const inputs = new Set(INPUT_CATALOG.map(({ label }) => label));
  return [
    ...tasks.kept.map(({ taskId, subject, why }) => ({ what: `task ${taskId} "${subject}"`, why })),
    ...fields
      .filter(({ action }) => action === 'kept')
      .map(({ module, label, note }) => ({
        what: `field "${label}" of ${module}`,
        why:
          inputs.has(label) && note !== null && !note.startsWith('adopted')
            ? 'people filled it in; delete it too with --with-inputs'
            : `${note ?? ''}${input.clearAdopted ? '; it was emptied' : '; empty it with --clear-adopted'}`,
      })),
    ...(tasks.deleted > 0
      ? [{ what: 'deleted tasks', why: "Zoho's recycle bin keeps them for 60 days" }]
      : []),
    { what: 'backups and logs of this service', why: 'they lie outside the database; remove them by hand' },
  ];
}
