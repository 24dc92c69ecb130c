import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import axios from 'axios';
import { withoutSecrets } from '../log.ts';

/** One HTTP exchange. What it means is decided by whoever asked: client.ts and oauth.ts. */

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Hand over the body of a 200 as it arrives instead of reading it. */
  readonly stream?: boolean;
}
export type HttpOutcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    }
  | {
      readonly kind: 'stream';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Readable;
    }
  /** No whole answer. `sent` false: nothing reached Zoho, so even a write may be repeated. */
  | { readonly kind: 'none'; readonly sent: boolean; readonly cause: Error };

export interface Timeouts {
  /** To the first byte of the answer, and between any two bytes of it. */
  readonly answerMs: number;
  readonly totalMs: number;
  readonly downloadMs: number;
}
export type Transport = (request: HttpRequest) => Promise<HttpOutcome>;

const DEFAULT_TIMEOUTS: Timeouts = { answerMs: 60_000, totalMs: 180_000, downloadMs: 30 * 60_000 };
// How long a connection may take to open, and how long an unused one is kept: shorter than any server
// would keep it, or a write could go out on a connection that Zoho is just closing.
const SOCKET_MS = 10_000;

const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** An axios error carries the request with its token; only its words and code are kept. */
function bareCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('unknown failure of the connection');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const text = withoutSecrets(error.message) || error.name;
  return Object.assign(new Error(code && !text.includes(code) ? `${text} (${code})` : text), { code });
}

function isNeverSent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NEVER_SENT.has(String(error.code));
}

/** Ends a body that stops arriving. Time spent by a slow reader does not count. */
async function* notStalled(body: Readable, idleMs: number): AsyncGenerator<Buffer> {
  let isWaiting = true;
  let hasMoved = false;
  let isDone = false;
  const watch = () => {
    AbortSignal.timeout(idleMs).addEventListener('abort', () => {
      if (isDone) return;
      if (isWaiting && !hasMoved) body.destroy(new Error(`the answer stopped arriving for ${idleMs} ms`));
      else {
        hasMoved = false;
        watch();
      }
    });
  };
  watch();
  try {
    for await (const chunk of body) {
      isWaiting = false;
      hasMoved = true;
      yield chunk;
      isWaiting = true;
    }
  } finally {
    isDone = true;
  }
}

async function textOfBody(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function plainHeaders(headers: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);
}

export function createTransport(timeouts: Partial<Timeouts> = {}): Transport {
  const { answerMs, totalMs, downloadMs } = { ...DEFAULT_TIMEOUTS, ...timeouts };
  const agentOptions = { keepAlive: true, timeout: SOCKET_MS };
  const httpAgent = new http.Agent(agentOptions);
  const httpsAgent = new https.Agent(agentOptions);
  return async (request) => {
    try {
      const response = await axios.request<Readable>({
        method: request.method,
        url: request.url,
        headers: { 'user-agent': 'zoho-customer-value', ...request.headers },
        ...(request.body === undefined ? {} : { data: request.body }),
        responseType: 'stream',
        adapter: 'http',
        // A redirect would carry the token to whatever host it names.
        maxRedirects: 0,
        validateStatus: () => true,
        transformRequest: [(data) => data],
        timeout: answerMs,
        signal: AbortSignal.timeout(request.stream ? downloadMs : totalMs),
        httpAgent,
        httpsAgent,
        // A proxy of the environment serves the internet, not this machine.
        ...(isLoopback(request.url) ? { proxy: false as const } : {}),
      });
      const headers = plainHeaders(response.headers);
      const body = notStalled(response.data, answerMs);
      if (request.stream && response.status === 200) {
        return { kind: 'stream', status: 200, headers, body: Readable.from(body, { objectMode: false }) };
      }
      return { kind: 'answer', status: response.status, headers, text: await textOfBody(body) };
    } catch (error) {
      return { kind: 'none', sent: !isNeverSent(error), cause: bareCause(error) };
    }
  };
}
