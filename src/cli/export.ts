import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { Connection } from '../domain.ts';
import { InputError } from '../errors.ts';
import { customerPeriodRows, PERIOD_COLUMNS } from '../jobs/export-periods.ts';
import { asOfDay, type LineDeps } from '../jobs/line.ts';
import { CUSTOMER_COLUMNS, customerRows, type ExportRow } from '../views/customer-rows.ts';
import { LEAD_COLUMNS, leadRows } from '../views/lead-rows.ts';
import { type RowFormat, rowLines } from '../views/row-lines.ts';
import { AS_OF, asOfFrom } from './as-of.ts';
import { say } from './command.ts';
import { fileOf, type ManyOptions, many, withConnections } from './many.ts';

type Options = ManyOptions & {
  by?: 'month' | 'year';
  leads?: true;
  format: RowFormat;
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
  let lines = 0;
  for await (const line of rowLines(rows, columns, format)) {
    lines += 1;
    if (!target.write(line)) await once(target, 'drain');
  }
  return format === 'csv' ? lines - 1 : lines;
}

function tableOf(
  deps: LineDeps,
  connection: Connection,
  { by, leads, falling = false, asOf }: Options,
): { rows: AsyncIterable<ExportRow>; columns: readonly string[] } {
  if (leads) return { rows: leadRows(deps, connection), columns: LEAD_COLUMNS };
  if (!by) return { rows: customerRows(deps, connection, { falling }), columns: CUSTOMER_COLUMNS };
  const day = asOfDay(deps, connection, asOfFrom(asOf));
  return { rows: customerPeriodRows(deps, { connection, asOf: day, by }), columns: PERIOD_COLUMNS };
}

export function configure(command: Command): void {
  many(command)
    .addOption(new Option('--by <period>', 'one row a customer and period').choices(['month', 'year']))
    .addOption(new Option('--leads', 'one row a lead that is no customer yet').conflicts(['by', 'falling']))
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
      withConnections(options, async (app, connection, out) => {
        if (out.isMany && options.out === undefined)
          throw new InputError('with many connections name a file for each: --out exports/{connection}.csv');
        const { rows, columns } = tableOf(await app.depsOf(connection), connection, options);
        const file = options.out === undefined ? undefined : fileOf(options.out, connection, out);
        const target = await openTarget(file);
        const count = await writeRows(target, rows, columns, options.format);
        if (file !== undefined) {
          target.end();
          await finished(target);
          if (out.isMany && options.json) out.json({ file, rows: count });
          else if (out.isMany) out.print(`${count} rows written to ${file}`);
          else say(`${count} rows written to ${file}`);
        }
        return 0;
      }),
    );
}
