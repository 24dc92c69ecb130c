import express, { type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { errors, type Provider } from 'oidc-provider';
import type { Clock } from '../../clock.ts';
import type { Connection, Language } from '../../domain.ts';
import type { OAuthClient } from '../../store/oauth-stores.ts';
import type { Store } from '../../store/store.ts';
import { accessText, languageFrom } from '../../texts/access-pages.ts';
import type { Access } from '../access.ts';
import { contentPolicy } from '../admin-pages.ts';
import { sendPage } from '../page.ts';
import type { Principal } from '../principal.ts';
import { roleOf, SCOPES } from './provider.ts';

/** The page on which a signed-in person allows a client to act for them, or refuses. */

export interface ConsentDeps {
  readonly store: Pick<Store, 'oauthClients' | 'connections' | 'people' | 'audit'>;
  readonly clock: Clock;
  readonly access: Access;
  readonly provider: Provider;
}
type Scope = (typeof SCOPES)[number];

interface Asked {
  readonly client: OAuthClient;
  readonly connection: Connection;
  readonly scopes: readonly Scope[];
  /** Where the browser goes afterwards; checked against those of the client. */
  readonly redirectUri: string;
}

/** Null: this browser began no such request, or it is over. */
async function askedBy({ provider, store }: ConsentDeps, req: Request, res: Response): Promise<Asked | null> {
  const details = await provider.interactionDetails(req, res).catch((error: unknown) => {
    if (error instanceof errors.SessionNotFound) return null;
    throw error;
  });
  if (details === null || details.uid !== req.params.uid) return null;
  const { client_id: clientId, scope, redirect_uri: redirectUri } = details.params;
  const client = await store.oauthClients.byId(String(clientId));
  const connection = client && (await store.connections.byId(client.connection));
  if (!client || !connection) return null;
  const asked = String(scope ?? '').split(' ');
  const scopes = SCOPES.filter((one) => asked.includes(one));
  return { client, connection, scopes, redirectUri: String(redirectUri) };
}

/** Only a person who is signed in may allow: neither an operator nor somebody with a token has a role to lend. */
async function personOf({ access }: ConsentDeps, req: Request): Promise<Principal | 'nobody' | 'no_person'> {
  const principal = await access.authenticate(req);
  if (principal === null) return 'nobody';
  return principal.kind === 'user' && principal.client === undefined ? principal : 'no_person';
}

/** What of it the person may lend: a viewer changes nothing, so nobody does it for a viewer. */
function lendable(scopes: readonly Scope[], role: 'admin' | 'viewer'): Scope[] {
  return scopes.filter((scope) => scope === 'read' || role === 'admin');
}

export function getConsent(deps: ConsentDeps): RequestHandler {
  return async (req, res, next) => {
    const language = languageFrom(req.get('accept-language'));
    const text = accessText.bind(null, language);
    const title = text('consent_title');
    const asked = await askedBy(deps, req, res);
    if (asked === null) return sendStale(res, language);
    const person = await personOf(deps, req);
    const ownPath = `${req.baseUrl}${req.path}`;
    const signIn = `/sign-in?returnTo=${encodeURIComponent(ownPath)}`;
    if (person === 'nobody') return res.redirect(303, signIn);
    if (person === 'no_person') {
      const link = { path: signIn, label: text('sign_in') };
      return sendPage(res, 403, { title, language, lines: [text('consent_no_person')], link });
    }
    const { client, connection, redirectUri } = asked;
    const role = await roleOf(deps, person.id, connection.id);
    const fields = { _csrf: deps.access.csrfToken(req, res) };
    const refuse = { name: 'answer', value: 'refuse', label: text('consent_refuse') };
    const form = { action: ownPath, fields };
    const site = new URL(redirectUri);
    allowFormTo(site.origin)(req, res, (error?: unknown) => {
      if (error) return next(error);
      if (role === null) {
        const lines = [text('consent_no_role', { connection: connection.name, name: person.name })];
        return sendPage(res, 403, { title, language, lines, form: { ...form, buttons: [refuse] } });
      }
      const scopes = lendable(asked.scopes, role);
      const isLess = scopes.length < asked.scopes.length;
      sendPage(res, 200, {
        title,
        language,
        lines: [
          text('consent_who', { client: client.name, name: person.name, connection: connection.name }),
          ...(isLess ? [text('consent_viewer')] : []),
          text('consent_what'),
        ],
        list: scopes.map((scope) => text(`scope_${scope}`)),
        after: [text('consent_bounds'), text('consent_where', { host: site.host })],
        form: {
          ...form,
          buttons: [
            ...(scopes.length > 0 ? [{ name: 'answer', value: 'allow', label: text('consent_allow') }] : []),
            refuse,
          ],
        },
      });
    });
  };
}

export function postConsent(deps: ConsentDeps): RequestHandler[] {
  const { provider, access, store, clock } = deps;
  const answer: RequestHandler = async (req, res) => {
    const language = languageFrom(req.get('accept-language'));
    const asked = await askedBy(deps, req, res);
    const person = await personOf(deps, req);
    if (asked === null || typeof person === 'string') return sendStale(res, language);
    // Bound to the session: a form that was shown to somebody else, or to nobody, is refused.
    access.checkCsrf(req, person);
    const { client, connection } = asked;
    const role = await roleOf(deps, person.id, connection.id);
    const granted = role === null ? [] : lendable(asked.scopes, role);
    if (req.body?.answer !== 'allow' || granted.length === 0) {
      const refusal = { error: 'access_denied', error_description: 'the person refused' };
      return provider.interactionFinished(req, res, refusal, { mergeWithLastSubmission: false });
    }
    const grant = new provider.Grant({ accountId: person.id, clientId: client.id });
    grant.addOIDCScope(granted.join(' '));
    const withheld = asked.scopes.filter((scope) => !granted.includes(scope));
    if (withheld.length > 0) grant.rejectOIDCScope(withheld.join(' '));
    const grantId = await grant.save();
    await store.audit.add({
      ...{ connection: connection.id, who: `user:${person.id}`, action: 'oauth.allow', target: client.name },
      ...{ before: null, after: { client: client.id, scopes: granted }, at: clock.now() },
    });
    const result = { login: { accountId: person.id, remember: false }, consent: { grantId } };
    await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
  };
  return [express.urlencoded({ limit: '4kb', extended: false }), answer];
}

function sendStale(res: Response, language: Language): void {
  const [title, line] = [accessText(language, 'consent_title'), accessText(language, 'consent_stale')];
  sendPage(res, 400, { title, lines: [line], language });
}

/** Browsers hold form-action against where a form is sent on to, which is the address of the client. */
function allowFormTo(origin: string): RequestHandler {
  const { directives, ...policy } = contentPolicy();
  return helmet.contentSecurityPolicy({
    ...policy,
    directives: { ...directives, formAction: [...directives.formAction, origin] },
  });
}
