import type { RequestHandler } from 'express';
import type { BrowserConsent } from '../../setup/browser-consent.ts';
import type { Access } from '../access.ts';
import { beginTrip, type TripDeps } from '../oauth-begin.ts';
import { ownPath } from '../own-path.ts';

export interface SignInDeps extends Omit<TripDeps, 'isSecure'> {
  readonly access: Access;
  readonly consent: Pick<BrowserConsent, 'signInUrl'>;
  readonly redirectUri: () => string;
}

/** Sends the browser to Zoho, which says who it is. */
export function getSignIn(deps: SignInDeps): RequestHandler {
  const { access, consent } = deps;
  return async (req, res) => {
    access.requireSecret();
    const wanted = req.query.returnTo;
    const returnTo = ownPath(typeof wanted === 'string' ? wanted : undefined);
    await beginTrip({ ...deps, isSecure: access.isSecure }, res, { kind: 'sign_in', returnTo }, (state) =>
      consent.signInUrl({ redirectUri: deps.redirectUri(), state }),
    );
  };
}
