import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { InputError } from '../errors.ts';
import { openOperations } from '../operations.ts';
import { backUp, backupName } from '../ops/backup.ts';
import { commandConfig, failed, print, printJson } from './command.ts';

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('a whole number, 1 to 9999');
  return Number(text);
}

interface Options {
  readonly out?: string;
  readonly keep?: number;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .option('--out <file>', 'where to; a new file of BACKUP_DIR when left out')
    .option('--keep <number>', 'remove all but so many of the newest backups in that folder', wholeNumber)
    .option('--json', 'print exactly one JSON document')
    .action(async (options: Options) => {
      try {
        process.exitCode = await run(options);
      } catch (error) {
        process.exitCode = failed(error, options.json === true);
      }
    });
}

async function run(options: Options): Promise<0> {
  const config = commandConfig();
  const operations = await openOperations(config);
  try {
    const { backup } = operations;
    const folder = config.backup.folder;
    if (options.out === undefined && folder === null)
      throw new InputError('where to? Give --out FILE, or set BACKUP_DIR');
    const out = resolve(options.out ?? join(folder ?? '', backupName(backup.clock.now())));
    const done = await backUp(backup, { out, keep: options.keep ?? null });
    const rows = done.head.tables.reduce((sum, table) => sum + table.rows, 0);
    if (options.json) {
      const { file, bytes, durationMs, removed, head } = done;
      printJson({ file, bytes, rows, durationMs, removed, keyIds: head.keyIds, migrations: head.migrations });
    } else {
      print(
        `${done.file}: ${rows} rows of ${done.head.tables.length} tables, ${done.bytes} bytes, in ${done.durationMs} ms.`,
      );
      print(`It holds no key. Keep apart from it: key ${done.head.keyIds.join(', ') || '(none is in use)'}.`);
      for (const name of done.removed) print(`Removed ${name}.`);
    }
    return 0;
  } finally {
    await operations.close();
  }
}
