import { readFileSync } from 'node:fs';
import type { App } from '../app.ts';
import { InputError } from '../errors.ts';
import { newConnectLink } from '../setup/connect-link.ts';
import { audited } from './audited.ts';
import { print, printJson, say } from './command.ts';
import { serverUrl } from './server-url.ts';

export interface LinkOptions {
  readonly days: number;
  readonly dataCentre?: string;
  readonly clientId?: string;
  readonly clientSecretFile?: string;
}

function clientOf({ clientId, clientSecretFile }: LinkOptions) {
  if (clientId === undefined && clientSecretFile === undefined) return undefined;
  if (clientId === undefined || clientSecretFile === undefined)
    throw new InputError('an OAuth client of its own needs both --client-id and --client-secret-file');
  try {
    // From a file: what stands in a command line is read by every process of the machine.
    return { clientId, clientSecret: readFileSync(clientSecretFile, 'utf8').trim() };
  } catch (cause) {
    throw new InputError(`--client-secret-file ${clientSecretFile} cannot be read`, { cause });
  }
}

/** `zcv connect --link`: an address with which a client links the own org. */
export async function makeConnectLink(
  app: App,
  name: string,
  options: LinkOptions & { readonly json?: boolean },
): Promise<void> {
  const { days, dataCentre } = options;
  const wanted = { name, days, dataCentre, client: clientOf(options), createdBy: 'cli' };
  const deed = {
    action: 'connect_link.add',
    target: name,
    after: ({ link }: { readonly link: { readonly expiresAt: Date } }) => ({ expiresAt: link.expiresAt }),
  };
  const { link, secret } = await audited(app, null, deed, () => newConnectLink(app, wanted));
  const url = `${serverUrl(app.config)}/connect/${secret}`;
  const { expiresAt } = link;
  if (options.json) printJson({ connection: name, url, expiresAt });
  else {
    print(url);
    say(`Good once, until ${expiresAt.toISOString()}. The connection it makes is read-only at first.`);
    if (app.config.server.publicUrl === null)
      say('! PUBLIC_URL is not set: the address works on this machine only.');
  }
}
