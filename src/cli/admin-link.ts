import { type Command, InvalidArgumentError } from 'commander';
import type { App } from '../app.ts';
import { ConfigError, InputError } from '../errors.ts';
import { audited } from './audited.ts';
import { type CommonOptions, print, printJson, say, withApp } from './command.ts';
import { serverUrl } from './server-url.ts';

type Options = Pick<CommonOptions, 'json'> & {
  name: string;
  minutes: number;
  revoke?: boolean;
  url?: string;
};

const NAME = /^[\w.-]{1,40}$/;
const MINUTE_MS = 60_000;

function minutesFrom(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 24 * 60)
    throw new InvalidArgumentError('1 to 1440 minutes');
  return value;
}

/** A one-time address that signs an operator in. Throws ConfigError where the server could sign nobody in. */
export async function operatorLink(
  app: App,
  { name, minutes, url }: { readonly name: string; readonly minutes: number; readonly url: string },
): Promise<{ readonly url: string; readonly expiresAt: Date }> {
  if (!NAME.test(name)) throw new InputError(`--name ${name}: letters, digits, dot, dash and underscore`);
  if ((await app.sessionSecret()) === null)
    throw new ConfigError('SESSION_SECRET: set it here and for the server, at least 32 characters');
  const at = app.clock.now();
  const expiresAt = new Date(at.getTime() + minutes * MINUTE_MS);
  const deed = { action: 'operator.link', target: name, after: () => ({ expiresAt }) };
  const secret = await audited(app, null, deed, () =>
    app.store.links.addOperatorLink({ operator: name, at, expiresAt }),
  );
  return { url: `${url}/operator/${secret}`, expiresAt };
}

async function revokeAll(app: App, asJson: boolean): Promise<void> {
  const deed = { action: 'operator.revoke', target: 'all operators', after: (told: object) => told };
  const told = await audited(app, null, deed, async () => ({
    links: await app.store.links.revokeOperatorLinks(),
    sessions: await app.store.sessions.endAll('operators'),
  }));
  if (asJson) printJson(told);
  else print(`Withdrawn: ${told.links} addresses; signed out: ${told.sessions} sessions of operators.`);
}

export function configure(command: Command): void {
  command
    .option('--name <name>', 'of the operator, as the audit log will show it', 'operator')
    .option('--minutes <minutes>', 'how long it may be used, once', minutesFrom, 15)
    .option('--url <address>', 'where the server is reached; PUBLIC_URL, or HOST and PORT, when left out')
    .option('--revoke', 'withdraw all such addresses and sign all operators out')
    .option('--json', 'print exactly one JSON document')
    .action((options: Options) =>
      withApp(options, async (app) => {
        if (options.revoke) {
          await revokeAll(app, options.json === true);
          return 0;
        }
        const url = options.url?.replace(/\/+$/, '') ?? serverUrl(app.config);
        const link = await operatorLink(app, { ...options, url });
        if (options.json) printJson(link);
        else {
          print(link.url);
          say(`Signs ${options.name} in as operator, once, until ${link.expiresAt.toISOString()}.`);
        }
        return 0;
      }),
    );
}
