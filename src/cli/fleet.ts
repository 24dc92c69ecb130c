import { type Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';
import { ConfigError } from '../errors.ts';
import { type FleetRow, fleetRows } from '../setup/fleet.ts';
import { print, printJson, withApp } from './command.ts';
import { table } from './render.ts';

interface FleetOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly trouble?: boolean;
  readonly filter?: string;
}

export function configure(command: Command): void {
  command
    .option('--filter <text>', 'only where name, org, edition, data centre, mode or state hold this')
    .option('--trouble', 'only where something is wrong')
    .option('--csv', 'as CSV')
    .addOption(new Option('--json', 'print exactly one JSON document').conflicts('csv'))
    .action((options: FleetOptions) =>
      withApp(options, async (app) => {
        const rows = (await rowsOf(app)).filter((row) => isWanted(row, options));
        if (options.json) printJson(rows);
        else if (options.csv) print(csvOf(rows).trimEnd());
        else print(rows.length === 0 ? 'No connection. Make one with: zcv connect' : textOf(rows));
        return 0;
      }),
    );
}

async function rowsOf(app: App): Promise<FleetRow[]> {
  const now = app.clock.now();
  const [facts, stored] = [await app.store.fleet.all(now), await app.store.settings.allCurrent()];
  const ceilingPercentOf = (connection: Connection): number => {
    try {
      const own = stored.get(connection.id);
      const { settings } = own
        ? app.settings.with(connection.name, own)
        : app.settings.ofName(connection.name);
      return settings.creditCeilingPercent;
    } catch (error) {
      // It runs nothing until its settings are mended, and its alert says so.
      if (error instanceof ConfigError) return app.config.settings.creditCeilingPercent;
      throw error;
    }
  };
  return fleetRows(facts, { now, ceilingPercentOf });
}

function isWanted(row: FleetRow, { filter, trouble }: FleetOptions): boolean {
  if (trouble && row.trouble.length === 0) return false;
  if (filter === undefined) return true;
  const { connection, org, edition, dataCentre, mode, state } = row;
  const words = [connection, org, edition, dataCentre, mode, state].join('\n').toLowerCase();
  return words.includes(filter.toLowerCase());
}

function csvOf(rows: readonly FleetRow[]): string {
  return stringify(
    rows.map((row) => ({ ...row, trouble: row.trouble.join('; ') })),
    { header: true },
  );
}

function textOf(rows: readonly FleetRow[]): string {
  const cells = rows.map((row) => [
    ...[row.connection, row.org, row.edition, row.dataCentre, row.mode, row.state],
    row.freshnessHours === null ? '–' : `${row.freshnessHours} h`,
    row.nextRunAt?.slice(0, 16).replace('T', ' ') ?? '–',
    `${row.creditPercent} %`,
    row.settingsVersion === 0 ? 'files' : `v${row.settingsVersion}`,
    row.trouble.join(', ') || 'fine',
  ]);
  const head = ['connection', 'org', 'edition', 'data centre', 'mode', 'state', 'synced', 'next run (UTC)'];
  return table([...head, 'credits', 'settings', 'trouble'], cells);
}
