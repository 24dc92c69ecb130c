import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { InputError } from '../errors.ts';
import { addKey, dropKeys, type Operations, openOperations } from '../operations.ts';
import { audited } from './audited.ts';
import { commandConfig, type ExitCode, failed, print, printJson } from './command.ts';
import { confirmed } from './confirm.ts';
import { table } from './render.ts';

interface Options {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  const sub = (words: string, description: string) =>
    command.command(words).description(description).option('--json', 'print exactly one JSON document');
  sub('list', 'the keys given, and how many secrets each of them seals').action(acting(list));
  sub('add', 'put a new key before those of the key file').action(acting(add));
  sub('rotate', 'seal with the first key what another one sealed, while serving').action(acting(rotate));
  sub('drop', 'take the keys that seal nothing out of the key file').action(acting(drop));
  sub('forget <key-id>', 'the key is lost: take out what it sealed')
    .option('--yes', 'do it without asking')
    .action((keyId: string, options: Options) =>
      acting((operations, _config, asked) => forget(operations, keyId, asked))(options),
    );
}

type Act = (operations: Operations, config: Config, options: Options) => Promise<ExitCode>;

function acting(act: Act): (options: Options) => Promise<void> {
  return async (options) => {
    try {
      const config = commandConfig();
      const operations = await openOperations(config);
      try {
        process.exitCode = await act(operations, config, options);
      } finally {
        await operations.close();
      }
    } catch (error) {
      process.exitCode = failed(error, options.json === true);
    }
  };
}

/** Ids of keys and counts, never a key. */
function noted<T>(
  { store, backup: { clock } }: Operations,
  action: string,
  after: (result: T) => unknown,
  work: () => Promise<T>,
): Promise<T> {
  return audited({ store: store(), clock }, null, { action, target: 'keys', after }, work);
}

async function list(operations: Operations, _config: Config, options: Options): Promise<ExitCode> {
  const uses = await operations.store().secrets.uses();
  const ids = [...new Set([...operations.keyIds, ...uses.map(({ keyId }) => keyId)])];
  const rows = ids.map((keyId) => {
    const secrets = uses.find((use) => use.keyId === keyId)?.secrets ?? {};
    const count = Object.values(secrets).reduce((sum, each) => sum + each, 0);
    const place = operations.keyIds.indexOf(keyId);
    return { keyId, given: place >= 0, seals: place === 0, secrets: count, columns: secrets };
  });
  if (options.json) printJson(rows);
  else {
    const state = (row: (typeof rows)[number]): string => {
      if (!row.given) return 'LACKING: give it again, or zcv keys forget';
      if (row.seals) return 'seals';
      return row.secrets > 0 ? 'opens; zcv keys rotate' : 'seals nothing; may be dropped';
    };
    print(
      table(
        ['key', 'secrets', 'state'],
        rows.map((row) => [row.keyId, String(row.secrets), state(row)]),
      ),
    );
  }
  return rows.some(({ given }) => !given) ? 1 : 0;
}

async function add(operations: Operations, config: Config, options: Options): Promise<ExitCode> {
  const keyId = await noted(
    operations,
    'keys.add',
    (id: string) => ({ added: id }),
    () => addKey(config),
  );
  if (options.json) printJson({ keyId });
  else print(`Key ${keyId} was put first. Restart the service, then: zcv keys rotate, and zcv keys drop`);
  return 0;
}

async function rotate(operations: Operations, _config: Config, options: Options): Promise<ExitCode> {
  const done = await noted(
    operations,
    'keys.rotate',
    (counts: object) => counts,
    () => operations.store().secrets.rotate(),
  );
  if (options.json) printJson(done);
  else {
    print(`${done.resealed} secrets were sealed with key ${operations.keyIds[0]}.`);
    if (done.unopened > 0) print(`${done.unopened} secrets have a key that is not given: zcv keys list`);
    else
      print('The other keys seal nothing any more and may be dropped, once every process has the new one.');
  }
  return done.unopened > 0 ? 4 : 0;
}

async function drop(operations: Operations, config: Config, options: Options): Promise<ExitCode> {
  const inUse = new Set((await operations.store().secrets.uses()).map(({ keyId }) => keyId));
  const [first, ...others] = operations.keyIds;
  const needed = others.filter((id) => inUse.has(id));
  if (needed.length > 0) {
    throw new InputError(`key ${needed.join(', ')} still seals secrets; first run: zcv keys rotate`);
  }
  const kept = [first ?? ''];
  // Otherwise nothing is done here: the operator leaves them out.
  if (config.encryptionKeys === null && others.length > 0)
    await noted(
      operations,
      'keys.drop',
      () => ({ kept, dropped: others }),
      () => dropKeys(config, kept),
    );
  if (options.json) printJson({ kept, dropped: others, inKeyFile: config.encryptionKeys === null });
  else if (others.length === 0) print('There is no key to drop.');
  else if (config.encryptionKeys === null) print(`Dropped from the key file: ${others.join(', ')}.`);
  else print(`Nothing needs ${others.join(', ')} any more: leave it out of ENCRYPTION_KEYS.`);
  return 0;
}

async function forget(operations: Operations, keyId: string, options: Options): Promise<ExitCode> {
  if (operations.keyIds.includes(keyId)) throw new InputError(`key ${keyId} is given and not lost`);
  const question = `Take out every secret that key ${keyId} sealed? Its connections must then be linked again.`;
  if (!(await confirmed(options.yes, question))) return 0;
  const gone = await noted(
    operations,
    'keys.forget',
    (counts: object) => ({ keyId, gone: counts }),
    () => operations.store().secrets.forget(keyId),
  );
  if (options.json) printJson({ gone });
  else {
    for (const [column, count] of Object.entries(gone)) print(`${column}: ${count} taken out`);
    print(
      'Next: zcv connect for each connection (zcv connection list). Nothing that was stored about customers is lost.',
    );
    if (gone['suppressions.hash'])
      print('Who was erased cannot be told any more: erase them again (docs/backup.md).');
  }
  return 0;
}
