import type { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import {
  AppError,
  ZohoAuthError,
  ZohoContractError,
  ZohoCreditsError,
  ZohoRateLimitError,
  ZohoRejectedError,
  ZohoUnavailableError,
} from '../errors.ts';
import type { Log } from '../log.ts';
import type { CreditPrices } from '../rules.ts';
import { problemOf, resultRows, verdictOf, wholeCallProblem } from './answers.ts';
import type { Governor } from './governor.ts';
import { type HostPolicy, requireTrusted } from './hosts.ts';
import { parseJson } from './json.ts';
import { DEFAULT_PRICES } from './prices.ts';
import { DEFAULT_RETRY, nextDelay, type RetryPolicy } from './retry.ts';
import { type SeenCall, seenAnswer, seenFailure } from './seen-call.ts';
import type { Token, TokenSource } from './tokens.ts';
import { createTransport, type HttpOutcome, type Timeouts, type Transport } from './transport.ts';

/** Every call to Zoho's API, and the only place that turns what comes back into our errors. */

export interface ZohoRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** "/crm/v8/…", or an absolute URL on a trusted host. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  /** In place of `body`: what is not JSON, with its content type. */
  readonly upload?: { readonly bytes: Buffer; readonly contentType: string };
  readonly headers?: Readonly<Record<string, string>>;
  readonly credits: number;
  /** Takes one of Zoho's scarcer sub-concurrency slots. */
  readonly sub?: boolean;
  /** May be repeated when its answer was lost. Default: GET and COQL yes, everything else no. */
  readonly idempotent?: boolean;
  readonly responseType?: 'json' | 'stream';
  /** Asked each time right before the call goes out, after every wait; what it throws ends the call unsent. */
  readonly beforeSend?: () => Promise<void>;
}
export interface ZohoAnswer {
  readonly status: number;
  /** null on 204 and 304; a Readable for responseType stream. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}
/**
 * Answers of a write may hold refused rows under any status: they come back as an answer, to be read row by row.
 * Everything else that failed is thrown. A lost answer of a write throws ZohoUnavailableError with answerLost.
 */
export interface ZohoClient {
  request(request: ZohoRequest): Promise<ZohoAnswer>;
  /** What the calls of this client cost. */
  readonly prices: CreditPrices;
  /** Calls and credits since this client was made. */
  readonly usage: () => { calls: number; credits: number };
}
export interface ClientDeps {
  readonly tokens: Pick<TokenSource, 'current' | 'replace'> & Partial<Pick<TokenSource, 'giveUp'>>;
  readonly governor: Governor;
  readonly hosts: HostPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** Left out: as Zoho published them. */
  readonly prices?: CreditPrices;
  /** Told of each try that went out, once it has ended. */
  readonly onCall?: (call: SeenCall) => void;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeouts?: Partial<Timeouts>;
}

const PARK_MS = 60 * 60_000;
// Whatever Zoho asks for: by then every credit spent before has come back.
const LONGEST_PARK_MS = 24 * 60 * 60_000;
// Whether a refused call costs anything is not published; it is counted as 1.
const REFUSED_CREDITS = 1;

export function createZohoClient(deps: ClientDeps): ZohoClient {
  const transport = createTransport(deps.timeouts);
  const policy = { ...DEFAULT_RETRY, ...deps.retry };
  return {
    prices: deps.prices ?? DEFAULT_PRICES,
    request: (request) => new Call(deps, transport, policy, request).run(),
    usage: () => deps.governor.usage(),
  };
}

/** The same client, except that `beforeSend` is asked before each of its writes. */
export function guardedClient(client: ZohoClient, beforeSend: () => Promise<void>): ZohoClient {
  return {
    ...client,
    request: (request) => client.request(isWrite(request) ? { ...request, beforeSend } : request),
  };
}

function isWrite(request: ZohoRequest): boolean {
  return !(request.idempotent ?? (request.method === 'GET' || request.path.endsWith('/coql')));
}

function nameOf({ method, path }: ZohoRequest): string {
  return `${method} ${path.replace(/^https?:\/\/[^/]+/, '').replace(/\?.*$/, '')}`;
}

function queryText(query: ZohoRequest['query']): string {
  const pairs = Object.entries(query ?? {}).map(
    ([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`,
  );
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

function contentTypeOf({ body, upload }: ZohoRequest): Record<string, string> {
  if (upload) return { 'content-type': upload.contentType };
  return body === undefined ? {} : { 'content-type': 'application/json' };
}

/** undefined = no JSON, null = no body. */
function bodyOf(outcome: HttpOutcome & { kind: 'answer' }): unknown {
  if (outcome.status === 204 || outcome.status === 304) return null;
  try {
    return parseJson(outcome.text);
  } catch {
    return undefined;
  }
}

function retryAfterMs(headers: Readonly<Record<string, string>>, now: Date): number | null {
  const text = headers['retry-after'];
  if (text === undefined) return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** One request with its repetitions. */
class Call {
  readonly #deps: ClientDeps;
  readonly #transport: Transport;
  readonly #policy: RetryPolicy;
  readonly #request: ZohoRequest;
  readonly #name: string;
  readonly #isWrite: boolean;
  /** Of the attempt under way. */
  #token: Token | null = null;
  #replacements = 0;
  /** Of the attempt under way. */
  #burst = 0;
  #attempt = 0;
  #sentAt = new Date(0);

  constructor(deps: ClientDeps, transport: Transport, policy: RetryPolicy, request: ZohoRequest) {
    this.#deps = deps;
    this.#transport = transport;
    this.#policy = policy;
    this.#request = request;
    this.#name = nameOf(request);
    this.#isWrite = isWrite(request);
  }

  async run(): Promise<ZohoAnswer> {
    const { governor, clock, log, tokens } = this.#deps;
    // A dead token must not cost credits, so it is looked for before they are booked.
    await tokens.current();
    let failures = 0;
    let credits = this.#request.credits;
    for (;;) {
      const outcome = await governor.run(
        { credits, sub: this.#request.sub ?? false, download: this.#request.responseType === 'stream' },
        (burst) => {
          this.#burst = burst;
          return this.#send();
        },
      );
      const sent = this.#sent(outcome, credits);
      try {
        const answer = this.#answer(outcome);
        this.#deps.onCall?.(seenAnswer(this.#request, sent, answer, this.#isWrite));
        return answer;
      } catch (error) {
        this.#deps.onCall?.(seenFailure(this.#request, sent, error));
        credits = REFUSED_CREDITS;
        if (error instanceof TokenRefused) await this.#replaceToken(error);
        else if (error instanceof ZohoRateLimitError) await this.#noteLimited(error);
        else {
          failures += 1;
          const delayMs = this.#delayAfter(error, failures);
          if (delayMs === null) throw error;
          log.debug({ err: error, attempt: failures, delayMs }, 'a call to Zoho is repeated');
          credits = this.#request.credits;
          await clock.sleep(delayMs);
        }
      }
    }
  }

  async #send(): Promise<HttpOutcome> {
    const request = this.#request;
    // Asked again: the token may have run out while this call waited for its turn.
    this.#token = await this.#deps.tokens.current();
    const target = request.path.startsWith('/') ? `${this.#token.apiDomain}${request.path}` : request.path;
    requireTrusted(this.#deps.hosts, target, `The address of ${this.#name}`);
    await request.beforeSend?.();
    this.#attempt += 1;
    this.#sentAt = this.#deps.clock.now();
    return this.#transport({
      method: request.method,
      url: `${target}${queryText(request.query)}`,
      headers: {
        accept: request.responseType === 'stream' ? '*/*' : 'application/json',
        ...contentTypeOf(request),
        ...request.headers,
        authorization: `Zoho-oauthtoken ${this.#token.accessToken}`,
      },
      ...(request.upload
        ? { body: request.upload.bytes }
        : request.body === undefined
          ? {}
          : { body: JSON.stringify(request.body) }),
      stream: request.responseType === 'stream',
    });
  }

  #sent(outcome: HttpOutcome, credits: number) {
    const at = this.#sentAt;
    const durationMs = this.#deps.clock.now().getTime() - at.getTime();
    const status = outcome.kind === 'none' ? null : outcome.status;
    return { at, durationMs, credits, status, attempt: this.#attempt };
  }

  #answer(outcome: HttpOutcome): ZohoAnswer {
    if (outcome.kind === 'none') throw this.#noAnswer(outcome);
    this.#noteBalance(outcome.headers);
    if (outcome.kind === 'stream') {
      this.#deps.governor.noteAnswered();
      return { status: outcome.status, headers: outcome.headers, body: outcome.body satisfies Readable };
    }
    const body = bodyOf(outcome);
    const verdict = verdictOf(outcome.status, body);
    if (verdict !== 'limited') this.#deps.governor.noteAnswered();
    const problem = wholeCallProblem(body) ?? (body === undefined ? null : problemOf(resultRows(body)?.[0]));
    const detail = {
      status: outcome.status,
      zohoCode: problem?.code,
      details: problem?.details ?? undefined,
    };
    const said = problem ? `${problem.code}: ${problem.message}` : `HTTP ${outcome.status}`;
    switch (verdict) {
      case 'done':
        // A read has no rows to go through: whatever it was refused for concerns the whole of it.
        if (outcome.status >= 400 && !this.#isWrite) break;
        return { status: outcome.status, headers: outcome.headers, body };
      case 'limited':
        throw this.#limited(outcome, body);
      case 'token':
        throw new TokenRefused(said, detail);
      case 'scope':
        throw new ZohoAuthError(
          `The access granted by Zoho does not cover ${this.#name} (${said}); connect again with all scopes`,
          { ...detail, scope: true },
        );
      case 'unavailable':
        throw new ZohoUnavailableError(this.#unavailable(`gave no usable answer (${said})`), {
          ...detail,
          answerLost: this.#isWrite,
        });
      case 'redirect':
        throw new ZohoContractError(
          `Zoho answered ${this.#name} with a redirect (HTTP ${outcome.status}), which is not followed with a token`,
          detail,
        );
      case 'rejected':
        break;
    }
    throw new ZohoRejectedError(`Zoho refused ${this.#name} (${said})`, detail);
  }

  #noAnswer(outcome: HttpOutcome & { kind: 'none' }): ZohoUnavailableError {
    const what = outcome.sent ? `broke off (${outcome.cause.message})` : 'could not be reached';
    return new ZohoUnavailableError(this.#unavailable(what), {
      cause: outcome.cause,
      answerLost: this.#isWrite && outcome.sent,
    });
  }

  #unavailable(what: string): string {
    const next = this.#isWrite ? 'it may have taken effect, so it is read back first' : 'try again later';
    return `Zoho ${what} on ${this.#name}; ${next}`;
  }

  #limited(outcome: HttpOutcome & { kind: 'answer' }, body: unknown): ZohoRateLimitError {
    const problem = wholeCallProblem(body);
    return new ZohoRateLimitError(`Zoho limits the rate of calls (${problem?.message ?? 'HTTP 429'})`, {
      status: outcome.status,
      zohoCode: problem?.code,
      retryAfterMs: retryAfterMs(outcome.headers, this.#deps.clock.now()),
    });
  }

  /** The governor makes the whole client wait; a 429 that stays means that the credits are gone. */
  async #noteLimited(error: ZohoRateLimitError): Promise<void> {
    const { governor, clock, log } = this.#deps;
    governor.noteRateLimited(this.#burst, error.retryAfterMs);
    const patienceMs = this.#policy.rateLimitPatienceMs;
    const hasLastedMs = governor.limitedForMs();
    const askedMs = error.retryAfterMs ?? 0;
    if (hasLastedMs < patienceMs && askedMs <= patienceMs) return;
    const parkMs = askedMs > patienceMs ? Math.min(askedMs, LONGEST_PARK_MS) : PARK_MS;
    const availableAt = new Date(clock.now().getTime() + parkMs);
    const cause =
      askedMs > patienceMs
        ? 'Zoho asks for a long wait before the next call'
        : `Zoho has answered nothing but 429 for ${Math.round(hasLastedMs / 1_000)} s`;
    const why = `${cause}, so the org's API credits are taken to be spent; the next attempt is possible at ${availableAt.toISOString()}`;
    await governor.park(availableAt, why);
    log.warn({ availableAt }, 'Zoho answers 429 only: its API credits are taken to be spent');
    throw new ZohoCreditsError(why, {
      cause: error,
      availableAt,
      status: error.status ?? undefined,
      zohoCode: error.zohoCode ?? undefined,
    });
  }

  /** Once, or once more when the first replacement came from another process and was as old as ours. */
  async #replaceToken(refused: TokenRefused): Promise<void> {
    const { tokens } = this.#deps;
    const token = this.#token;
    const isLast = this.#replacements > 1 || (this.#replacements === 1 && token?.isFresh);
    if (token !== null && !isLast) {
      this.#replacements += 1;
      await tokens.replace(token.accessToken);
      return;
    }
    const why = `Zoho refuses even a fresh access token (${refused.message}): access was withdrawn, or the data centre is wrong. Reconnect the org: zcv connect --name <connection>, or /connect in a browser`;
    await tokens.giveUp?.(why);
    throw new ZohoAuthError(why, { cause: refused, status: refused.status, zohoCode: refused.zohoCode });
  }

  #delayAfter(error: unknown, failures: number): number | null {
    // Repeating it could do it twice; whoever asked reads back first.
    if (error instanceof ZohoUnavailableError && error.answerLost) return null;
    return nextDelay(error, failures, this.#policy, () => this.#deps.clock.random());
  }

  #noteBalance(headers: Readonly<Record<string, string>>): void {
    const text = headers['x-api-credits-remaining'];
    const remaining = Number(text);
    if (text !== undefined && text !== '' && Number.isFinite(remaining))
      this.#deps.governor.noteRemaining(remaining);
  }
}

/** A 401 that a new token may heal; never leaves this file. */
class TokenRefused extends AppError {
  readonly code = 'zoho_auth';
  readonly status: number;
  readonly zohoCode: string | undefined;
  constructor(message: string, detail: { status: number; zohoCode: string | undefined }) {
    super(message);
    this.status = detail.status;
    this.zohoCode = detail.zohoCode;
  }
}
