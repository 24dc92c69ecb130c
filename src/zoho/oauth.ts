import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}
export interface OAuthDeps {
  readonly clock: Clock;
  readonly log: Log;
}
export interface TokenGrant {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly apiDomain: string | null;
  readonly refreshToken: string | null;
  readonly scopes: string[] | null;
}
export declare function exchangeCode(
  deps: OAuthDeps,
  input: OAuthClient & { accountsUrl: string; code: string; redirectUri?: string },
): Promise<TokenGrant>;
export declare function refreshAccessToken(
  deps: OAuthDeps,
  input: OAuthClient & { accountsUrl: string; refreshToken: string },
): Promise<TokenGrant>;
export declare function revokeRefreshToken(
  deps: OAuthDeps,
  input: { accountsUrl: string; refreshToken: string },
): Promise<void>;
export declare function consentUrl(input: {
  accountsUrl: string;
  clientId: string;
  redirectUri: string;
  scopes: readonly string[];
  state: string;
}): string;
export declare const REQUIRED_SCOPES: readonly { scope: string; why: string; breaks: string }[];
