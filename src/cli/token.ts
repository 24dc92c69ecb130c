import { type Command, InvalidArgumentError, Option } from 'commander';
import type { App } from '../app.ts';
import { InputError, NotFoundError } from '../errors.ts';
import type { ApiToken } from '../store/access-stores.ts';
import { audited } from './audited.ts';
import { print, printJson, say, withApp } from './command.ts';
import { table } from './render.ts';

/** `zcv token create|list|revoke`: access for programs, where nobody can or need open a browser. */

const DAY_MS = 86_400_000;
const MOST_DAYS = 365;
const LONGEST_NAME = 80;

interface CreateOptions {
  readonly name: string;
  readonly scope: ApiToken['scope'];
  readonly days: number;
  readonly connection?: readonly string[];
  readonly fleet?: boolean;
  readonly json?: boolean;
}
interface RevokeOptions {
  readonly by?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

function daysFrom(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    throw new InvalidArgumentError(`1 to ${MOST_DAYS} days`);
  return days;
}

/** Throws InputError unless it is clear what the token opens. */
async function openedBy(app: App, { connection, fleet }: CreateOptions): Promise<ApiToken['connections']> {
  if (fleet === true) return 'fleet';
  if (connection === undefined)
    throw new InputError('say what the token opens: --connection NAME (several times for more), or --fleet');
  const found = await Promise.all(connection.map((name) => app.connection(name)));
  return found.map(({ id }) => id);
}

async function create(app: App, options: CreateOptions): Promise<void> {
  const name = options.name.trim();
  if (name === '' || name.length > LONGEST_NAME)
    throw new InputError(`--name: 1 to ${LONGEST_NAME} characters`);
  const connections = await openedBy(app, options);
  const at = app.clock.now();
  const expiresAt = new Date(at.getTime() + options.days * DAY_MS);
  const input = { name, scope: options.scope, connections, createdBy: 'cli', at, expiresAt };
  const deed = {
    ...{ action: 'token.add', target: name },
    after: ({ token }: { readonly token: ApiToken }) => token,
  };
  const made = await audited(app, null, deed, () => app.store.apiTokens.create(input));
  if (options.json) printJson({ ...made.token, secret: made.secret });
  else {
    print(made.secret);
    say(
      `Shown this once. Opens the API until ${expiresAt.toISOString()}; end it: zcv token revoke ${made.token.id}`,
    );
  }
}

async function list(app: App, options: { readonly json?: boolean }): Promise<void> {
  const tokens = await app.store.apiTokens.list('all');
  if (options.json) {
    printJson(tokens);
    return;
  }
  if (tokens.length === 0) {
    print('No token yet. Make one with: zcv token create --name reports --connection NAME');
    return;
  }
  const names = new Map((await app.store.connections.list()).map(({ id, name }) => [id, name]));
  const rows = tokens.map(({ id, name, scope, connections, createdBy, expiresAt, lastUsedAt }) => [
    ...[id, name, scope],
    connections === 'fleet' ? 'fleet' : connections.map((one) => names.get(one) ?? one).join(', '),
    ...[createdBy, expiresAt.toISOString(), lastUsedAt?.toISOString() ?? 'never'],
  ]);
  print(table(['id', 'name', 'scope', 'opens', 'made by', 'until', 'last used'], rows));
}

async function revoke(app: App, ids: readonly string[], options: RevokeOptions): Promise<void> {
  const ways = [ids.length > 0, options.by !== undefined, options.all === true].filter(Boolean).length;
  if (ways !== 1) throw new InputError('give either ids, as list shows them, or --by WHO, or --all');
  const tokens = await app.store.apiTokens.list('all');
  const unknown = ids.find((id) => !tokens.some((token) => token.id === id));
  if (unknown !== undefined) throw new NotFoundError(`there is no token ${unknown}; see: zcv token list`);
  const chosen = tokens.filter(
    ({ id, createdBy }) => options.all === true || ids.includes(id) || createdBy === options.by,
  );
  for (const token of chosen) {
    const deed = { action: 'token.revoke', target: token.name, before: token, after: () => null };
    await audited(app, null, deed, () => app.store.apiTokens.revoke(token.id));
  }
  if (options.json) printJson({ revoked: chosen.map(({ id }) => id) });
  else print(`Revoked: ${chosen.length === 1 ? '1 token' : `${chosen.length} tokens`}.`);
}

export function configure(command: Command): void {
  const json = () => new Option('--json', 'print exactly one JSON document');
  command
    .command('create')
    .description('make a token; its secret is printed once')
    .requiredOption('--name <name>', 'what it is for, as lists show it')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(['read', 'write']).default('read'))
    .option('--days <days>', `how long it lasts, at most ${MOST_DAYS}`, daysFrom, 90)
    .option('--connection <names...>', 'which connections it opens')
    .addOption(
      new Option('--fleet', 'all connections there are and will be, as an operator').conflicts('connection'),
    )
    .addOption(json())
    .action((options: CreateOptions) =>
      withApp(options, async (app) => {
        await create(app, options);
        return 0;
      }),
    );
  command
    .command('list')
    .description('all tokens, without their secrets')
    .addOption(json())
    .action((options: { json?: boolean }) =>
      withApp(options, async (app) => {
        await list(app, options);
        return 0;
      }),
    );
  command
    .command('revoke [ids...]')
    .description('end tokens at once')
    .option('--by <who>', 'all that this one made, e.g. cli or user:ID as list shows it')
    .option('--all', 'every token')
    .addOption(json())
    .action((ids: string[], options: RevokeOptions) =>
      withApp(options, async (app) => {
        await revoke(app, ids, options);
        return 0;
      }),
    );
}
