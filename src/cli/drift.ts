import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';
import { type CommonOptions, print, printJson, withApp } from './command.ts';

/** Who differs from the base pack, in what, and why. Reads the store and the files; calls nobody. */

interface Difference {
  readonly key: string;
  readonly base: unknown;
  readonly value: unknown;
  readonly origin: string;
  readonly at: string | null;
  /** The comment beside it, or the note of the stored version; null: nobody said. */
  readonly why: string | null;
}
interface Drift {
  readonly connection: string;
  readonly org: string;
  readonly mode: Connection['mode'];
  readonly settingsVersion: number;
  /** What is there to know beside single keys. */
  readonly notes: readonly string[];
  readonly problems: readonly string[];
  readonly differences: readonly Difference[];
}
type DriftOptions = Pick<CommonOptions, 'json'> & { connection?: string; format: 'text' | 'markdown' };

export function configure(command: Command): void {
  command
    .option('--connection <name>', 'only this one')
    .option('--all', 'every connection, as without it')
    .addOption(new Option('--format <format>', 'kind of text').choices(['text', 'markdown']).default('text'))
    .option('--json', 'print exactly one JSON document')
    .action((options: DriftOptions) =>
      withApp(options, async (app) => {
        const found = await driftOf(app, options.connection);
        if (options.json) printJson(found);
        else print(options.format === 'markdown' ? markdownOf(found) : textOf(found));
        return found.some(({ problems }) => problems.length > 0) ? 2 : 0;
      }),
    );
}

async function driftOf(app: App, name: string | undefined): Promise<Drift[]> {
  if (name !== undefined) await app.connection(name);
  const now = app.clock.now();
  const current = await app.store.settings.allCurrent();
  const base = new Map(app.config.origins.map(({ key, value }) => [key, value]));
  const facts = (await app.store.fleet.all(now)).filter(
    ({ connection }) => name === undefined || connection.name === name,
  );
  const drifts: Drift[] = [];
  for (const { connection, settingsVersion, runVersion, baseHash, channelExpiresAt } of facts) {
    const problems = await app.settings.problemsOf(connection);
    const origins = problems.length > 0 ? [] : (await app.settings.of(connection)).origins;
    const note = current.get(connection.id)?.note ?? null;
    const differences = origins.flatMap(({ key, value, origin, at, why }): Difference[] => {
      const usual = base.get(key);
      if (JSON.stringify(usual ?? null) === JSON.stringify(value ?? null)) return [];
      const reason = why ?? (origin === 'stored' ? note : null);
      return [{ key, base: usual ?? null, value, origin, at, why: reason }];
    });
    const notes = [
      ...(runVersion !== null && runVersion < settingsVersion
        ? [`last run under version ${runVersion}; version ${settingsVersion} holds from the next run on`]
        : []),
      ...(baseHash !== null && baseHash !== app.settings.baseHash ? ['last run under other base files'] : []),
      ...(runVersion === null ? ['never ran'] : []),
      ...(channelExpiresAt !== null && channelExpiresAt <= now
        ? ['its notification channel has expired']
        : []),
      ...(connection.mode === 'manual' ? [] : [`mode ${connection.mode}`]),
    ];
    drifts.push({
      ...{ connection: connection.name, org: connection.org.name, mode: connection.mode },
      ...{ settingsVersion, notes, problems, differences },
    });
  }
  return drifts;
}

const shown = (value: unknown): string => {
  const text = value === null ? '–' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

function textOf(found: readonly Drift[]): string {
  if (found.length === 0) return 'No connection. Make one with: zcv connect';
  return found
    .map(({ connection, org, notes, problems, differences }) =>
      [
        `${connection} (${org}): ${verdict(problems, differences)}`,
        ...problems.map((problem) => `  ! ${problem}`),
        ...notes.map((note) => `  · ${note}`),
        ...differences.map(
          ({ key, base, value, at, why }) =>
            `  ${key}: ${shown(base)} → ${shown(value)}  (${at ?? 'default'}) ${why === null ? 'no reason given' : `# ${why}`}`,
        ),
      ].join('\n'),
    )
    .join('\n');
}

function markdownOf(found: readonly Drift[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = found.flatMap(({ connection, problems, differences }) => [
    ...problems.map((problem) => [connection, 'cannot be used', '', '', problem]),
    ...differences.map(({ key, base, value, why }) => [
      ...[connection, `\`${key}\``, shown(base), shown(value), why ?? 'no reason given'],
    ]),
  ]);
  const same = found.filter(({ problems, differences }) => problems.length + differences.length === 0);
  return [
    '## Drift from the base pack',
    '',
    '| connection | setting | base | here | why |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
    '',
    `As the base: ${same.map(({ connection }) => connection).join(', ') || 'nobody'}.`,
  ].join('\n');
}

function verdict(problems: readonly string[], differences: readonly Difference[]): string {
  if (problems.length > 0) return 'cannot be used';
  return differences.length === 0 ? 'as the base' : `differs in ${differences.length}`;
}
