import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { InputError } from '../errors.ts';
import { customerPeriodRows, PERIOD_COLUMNS } from '../jobs/export-periods.ts';
import { asOfDay } from '../jobs/line.ts';
import { AS_OF, asOfFrom } from './as-of.ts';
import { type CommonOptions, common, say, withConnection } from './command.ts';
import { CUSTOMER_COLUMNS, customerRows, type ExportRow } from './export-customers.ts';

type Options = CommonOptions & {
  by?: 'month' | 'year';
  format: 'csv' | 'ndjson';
  out?: string;
  asOf?: string;
  falling?: boolean;
};

async function openTarget(path: string | undefined): Promise<NodeJS.WritableStream> {
  if (path === undefined) return process.stdout;
  const file = createWriteStream(path);
  await once(file, 'open').catch((cause) => {
    throw new InputError(`--out ${path}: cannot be written`, { cause });
  });
  return file;
}

async function writeRows(
  target: NodeJS.WritableStream,
  rows: AsyncIterable<ExportRow>,
  columns: readonly string[],
  format: Options['format'],
): Promise<number> {
  const line = (row: ExportRow) =>
    format === 'ndjson'
      ? `${JSON.stringify(row)}\n`
      : stringify([columns.map((column) => row[column])], { cast: { boolean: (value) => String(value) } });
  let count = 0;
  if (format === 'csv') target.write(`${columns.join(',')}\n`);
  for await (const row of rows) {
    count += 1;
    if (!target.write(line(row))) await once(target, 'drain');
  }
  return count;
}

export function configure(command: Command): void {
  common(command)
    .addOption(new Option('--by <period>', 'one row a customer and period').choices(['month', 'year']))
    .addOption(new Option('--format <format>', 'kind of file').choices(['csv', 'ndjson']).default('csv'))
    .addOption(
      new Option(
        '--falling',
        'only customers that are Top or Good and whose expected profit is that of a lower tier',
      ).conflicts('by'),
    )
    .option('--out <file>', 'write to a file instead of stdout')
    .option(...AS_OF)
    .action((options: Options) =>
      withConnection(options, async (app, connection) => {
        const asOf = asOfDay(app.deps, connection, asOfFrom(options.asOf));
        const { by } = options;
        const rows = by
          ? customerPeriodRows(app.deps, { connection, asOf, by })
          : customerRows(app.deps, connection, { falling: options.falling === true });
        const target = await openTarget(options.out);
        const count = await writeRows(target, rows, by ? PERIOD_COLUMNS : CUSTOMER_COLUMNS, options.format);
        if (options.out !== undefined) {
          target.end();
          await finished(target);
          say(`${count} rows written to ${options.out}`);
        }
        return 0;
      }),
    );
}
