import { type Command, Option } from 'commander';
import type { ModuleName } from '../domain.ts';
import { InputError } from '../errors.ts';
import { withLine } from '../jobs/line.ts';
import { runReconcile } from '../jobs/run-reconcile.ts';
import { hasRowsAside, runSync, type SyncSummary } from '../jobs/run-sync.ts';
import { isSyncedModule, SYNCED_MODULE_NAMES } from '../jobs/synced-modules.ts';
import { type ExitCode, repeatable } from './command.ts';
import { type ManyOptions, many, withConnections } from './many.ts';
import { reconcileText, syncText } from './summaries.ts';

export function modulesFrom(names: readonly string[]): ModuleName[] {
  return names.map((name) => {
    if (isSyncedModule(name)) return name;
    throw new InputError(`--module ${name}: give one of ${SYNCED_MODULE_NAMES.join(', ')}`);
  });
}

interface SyncOptions {
  readonly full?: boolean;
  readonly module: string[];
  readonly reconcile?: string | true;
}

function comparisonOf({ full, reconcile }: SyncOptions): 'counts' | 'ids' | null {
  if (reconcile === undefined) return null;
  if (full)
    throw new InputError('--full reads everything, so there is nothing to reconcile; give one of the two');
  if (reconcile === true || reconcile === 'counts') return 'counts';
  if (reconcile === 'ids') return 'ids';
  throw new InputError(`--reconcile ${reconcile}: give counts or ids`);
}

/** Done in part: a module broke off, or rows could not be read and were set aside. The latter holds no plan. */
export function syncExitCode(sync: SyncSummary): ExitCode {
  return sync.isPartial || hasRowsAside(sync) ? 4 : 0;
}

export function configure(command: Command): void {
  many(command)
    .option('--full', 'read everything again, not only what changed')
    .addOption(repeatable(new Option('--module <name>', 'only this module; may be repeated'), 'all'))
    .option('--reconcile [what]', 'then compare with the org: counts (ids where they differ), or all ids')
    .action((options: ManyOptions & SyncOptions) =>
      withConnections(options, async (app, connection, out) => {
        const deps = await app.depsOf(connection);
        const modules = modulesFrom(options.module);
        const compare = comparisonOf(options);
        if (compare !== null) {
          const result = await runReconcile(deps, { connection, modules, allIds: compare === 'ids' });
          const { sync, reconcile } = result;
          if (options.json) out.json({ ...sync, reconcile });
          else out.print(`${syncText(sync)}\n\n${reconcileText(reconcile)}`);
          return reconcile.modules.some(({ error }) => error !== null) ? 4 : syncExitCode(sync);
        }
        const sync = await withLine(deps, connection, (line) =>
          runSync(line, { connection, full: options.full === true, modules }),
        );
        if (options.json) out.json(sync);
        else out.print(syncText(sync));
        return syncExitCode(sync);
      }),
    );
}
