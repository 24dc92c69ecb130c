import type { Request, RequestHandler } from 'express';
import type { BrowserConsent } from '../../setup/browser-consent.ts';
import type { ConnectLink } from '../../store/access-stores.ts';
import type { Store } from '../../store/store.ts';
import { accessText, languageFrom } from '../../texts/access-pages.ts';
import { beginTrip, type TripDeps } from '../oauth-begin.ts';
import { sendPage } from '../page.ts';

/** A client of an agency links the own org: no account here, no password, only this address. */

export interface ConnectLinkDeps extends TripDeps {
  readonly store: Pick<Store, 'oauthStates' | 'connections' | 'links'>;
  readonly consent: Pick<BrowserConsent, 'connectUrl' | 'scopes'>;
  readonly redirectUri: () => string;
}

const SECRET = /^[\w-]{43}$/;

function linkOf({ store, clock }: ConnectLinkDeps, req: Request): Promise<ConnectLink | null> {
  const secret = String(req.params.secret);
  return SECRET.test(secret) ? store.links.connectLink(secret, clock.now()) : Promise.resolve(null);
}

/** What will be asked, and a button. */
export function getConnectLink(deps: ConnectLinkDeps): RequestHandler {
  return async (req, res) => {
    const language = languageFrom(req.get('accept-language'));
    const text = accessText.bind(null, language);
    const link = await linkOf(deps, req);
    const title = text('link_title');
    if (link === null) return sendPage(res, 410, { title, lines: [text('link_gone')], language });
    sendPage(res, 200, {
      title,
      language,
      lines: [
        text('link_for', { name: link.name }),
        text('link_admin'),
        text('link_password'),
        text('link_scopes'),
      ],
      list: deps.consent.scopes.map(({ scope, why }) => `${scope}: ${why}`),
      form: { action: req.path, label: text('continue') },
    });
  };
}

export function postConnectLink(deps: ConnectLinkDeps): RequestHandler {
  return async (req, res) => {
    const link = await linkOf(deps, req);
    if (link === null) {
      const language = languageFrom(req.get('accept-language'));
      const lines = [accessText(language, 'link_gone')];
      return sendPage(res, 410, { title: accessText(language, 'link_title'), lines, language });
    }
    const { id, name } = link;
    const isNew = (await deps.store.connections.byName(name)) === null;
    const details = { kind: 'connect', name, isNew, link: id, session: null } as const;
    await beginTrip(deps, res, details, (state) =>
      deps.consent.connectUrl({ redirectUri: deps.redirectUri(), state, name, link }),
    );
  };
}
