import type { CookieOptions, Request, Response } from 'express';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { cookiesOf } from './request-cookies.ts';

/** A trip to Zoho and back: the state lies in the store, its counterpart in the browser that began. */

const LIFE_MS = 10 * 60_000;

export const ConnectDetails = z.object({
  kind: z.literal('connect'),
  name: z.string(),
  /** The connection was not there when consent began. */
  isNew: z.boolean(),
  /** Of the link that it began with; null: a session began it. */
  link: z.string().nullable(),
  /** Hash of that session. */
  session: z.string().nullable(),
});
const SignInDetails = z.object({ kind: z.literal('sign_in'), returnTo: z.string() });
const Details = z.discriminatedUnion('kind', [ConnectDetails, SignInDetails]);
type TripDetails = z.infer<typeof Details>;

export interface TripDeps {
  readonly store: Pick<Store, 'oauthStates'>;
  readonly clock: Clock;
  readonly isSecure: boolean;
}

const cookieName = (isSecure: boolean) => (isSecure ? '__Host-zcv_oauth' : 'zcv_oauth');
// Lax: the way back from Zoho is a navigation from another site.
const cookieOptions = (isSecure: boolean): CookieOptions => ({
  httpOnly: true,
  sameSite: 'lax',
  secure: isSecure,
  path: '/',
});

/** Remembers the trip and marks the browser; `toZoho` makes the address from the state. */
export async function beginTrip(
  deps: TripDeps,
  res: Response,
  details: TripDetails,
  toZoho: (state: string) => string | Promise<string>,
): Promise<void> {
  const now = deps.clock.now();
  const { state, browserKey } = await deps.store.oauthStates.begin({
    kind: details.kind,
    details,
    now,
    expiresAt: new Date(now.getTime() + LIFE_MS),
  });
  const address = await toZoho(state);
  res.cookie(cookieName(deps.isSecure), browserKey, { ...cookieOptions(deps.isSecure), maxAge: LIFE_MS });
  res.set('Cache-Control', 'no-store').redirect(302, address);
}

/** Null: nobody began it, it is over, it was used, or it was begun in another browser. */
export async function endTrip(
  deps: TripDeps,
  req: Request,
  res: Response,
  state: string,
): Promise<TripDetails | null> {
  const name = cookieName(deps.isSecure);
  const browserKey = cookiesOf(req)[name] ?? '';
  res.clearCookie(name, cookieOptions(deps.isSecure));
  const found = await deps.store.oauthStates.redeem(state, browserKey, deps.clock.now());
  return found === null ? null : Details.parse(found.details);
}
