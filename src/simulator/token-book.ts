import { randomBytes } from 'node:crypto';
import type { SimUser } from './state.ts';
import type { Switches } from './switches.ts';

const TEN_MINUTES_MS = 600_000;
/** Zoho documents 2 and 3 minutes; a self client chooses 3 to 10. */
const CODE_LIFE_MS = 120_000;
const CODES_PER_TEN_MINUTES = 10;
const REFRESH_TOKENS_PER_USER = 20;

export interface Grant {
  refreshToken: string;
  clientId: string;
  user: SimUser;
  scopes: readonly string[];
}

export interface AccessToken {
  token: string;
  user: SimUser;
  scopes: readonly string[];
  expiresMs: number;
  /** null for a token without refresh token (access_type=online). */
  grant: Grant | null;
}

export interface GrantCode {
  code: string;
  clientId: string;
  /** null: made by a self client in the API console. */
  redirectUri: string | null;
  user: SimUser;
  scopes: readonly string[];
  /** Whether the exchange hands out a refresh token. */
  offline: boolean;
  expiresMs: number;
}

export interface TokenBook {
  /** null when the client has used up its codes of ten minutes. */
  issueCode(
    input: Omit<GrantCode, 'code' | 'expiresMs'> & { code?: string; lifeMs?: number },
  ): GrantCode | null;
  /** Single use: gone after the first attempt. */
  takeCode(code: string): GrantCode | null;
  /** A known token for a grant that must be valid at start, or a new one. */
  grant(input: Omit<Grant, 'refreshToken'> & { refreshToken?: string }): Grant;
  findGrant(refreshToken: string): Grant | null;
  hasConsented(clientId: string, user: SimUser): boolean;
  /** Also an online consent counts: an offline one after it brings no refresh token unless the page is forced. */
  consent(clientId: string, user: SimUser): void;
  /** null when throttled. */
  mint(from: { user: SimUser; scopes: readonly string[]; grant: Grant | null }): AccessToken | null;
  findAccess(token: string): AccessToken | null;
  expire(token: string): void;
  expireAll(): void;
  /** False when no such refresh token exists. */
  revoke(refreshToken: string, killsAccessTokens: boolean): boolean;
  grants(): readonly Grant[];
}

const newToken = () => `1000.${randomBytes(16).toString('hex')}.${randomBytes(16).toString('hex')}`;

export function createTokenBook(deps: { nowMs(): number; switches: Switches }): TokenBook {
  const codes = new Map<string, GrantCode>();
  const codeTimes = new Map<string, number[]>();
  const grants = new Map<string, Grant>();
  const mints = new Map<Grant, number[]>();
  const access = new Map<string, AccessToken>();
  const consents = new Set<string>();
  const consentKey = (clientId: string, user: SimUser) => `${clientId}/${user.id}`;

  const liveOf = (grant: Grant) =>
    [...access.values()].filter((token) => token.grant === grant && token.expiresMs > deps.nowMs());
  const drop = (grant: Grant, killsAccessTokens: boolean) => {
    grants.delete(grant.refreshToken);
    if (killsAccessTokens) for (const token of liveOf(grant)) access.delete(token.token);
  };
  const recent = (times: number[] | undefined) =>
    (times ?? []).filter((at) => at > deps.nowMs() - TEN_MINUTES_MS);

  return {
    issueCode: ({ code = newToken(), lifeMs = CODE_LIFE_MS, ...input }) => {
      const times = recent(codeTimes.get(input.clientId));
      if (times.length >= CODES_PER_TEN_MINUTES) return null;
      codeTimes.set(input.clientId, [...times, deps.nowMs()]);
      const issued = { ...input, code, expiresMs: deps.nowMs() + lifeMs };
      codes.set(code, issued);
      return issued;
    },
    takeCode: (code) => {
      const found = codes.get(code);
      codes.delete(code);
      return found !== undefined && found.expiresMs > deps.nowMs() ? found : null;
    },
    grant: ({ refreshToken = newToken(), ...input }) => {
      const mine = [...grants.values()].filter(
        ({ clientId, user }) => clientId === input.clientId && user === input.user,
      );
      const oldest = mine[0];
      if (mine.length >= REFRESH_TOKENS_PER_USER && oldest !== undefined) drop(oldest, true);
      const grant = { ...input, refreshToken };
      grants.set(refreshToken, grant);
      consents.add(consentKey(input.clientId, input.user));
      return grant;
    },
    findGrant: (refreshToken) => grants.get(refreshToken) ?? null,
    consent: (clientId, user) => {
      consents.add(consentKey(clientId, user));
    },
    hasConsented: (clientId, user) => consents.has(consentKey(clientId, user)),
    mint: ({ user, scopes, grant }) => {
      if (grant !== null) {
        const times = recent(mints.get(grant));
        if (times.length >= deps.switches.tokensPerTenMinutes) return null;
        mints.set(grant, [...times, deps.nowMs()]);
        const live = liveOf(grant);
        for (const { token } of live.slice(
          0,
          Math.max(0, live.length - deps.switches.liveAccessTokens + 1),
        )) {
          access.delete(token);
        }
      }
      const expiresMs = deps.nowMs() + deps.switches.accessTokenSeconds * 1000;
      const minted = { token: newToken(), user, scopes, grant, expiresMs };
      access.set(minted.token, minted);
      return minted;
    },
    findAccess: (token) => {
      const found = access.get(token);
      return found !== undefined && found.expiresMs > deps.nowMs() ? found : null;
    },
    expire: (token) => access.delete(token),
    expireAll: () => access.clear(),
    revoke: (refreshToken, killsAccessTokens) => {
      const grant = grants.get(refreshToken);
      if (grant === undefined) return false;
      drop(grant, killsAccessTokens);
      return true;
    },
    grants: () => [...grants.values()],
  };
}
