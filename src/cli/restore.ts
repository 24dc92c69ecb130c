import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { InputError } from '../errors.ts';
import { existingKeyIds, type Operations, openOperations } from '../operations.ts';
import type { BackupHead } from '../ops/backup-file.ts';
import { checkBackup, finishRestore, restore } from '../ops/restore.ts';
import { unknownAmong } from '../store/migrate.ts';
import type { Activated } from '../store/whole-load.ts';
import { commandConfig, failed, print, printJson, say, shownUrl } from './command.ts';
import { confirmed } from './confirm.ts';

interface Options {
  readonly into?: string;
  readonly replace?: boolean;
  readonly rekey?: boolean;
  readonly erasures?: string;
  /** commander's name of --without-keys: true when it is given. */
  readonly withoutKeys?: boolean;
  readonly check?: boolean;
  readonly finish?: boolean;
  readonly activate?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('[file]', 'a backup')
    .option('--into <url>', 'file:<path> or postgres://…; DATABASE_URL when left out')
    .option('--replace', 'what stands in the database goes')
    .option('--rekey', 'seal all secrets with the first of the keys')
    .option('--erasures <file>', 'who was erased since; the erasures.json beside the backup when left out')
    .option('--without-keys', 'the keys are lost: restore without the secrets they sealed')
    .option('--check', 'read all of the backup and say what is in it; writes nothing')
    .option('--finish', 'end a restore that was killed')
    .option('--activate', 'let the connections of a restored copy work again')
    .option('--yes', 'do it without asking')
    .option('--json', 'print exactly one JSON document')
    .action(async (file: string | undefined, options: Options) => {
      try {
        process.exitCode = await run(file, options);
      } catch (error) {
        process.exitCode = failed(error, options.json === true);
      }
    });
}

async function run(file: string | undefined, options: Options): Promise<0> {
  const asked = [file !== undefined, options.finish === true, options.activate === true];
  if (asked.filter(Boolean).length !== 1)
    throw new InputError('give either a backup, or --finish, or --activate');
  const config = commandConfig();
  const url = options.into ?? config.databaseUrl;
  if (file !== undefined && options.check) return check(config, file, options);
  const operations = await openOperations(config, { url, mayCreateKey: options.withoutKeys ?? false });
  try {
    if (options.activate) return await activate(operations, options);
    if (options.finish) return await finish(operations, options);
    return await bringBack(operations, file ?? '', options);
  } finally {
    await operations.close();
  }
}

async function check(config: Config, file: string, options: Options): Promise<0> {
  const keyIds = await existingKeyIds(config, options.into ?? config.databaseUrl);
  const head = await checkBackup(
    { keyIds: options.withoutKeys ? null : keyIds, unknownMigrations: unknownAmong },
    file,
  );
  if (options.json) printJson({ ok: true, ...head });
  else print(page(file, head));
  return 0;
}

function page(file: string, head: BackupHead): string {
  const rows = head.tables.reduce((sum, table) => sum + table.rows, 0);
  return [
    `${file} is whole: ${rows} rows of ${head.tables.length} tables, as of ${head.createdAt}.`,
    `Made by version ${head.product} from ${head.dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL'}, last migration ${head.migrations.at(-1) ?? 'none'}.`,
    `Keys needed: ${head.keyIds.join(', ') || 'none'}.`,
  ].join('\n');
}

async function bringBack(operations: Operations, file: string, options: Options): Promise<0> {
  const { target, keyIds, backup } = operations;
  if (
    options.replace &&
    !(await confirmed(options.yes, `Replace everything in ${shownUrl(operations.url)}?`))
  )
    return 0;
  const done = await restore(
    { target, keyIds, unknownMigrations: unknownAmong, clock: backup.clock, say },
    {
      file,
      replace: options.replace ?? false,
      rekey: options.rekey ?? false,
      withoutKeys: options.withoutKeys ?? false,
      erasures: options.erasures ?? null,
    },
  );
  const { rows, erasedAgain, resealed, head } = done;
  await noted(operations, 'installation.restore', {
    file: basename(file),
    asOf: head.createdAt,
    rows,
    erasedAgain,
    resealed,
  });
  if (options.json) printJson({ rows, erasedAgain, resealed, asOf: head.createdAt, keyIds: head.keyIds });
  else {
    print(
      `Restored ${rows} rows as of ${head.createdAt}; ${erasedAgain} people who were erased since were erased again.`,
    );
    if (resealed > 0) print(`${resealed} secrets were sealed anew.`);
    print('Its connections stand by: nothing is written to Zoho from here, and no job runs.');
    print('When the other machine has stopped for good: zcv restore --activate');
  }
  return 0;
}

async function finish(operations: Operations, options: Options): Promise<0> {
  const copy = await (await operations.target.facts())?.get('copy');
  if (copy?.state !== 'unfinished' || copy.kind !== 'restore') {
    throw new InputError('no restore waits to be finished here');
  }
  const done = await finishRestore(
    { target: operations.target, clock: operations.backup.clock, keyIds: operations.keyIds },
    { rekey: options.rekey ?? false, withoutKeys: options.withoutKeys ?? false },
  );
  await noted(operations, 'installation.restore', { finished: true, asOf: copy.asOf, ...done });
  if (options.json) printJson(done);
  else
    print(
      `The restore is finished; ${done.erasedAgain} people were erased again. Next: zcv restore --activate`,
    );
  return 0;
}

async function activate(operations: Operations, options: Options): Promise<0> {
  const question = 'Has every other copy of this database stopped for good?';
  if (!(await confirmed(options.yes, question))) return 0;
  const copy = await (await operations.target.facts())?.get('copy');
  if (copy?.state === 'unfinished')
    throw new InputError('the restore is not finished; run: zcv restore --finish');
  const done = await operations.activate();
  if (done !== null) await noted(operations, 'installation.activate', done);
  const { working, toConnect } = done ?? { working: [], toConnect: [] };
  if (options.json) printJson({ activated: working.length, toConnect });
  else print(activatedText(done));
  return 0;
}

function activatedText(done: Activated | null): string {
  if (done === null) return 'Nothing stands by here: no connection was changed.';
  const { working, toConnect } = done;
  const named = (names: readonly string[]) => names.map((name) => `  ${name}`);
  return [
    ...(working.length > 0 ? ['Work again, each in its former mode:', ...named(working)] : []),
    ...(toConnect.length > 0
      ? ['Have their former mode and must be linked again (zcv connect --name NAME):', ...named(toConnect)]
      : []),
    ...(working.length + toConnect.length === 0 ? ['The copy is active; there is no connection in it.'] : []),
  ].join('\n');
}

/** In the database that stands there now; its log came with the rows. */
async function noted(operations: Operations, action: string, after: object): Promise<void> {
  const { clock } = operations.backup;
  const entry = {
    connection: null,
    who: 'cli',
    action,
    target: shownUrl(operations.url),
    before: null,
    after,
  };
  await operations.store().audit.add({ ...entry, at: clock.now() });
}
