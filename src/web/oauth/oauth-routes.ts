import { type Express, type RequestHandler, Router } from 'express';
import { type ConsentDeps, getConsent, postConsent } from './consent.ts';
import { OAUTH_PATH, SCOPES } from './provider.ts';

/** The addresses of the provider: those that are used, and no other that the library would answer. */

const METADATA = '/.well-known/oauth-authorization-server';

export function mountOAuth(app: Express, deps: ConsentDeps): void {
  const { provider } = deps;
  const answer = provider.callback();
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/consent/:uid', getConsent(deps));
  router.post('/consent/:uid', ...postConsent(deps));
  router.get('/authorize', answer);
  router.get('/authorize/:uid', answer);
  router.post(['/token', '/revoke'], answer);
  const metadata = metadataOf(provider);
  router.get(METADATA, metadata);
  app.use(OAUTH_PATH, router);
  // RFC 8414 puts the path of the issuer behind the well-known one.
  app.get(`${METADATA}${OAUTH_PATH}`, metadata);
}

/** Those of the library speak of OpenID Connect, too, of which there is nothing here. */
function metadataOf({ issuer }: ConsentDeps['provider']): RequestHandler {
  const authMethods = ['client_secret_basic', 'client_secret_post'];
  const told = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    revocation_endpoint: `${issuer}/revoke`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: SCOPES,
    token_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_methods_supported: authMethods,
    authorization_response_iss_parameter_supported: true,
  };
  return (_req, res) => {
    res.json(told);
  };
}
