import { existsSync } from 'node:fs';
import { copyFile, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';
import { InputError } from '../errors.ts';
import { customerPeriodRows, PERIOD_COLUMNS } from '../jobs/export-periods.ts';
import { asOfDay } from '../jobs/line.ts';
import { type HandOverFile, handOverFiles } from '../ops/hand-over.ts';
import { CUSTOMER_COLUMNS, customerRows } from '../views/customer-rows.ts';
import { LEAD_COLUMNS, leadRows } from '../views/lead-rows.ts';
import { rowLines } from '../views/row-lines.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, say, withConnection } from './command.ts';

type Options = CommonOptions & { out: string };

const SETTINGS = ['scoring.yaml', 'playbook.yaml', 'fields.yaml', 'notify.yaml'];

export function configure(command: Command): void {
  common(command)
    .requiredOption('--out <folder>', 'a folder that is not there yet')
    .action((options: Options) =>
      withConnection(options, async (app, connection) => {
        const { out } = options;
        if (existsSync(out)) throw new InputError(`--out ${out}: it is there already; name a new folder`);
        const deed = {
          action: 'connection.hand_over',
          target: connection.name,
          after: (files: readonly Written[]) => ({ files: files.length }),
        };
        const files = await audited(app, connection, deed, () => writeAll(app, connection, out));
        if (options.json) printJson({ folder: out, files });
        else {
          for (const { name, lines } of files) print(lines === null ? name : `${name}: ${lines} lines`);
          say(
            `Written to ${out}. It names customers: hand it over safely. What to do with it: docs/agency.md`,
          );
        }
        return 0;
      }),
    );
}

interface Written {
  readonly name: string;
  /** Null: copied as it is. */
  readonly lines: number | null;
}

async function writeAll(app: App, connection: Connection, out: string): Promise<Written[]> {
  await mkdir(out, { recursive: true, mode: 0o700 });
  const written = await copySettings(app, connection, join(out, 'config'));
  for (const { name, lines } of await filesOf(app, connection)) {
    // People's data: for whoever runs the command alone.
    const file = await open(join(out, name), 'wx', 0o600);
    let count = 0;
    for await (const line of lines) {
      await file.write(line);
      count += 1;
    }
    await file.close();
    written.push({ name, lines: count });
  }
  return written;
}

async function filesOf(app: App, connection: Connection): Promise<HandOverFile[]> {
  const deps = await app.depsOf(connection);
  const asOf = asOfDay(deps, connection, null);
  const current = await app.store.settings.current(connection.id);
  const periods = customerPeriodRows(deps, { connection, asOf, by: 'month' });
  return [
    ...(current === null ? [] : [{ name: 'stored-settings.yaml', lines: textOf(current.document) }]),
    {
      name: 'customers.csv',
      lines: rowLines(customerRows(deps, connection, { falling: false }), CUSTOMER_COLUMNS, 'csv'),
    },
    { name: 'customers-by-month.csv', lines: rowLines(periods, PERIOD_COLUMNS, 'csv') },
    { name: 'leads.csv', lines: rowLines(leadRows(deps, connection), LEAD_COLUMNS, 'csv') },
    ...handOverFiles(app.store, connection),
  ];
}

async function* textOf(text: string): AsyncGenerator<string> {
  yield text;
}

/** The base files and those of this connection alone, as they would lie in a CONFIG_DIR of the client. */
async function copySettings(app: App, connection: Connection, to: string): Promise<Written[]> {
  const { configDir } = app.config;
  const overlay = join('connections', connection.name);
  const names = [...SETTINGS, ...SETTINGS.map((file) => join(overlay, file))];
  const copied: Written[] = [];
  for (const name of names.filter((one) => existsSync(join(configDir, one)))) {
    await mkdir(dirname(join(to, name)), { recursive: true });
    await copyFile(join(configDir, name), join(to, name));
    copied.push({ name: join('config', name), lines: null });
  }
  return copied;
}
