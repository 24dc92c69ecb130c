import { type Command, Option } from 'commander';
import type { ModuleName } from '../domain.ts';
import { InputError } from '../errors.ts';
import { withLine } from '../jobs/line.ts';
import { runSync } from '../jobs/run-sync.ts';
import { isSyncedModule, SYNCED_MODULE_NAMES } from '../jobs/synced-modules.ts';
import { type CommonOptions, common, print, printJson, repeatable, withConnection } from './command.ts';
import { syncText } from './summaries.ts';

export function modulesFrom(names: readonly string[]): ModuleName[] {
  return names.map((name) => {
    if (isSyncedModule(name)) return name;
    throw new InputError(`--module ${name}: give one of ${SYNCED_MODULE_NAMES.join(', ')}`);
  });
}

export function configure(command: Command): void {
  common(command)
    .option('--full', 'read everything again, not only what changed')
    .addOption(repeatable(new Option('--module <name>', 'only this module; may be repeated'), 'all'))
    .action((options: CommonOptions & { full?: boolean; module: string[] }) =>
      withConnection(options, async (app, connection) => {
        const modules = modulesFrom(options.module);
        const sync = await withLine(app.deps, connection, () =>
          runSync(app.deps, { connection, full: options.full === true, modules }),
        );
        if (options.json) printJson(sync);
        else print(syncText(sync));
        return sync.isPartial ? 4 : 0;
      }),
    );
}
