import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { openOperations } from '../operations.ts';
import { moveStore } from '../ops/move-store.ts';
import { commandConfig, failed, print, printJson, say, shownUrl } from './command.ts';
import { confirmed } from './confirm.ts';

interface Options {
  readonly to: string;
  readonly replace?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .requiredOption('--to <url>', 'file:<path> or postgres://…, empty')
    .option('--replace', 'what stands in that database goes')
    .option('--yes', 'move without asking')
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
  if (!/^(file:.|postgres(ql)?:\/\/.)/.test(options.to))
    throw new InputError('--to is file:<path> or postgres://…');
  if (options.to === config.databaseUrl) throw new InputError('--to is the database that DATABASE_URL names');
  const to = shownUrl(options.to);
  if (!(await confirmed(options.yes, `Is the service stopped, and may everything be moved to ${to}?`)))
    return 0;
  const source = await openOperations(config);
  try {
    if (source.keys === null) throw new InputError('there is no key of the database that is moved');
    const target = await openOperations(config, { url: options.to, keys: source.keys });
    try {
      await source.migrate();
      const { clock } = source.backup;
      const done = await moveStore(
        { source: source.source, target: target.target, clock, say },
        { to, replace: options.replace ?? false },
      );
      // In the database that is in force now; the two were compared before.
      await target.store().audit.add({
        ...{ connection: null, who: 'cli', action: 'installation.move', target: to, before: null },
        after: { from: shownUrl(source.url), tables: done.tables, rows: done.rows },
        at: clock.now(),
      });
      if (options.json) printJson({ to, ...done });
      else {
        print(
          `Moved ${done.rows} rows of ${done.tables} tables to ${to}; every table was compared by checksum.`,
        );
        print(`Set DATABASE_URL to it, and give it the same keys (${source.keyIds.join(', ')}):`);
        print(
          config.encryptionKeys === null
            ? 'ENCRYPTION_KEYS is what stands in the key file beside the former database.'
            : 'ENCRYPTION_KEYS stays as it is.',
        );
      }
      return 0;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
