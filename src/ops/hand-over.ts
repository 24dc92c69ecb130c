import type { Connection } from '../domain.ts';
import type { Store } from '../store/store.ts';

/** What a client takes along who leaves or goes on alone: all that this service knows besides the records of Zoho. */

type Part = Pick<
  Store,
  | 'alerts'
  | 'audit'
  | 'fieldMap'
  | 'imports'
  | 'overrides'
  | 'plans'
  | 'reminders'
  | 'runs'
  | 'schedules'
  | 'scores'
  | 'settings'
  | 'supportVisits'
>;
export interface HandOverFile {
  readonly name: string;
  readonly lines: AsyncIterable<string>;
}

const CHUNK = 500;
const MOST = 10_000;

/** Lines of JSON files, one object a line. Secrets stand in none of the parts that are read. */
export function handOverFiles(store: Part, connection: Connection): HandOverFile[] {
  const { id } = connection;
  return [
    { name: 'connection.ndjson', lines: jsonLines(async () => [described(connection)]) },
    { name: 'fields.ndjson', lines: jsonLines(() => store.fieldMap.all(id)) },
    { name: 'schedules.ndjson', lines: jsonLines(() => store.schedules.of(id)) },
    { name: 'settings-history.ndjson', lines: jsonLines(() => store.settings.history(id, MOST)) },
    { name: 'overrides.ndjson', lines: jsonLines(() => store.overrides.list(id)) },
    { name: 'reminders.ndjson', lines: jsonLines(() => store.reminders.all(id)) },
    { name: 'score-history.ndjson', lines: scoreHistory(store, id) },
    { name: 'runs.ndjson', lines: jsonLines(() => store.runs.list(id, MOST)) },
    { name: 'plans.ndjson', lines: jsonLines(() => store.plans.list(id, MOST)) },
    { name: 'alerts.ndjson', lines: jsonLines(() => store.alerts.list(id, MOST)) },
    {
      name: 'imported-files.ndjson',
      lines: jsonLines(async () => {
        const kinds = ['purchases', 'costs', 'contributions', 'referrals'] as const;
        return (await Promise.all(kinds.map((kind) => store.imports.list(id, kind)))).flat();
      }),
    },
    { name: 'support-visits.ndjson', lines: jsonLines(() => store.supportVisits.list(id, MOST)) },
    { name: 'audit-log.ndjson', lines: auditLog(store, id) },
  ];
}

/** What it is, without the client and the grant that it is read with. */
function described({ name, org, location, apiDomain, scopes, mode }: Connection) {
  return { name, org, location, apiDomain, scopes, mode };
}

async function* jsonLines(read: () => Promise<readonly unknown[]>): AsyncGenerator<string> {
  for (const row of await read()) yield `${JSON.stringify(row)}\n`;
}

async function* scoreHistory({ scores }: Pick<Part, 'scores'>, id: string): AsyncGenerator<string> {
  for await (const chunk of scores.inKeyOrder(id, CHUNK))
    for (const { key, name } of chunk)
      for (const row of await scores.history(id, key.id))
        yield `${JSON.stringify({ module: key.module, recordId: key.id, name, ...row })}\n`;
}

async function* auditLog({ audit }: Pick<Part, 'audit'>, id: string): AsyncGenerator<string> {
  let olderThan: number | undefined;
  for (;;) {
    const entries = await audit.list({ connection: id }, { limit: CHUNK, olderThan });
    for (const { connection: _, ...entry } of entries) yield `${JSON.stringify(entry)}\n`;
    olderThan = entries.at(-1)?.id;
    if (entries.length < CHUNK) return;
  }
}
