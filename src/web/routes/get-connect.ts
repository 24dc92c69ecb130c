import type { RequestHandler } from 'express';
import { z } from 'zod';
import { ConflictError, InputError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { ConnectStates } from '../connect-states.ts';

export interface ConnectDeps {
  readonly store: Pick<Store, 'connections'>;
  readonly states: ConnectStates;
  /** Address of Zoho's consent page; throws ConfigError when no OAuth client is configured. */
  readonly consentUrl: (input: { redirectUri: string; state: string }) => string;
  readonly redirectUri: () => string;
}

export const CONNECT_COOKIE = 'zcv_connect';
const Query = z.object({
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .default('default'),
});

/** Sends the browser to Zoho's consent page. */
export function getConnect(deps: ConnectDeps): RequestHandler {
  return async (req, res) => {
    const query = Query.safeParse(req.query);
    if (!query.success) throw new InputError('name: letters, digits, dot, dash and underscore, at most 64');
    const { name } = query.data;
    // Nobody is signed in here: a connection that works is not replaced from a browser.
    const existing = await deps.store.connections.byName(name);
    if (existing && existing.state !== 'reconnect_needed') {
      throw new ConflictError(`the connection "${name}" is linked already; zcv connection remove unlinks it`);
    }
    const redirectUri = deps.redirectUri();
    const { state, browserKey } = deps.states.begin(name);
    const location = deps.consentUrl({ redirectUri, state });
    res.cookie(CONNECT_COOKIE, browserKey, {
      httpOnly: true,
      // Lax: the way back from Zoho is a navigation from another site.
      sameSite: 'lax',
      secure: redirectUri.startsWith('https:'),
      path: '/oauth',
      maxAge: 10 * 60_000,
    });
    res.set('Cache-Control', 'no-store').redirect(302, location);
  };
}
