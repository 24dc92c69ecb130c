import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { type Log, withoutSecrets } from '../../log.ts';
import type { ConnectStates } from '../connect-states.ts';
import { statusOf } from '../error-handler.ts';
import { sendPage } from '../page.ts';
import { CONNECT_COOKIE } from './get-connect.ts';

export interface OAuthCallbackDeps {
  readonly states: ConnectStates;
  /** Zoho's published hosts and the operator's own accounts server. */
  readonly hosts: { isTrusted(url: string): boolean };
  /** Where consent began; used when Zoho names no server. */
  readonly accountsUrl: string;
  readonly connectByCode: (input: {
    code: string;
    accountsServer: string;
    redirectUri: string;
    name: string;
  }) => Promise<unknown>;
  readonly redirectUri: () => string;
  readonly log: Log;
}

const Query = z.object({
  state: z.string().min(1),
  code: z.string().min(1).optional(),
  error: z.string().optional(),
  'accounts-server': z.string().optional(),
});

function cookieOf(req: Request, name: string): string {
  const pairs = (req.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}

/** Zoho's way back: proves that this browser began, then exchanges the code at once. */
export function getOAuthCallback(deps: OAuthCallbackDeps): RequestHandler {
  return async (req, res) => {
    const refuse = (status: number, ...lines: string[]) =>
      sendPage(res, status, { title: 'Zoho CRM is not linked', lines });
    res.clearCookie(CONNECT_COOKIE, { path: '/oauth' });
    const query = Query.safeParse(req.query);
    const begun = query.success ? deps.states.redeem(query.data.state, cookieOf(req, CONNECT_COOKIE)) : null;
    if (!query.success || begun === null) {
      return refuse(
        400,
        'This answer does not belong to a consent that this browser began in the last ten minutes.',
        'Begin again at /connect.',
      );
    }
    const { code, error } = query.data;
    if (error !== undefined || code === undefined) {
      return refuse(400, 'Consent was refused at Zoho; nothing was stored.', 'Begin again at /connect.');
    }
    const accountsServer = query.data['accounts-server'] ?? deps.accountsUrl;
    // The client secret goes to this server next: whoever forges the answer must not choose it.
    if (!deps.hosts.isTrusted(accountsServer)) {
      deps.log.warn({ accountsServer }, 'callback named a server that is not of Zoho');
      return refuse(400, 'The answer names a server that is not one of Zoho; the code was not used.');
    }
    try {
      const { name } = begun;
      await deps.connectByCode({ code, accountsServer, redirectUri: deps.redirectUri(), name });
      sendPage(res, 200, {
        title: 'Zoho CRM is linked',
        lines: [`The connection "${name}" is ready.`, 'You may close this window.'],
      });
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      deps.log.warn({ err }, 'linking failed');
      refuse(statusOf(err), withoutSecrets(err.message), 'Begin again at /connect.');
    }
  };
}
