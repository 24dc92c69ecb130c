import type { RequestHandler } from 'express';
import { z } from 'zod';
import { InputError } from '../../errors.ts';
import type { BrowserConsent } from '../../setup/browser-consent.ts';
import type { Store } from '../../store/store.ts';
import { accessText, languageFrom } from '../../texts/access-pages.ts';
import type { Access } from '../access.ts';
import { beginTrip, type TripDeps } from '../oauth-begin.ts';
import { sendPage } from '../page.ts';

export interface ConnectDeps extends Omit<TripDeps, 'isSecure' | 'store'> {
  readonly store: Pick<Store, 'oauthStates' | 'connections'>;
  readonly access: Access;
  readonly consent: Pick<BrowserConsent, 'connectUrl'>;
  readonly redirectUri: () => string;
}

const Query = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,59}$/)
    .default('default'),
});

/** Sends an operator, or an administrator of the connection that is renewed, to Zoho's consent page. */
export function getConnect(deps: ConnectDeps): RequestHandler {
  const { access, consent, store } = deps;
  return async (req, res) => {
    const query = Query.safeParse(req.query);
    if (!query.success) throw new InputError('name: letters, digits, dot, dash and underscore, at most 60');
    const { name } = query.data;
    const language = languageFrom(req.get('accept-language'));
    const principal = await access.authenticate(req);
    const session = access.sessionOf(req);
    const refuse = (status: number, why: 'connect_needs' | 'may_not') =>
      sendPage(res, status, {
        title: accessText(language, 'not_linked'),
        lines: [
          accessText(language, why),
          accessText(language, 'again', { path: '/sign-in?returnTo=/connect' }),
        ],
        language,
      });
    if (principal === null || session === null) return refuse(401, 'connect_needs');
    const existing = await store.connections.byName(name);
    const may = existing === null ? principal.isOperator : principal.roleOn(existing.id) === 'admin';
    if (!may) return refuse(403, 'may_not');
    const details = { kind: 'connect', name, isNew: existing === null, link: null, session } as const;
    await beginTrip({ ...deps, isSecure: access.isSecure }, res, details, (state) =>
      consent.connectUrl({ redirectUri: deps.redirectUri(), state, name, link: null }),
    );
  };
}
