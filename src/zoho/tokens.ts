import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { ConnectionId } from '../domain.ts';
import { ZohoAuthError, ZohoRateLimitError, ZohoUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type HostPolicy, requireTrusted } from './hosts.ts';
import { refreshAccessToken, type TokenGrant } from './oauth.ts';

export interface StoredGrant {
  readonly accountsUrl: string;
  readonly apiDomain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly accessToken: string | null;
  readonly expiresAt: Date | null;
}
/** What the tokens of a connection need remembered between processes. */
export interface TokenStore {
  grant(connection: ConnectionId): Promise<StoredGrant>;
  acquireRefreshLease(connection: ConnectionId, holder: string, until: Date, now: Date): Promise<boolean>;
  /** Also releases the lease. */
  saveAccessToken(
    connection: ConnectionId,
    token: { accessToken: string; expiresAt: Date; apiDomain: string | null },
    holder: string,
  ): Promise<void>;
  releaseRefreshLease(connection: ConnectionId, holder: string): Promise<void>;
  markReconnectNeeded(connection: ConnectionId, why: string): Promise<void>;
}
export interface Token {
  readonly accessToken: string;
  /** Trusted origin of the API. */
  readonly apiDomain: string;
  /** Minted by this process: when Zoho refuses it too, another refresh would not help. */
  readonly isFresh?: boolean;
}
interface Held extends Token {
  readonly refreshAt: number;
}
interface TokenDeps {
  readonly store: TokenStore;
  readonly hosts: HostPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

const MARGIN_MS = 60_000;
const LEASE_MS = 30_000;
const LOOK_AGAIN_MS = 250;
// Longer than one lease: a process that died with it must not stop the others.
const PATIENCE_MS = 2 * LEASE_MS;

/** Hands out the access token of one connection; all processes together refresh it once. */
export class TokenSource {
  readonly #deps: TokenDeps;
  readonly #connection: ConnectionId;
  #held: Held | null = null;
  // Zoho hands out few access tokens per refresh token, so every caller of this process shares one wait.
  #pending: Promise<Held> | null = null;
  #throttledUntil = 0;

  constructor(deps: TokenDeps, connection: ConnectionId) {
    this.#deps = deps;
    this.#connection = connection;
  }

  async current(): Promise<Token> {
    if (this.#held && this.#now() < this.#held.refreshAt) return this.#held;
    return this.#shared(null);
  }

  /** After a 401: the token that another process has stored meanwhile, else a fresh one. */
  async replace(rejected: string): Promise<Token> {
    if (this.#held && this.#held.accessToken !== rejected && this.#now() < this.#held.refreshAt) {
      return this.#held;
    }
    this.#held = null;
    const token = await this.#shared(rejected);
    // The shared wait may have begun before the token was known to be refused.
    return token.accessToken === rejected ? this.#shared(rejected) : token;
  }

  /** Zoho refuses even a fresh token: the connection's jobs rest until a person connects again. */
  async giveUp(why: string): Promise<void> {
    this.#held = null;
    await this.#deps.store.markReconnectNeeded(this.#connection, why);
  }

  #now(): number {
    return this.#deps.clock.now().getTime();
  }

  #shared(rejected: string | null): Promise<Held> {
    this.#pending ??= this.#obtain(rejected)
      .then((held) => {
        this.#held = held;
        return held;
      })
      .finally(() => {
        this.#pending = null;
      });
    return this.#pending;
  }

  async #obtain(rejected: string | null): Promise<Held> {
    const { store, clock } = this.#deps;
    const holder = randomUUID();
    const giveUpAt = this.#now() + PATIENCE_MS;
    for (;;) {
      const usable = this.#usable(await store.grant(this.#connection), rejected);
      if (usable) return usable;
      this.#refuseWhileThrottled();
      const now = clock.now();
      const until = new Date(now.getTime() + LEASE_MS);
      if (await store.acquireRefreshLease(this.#connection, holder, until, now)) {
        return this.#refresh(holder, rejected);
      }
      if (this.#now() >= giveUpAt) {
        throw new ZohoUnavailableError(
          'Another process has been refreshing the access token for too long; try again',
        );
      }
      await clock.sleep(LOOK_AGAIN_MS);
    }
  }

  #usable(grant: StoredGrant, rejected: string | null): Held | null {
    const { accessToken, expiresAt } = grant;
    if (accessToken === null || expiresAt === null || accessToken === rejected) return null;
    const refreshAt = expiresAt.getTime() - MARGIN_MS;
    if (this.#now() >= refreshAt) return null;
    return { accessToken, apiDomain: this.#trusted(grant.apiDomain), isFresh: false, refreshAt };
  }

  #trusted(apiDomain: string): string {
    return requireTrusted(this.#deps.hosts, apiDomain, 'The api_domain of this connection');
  }

  /** Under the lease. It is given back whatever happens. */
  async #refresh(holder: string, rejected: string | null): Promise<Held> {
    const { store, hosts, log } = this.#deps;
    let isReleased = false;
    try {
      const grant = await store.grant(this.#connection);
      // The former holder may have stored a token between our look and our lease.
      const usable = this.#usable(grant, rejected);
      if (usable) return usable;
      requireTrusted(hosts, grant.accountsUrl, 'The accounts server of this connection');
      const fresh = await this.#ask(grant);
      // Before the token is stored: an api_domain that nobody may see it must not be remembered either.
      const apiDomain = this.#trusted(fresh.apiDomain ?? grant.apiDomain);
      const token = { accessToken: fresh.accessToken, expiresAt: fresh.expiresAt, apiDomain };
      await store.saveAccessToken(this.#connection, token, holder);
      isReleased = true;
      log.debug({ expiresAt: fresh.expiresAt }, 'access token refreshed');
      return { accessToken: fresh.accessToken, apiDomain, isFresh: true, refreshAt: this.#refreshAt(fresh) };
    } finally {
      if (!isReleased) await store.releaseRefreshLease(this.#connection, holder);
    }
  }

  /** A token that lives for less than a few minutes is used for most of its life. */
  #refreshAt({ expiresAt }: TokenGrant): number {
    const lifeMs = expiresAt.getTime() - this.#now();
    return expiresAt.getTime() - Math.min(MARGIN_MS, lifeMs / 4);
  }

  async #ask(grant: StoredGrant): Promise<TokenGrant> {
    try {
      return await refreshAccessToken(this.#deps, grant);
    } catch (error) {
      if (error instanceof ZohoRateLimitError) {
        this.#throttledUntil = this.#now() + (error.retryAfterMs ?? 0);
      }
      if (error instanceof ZohoAuthError) await this.giveUp(error.message);
      throw error;
    }
  }

  /** Zoho throttles whoever goes on asking for longer and longer: not asked at all until its time is over. */
  #refuseWhileThrottled(): void {
    const leftMs = this.#throttledUntil - this.#now();
    if (leftMs <= 0) return;
    throw new ZohoRateLimitError(
      `Zoho gives no more access tokens for now; wait ${Math.ceil(leftMs / 60_000)} minutes`,
      { retryAfterMs: leftMs },
    );
  }
}
