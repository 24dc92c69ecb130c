import type { RequestHandler } from 'express';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { type Log, withoutSecrets } from '../../log.ts';
import type { BrowserConsent, Returned } from '../../setup/browser-consent.ts';
import { accessText, languageFrom } from '../../texts/access-pages.ts';
import { statusOf } from '../error-handler.ts';
import { type FinishConnectDeps, finishConnect } from '../finish-connect.ts';
import { type FinishSignInDeps, finishSignIn } from '../finish-sign-in.ts';
import { endTrip, type TripDeps } from '../oauth-begin.ts';
import { sendPage } from '../page.ts';

export type OAuthCallbackDeps = Omit<TripDeps, 'isSecure'> &
  FinishConnectDeps &
  FinishSignInDeps & {
    readonly consent: Pick<BrowserConsent, 'isAccountsServer'>;
    readonly redirectUri: () => string;
    readonly log: Log;
  };

const Query = z.object({
  state: z.string().min(1).max(200),
  code: z.string().min(1).max(500).optional(),
  error: z.string().optional(),
  'accounts-server': z.string().optional(),
});

/** Zoho's way back: proves that this browser began, then exchanges the code at once. */
export function getOAuthCallback(deps: OAuthCallbackDeps): RequestHandler {
  const trip = { ...deps, isSecure: deps.access.isSecure };
  return async (req, res) => {
    const language = languageFrom(req.get('accept-language'));
    const text = accessText.bind(null, language);
    const query = Query.safeParse(req.query);
    const begun = query.success ? await endTrip(trip, req, res, query.data.state) : null;
    const title = begun?.kind === 'sign_in' ? text('not_signed_in') : text('not_linked');
    const again = () => {
      if (begun?.kind !== 'connect') return text('again', { path: '/sign-in' });
      return begun.link === null
        ? text('again', { path: `/connect?name=${begun.name}` })
        : text('link_admin');
    };
    const refuse = (status: number, ...lines: string[]) => sendPage(res, status, { title, lines, language });

    if (!query.success || begun === null) return refuse(400, text('stale'));
    const { code, error, 'accounts-server': accountsServer = null } = query.data;
    if (error !== undefined || code === undefined) return refuse(400, text('denied'), again());
    // The client secret goes to this server next: whoever forges the answer must not choose it.
    if (accountsServer !== null && !deps.consent.isAccountsServer(accountsServer)) {
      deps.log.warn({ accountsServer }, 'callback named a server that is not of Zoho');
      return refuse(400, text('foreign_server'));
    }
    const returned: Returned = { code, accountsServer, redirectUri: deps.redirectUri() };
    try {
      if (begun.kind === 'sign_in') await finishSignIn(deps, { req, res, language }, begun, returned);
      else await finishConnect(deps, { req, res, language }, begun, returned);
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      deps.log.warn({ err }, begun.kind === 'sign_in' ? 'sign-in failed' : 'linking failed');
      refuse(statusOf(err), withoutSecrets(err.message), again());
    }
  };
}
