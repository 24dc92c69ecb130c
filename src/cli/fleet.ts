import { type Command, Option } from 'commander';
import { type FleetRow, fleetNow } from '../setup/fleet.ts';
import { fleetCsv } from '../views/fleet-csv.ts';
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
        const rows = (await fleetNow(app)).filter((row) => isWanted(row, options));
        if (options.json) printJson(rows);
        else if (options.csv) print(fleetCsv(rows).trimEnd());
        else print(rows.length === 0 ? 'No connection. Make one with: zcv connect' : textOf(rows));
        return 0;
      }),
    );
}

function isWanted(row: FleetRow, { filter, trouble }: FleetOptions): boolean {
  if (trouble && row.trouble.length === 0) return false;
  if (filter === undefined) return true;
  const { connection, org, edition, dataCentre, mode, state } = row;
  const words = [connection, org, edition, dataCentre, mode, state].join('\n').toLowerCase();
  return words.includes(filter.toLowerCase());
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
