import type { Command } from 'commander';
import { openOperations } from '../operations.ts';
import { commandConfig, type ExitCode, failed, print, printJson } from './command.ts';

interface Options {
  readonly check?: boolean;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .option('--check', 'only tell what is pending; exit 1 when something is, 2 when a newer version was here')
    .option('--json', 'print exactly one JSON document')
    .action(async (options: Options) => {
      try {
        process.exitCode = await run(options);
      } catch (error) {
        process.exitCode = failed(error, options.json === true);
      }
    });
}

async function run(options: Options): Promise<ExitCode> {
  const operations = await openOperations(commandConfig());
  try {
    if (options.check) return await tell(operations, options);
    const ran = await operations.migrate();
    if (options.json) printJson({ ran });
    else print(ran.length === 0 ? 'The schema is current.' : `Ran: ${ran.join(', ')}`);
    return 0;
  } finally {
    await operations.close();
  }
}

async function tell(
  operations: Awaited<ReturnType<typeof openOperations>>,
  options: Options,
): Promise<ExitCode> {
  const unknown = await operations.unknownMigrations().catch(() => []);
  // A new database has no table of migrations yet: all are pending.
  const pending = await operations.pendingMigrations().catch(() => operations.allMigrations);
  if (options.json) printJson({ pending, newer: unknown });
  else if (unknown.length > 0) print(`A newer version has changed this database: ${unknown.join(', ')}`);
  else print(pending.length === 0 ? 'The schema is current.' : `Pending: ${pending.join(', ')}`);
  if (unknown.length > 0) return 2;
  return pending.length === 0 ? 0 : 1;
}
