import express, { type Express } from 'express';
import type { BrowserConsent } from '../setup/browser-consent.ts';
import type { Store } from '../store/store.ts';
import type { Access } from './access.ts';
import { type ConnectLinkDeps, getConnectLink, postConnectLink } from './routes/connect-link.ts';
import { type ConnectDeps, getConnect } from './routes/get-connect.ts';
import { getOAuthCallback, type OAuthCallbackDeps } from './routes/get-oauth-callback.ts';
import { getSignIn, type SignInDeps } from './routes/get-sign-in.ts';
import { getOperatorLink, type OperatorLinkDeps, postOperatorLink } from './routes/operator-link.ts';
import { postSignOut } from './routes/post-sign-out.ts';

/** Pages that a browser passes on its way to Zoho and back, and the session that all later routes see. */

export type SignInRoutesDeps = ConnectDeps &
  Omit<ConnectLinkDeps, 'isSecure'> &
  OAuthCallbackDeps &
  SignInDeps &
  OperatorLinkDeps & {
    readonly access: Access;
    readonly consent: BrowserConsent;
    readonly store: Store;
  };

export function mountSignIn(app: Express, deps: SignInRoutesDeps): void {
  const { access } = deps;
  app.use(access.session);
  // So that no other site reads from the referrer where somebody was; helmet has set it for most, and here it must hold.
  app.use(['/connect', '/operator', '/oauth', '/sign-in'], (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
    next();
  });
  const link = { ...deps, isSecure: access.isSecure };
  app.get('/connect', getConnect(deps));
  app.get('/connect/:secret', getConnectLink(link));
  app.post('/connect/:secret', postConnectLink(link));
  app.get('/oauth/callback', getOAuthCallback(deps));
  app.get('/sign-in', getSignIn(deps));
  app.post('/sign-out', express.urlencoded({ limit: '4kb', extended: false }), postSignOut(access));
  app.get('/operator/:secret', getOperatorLink(deps));
  app.post('/operator/:secret', postOperatorLink(deps));
}
