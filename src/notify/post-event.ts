import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { publicLookup, requireEndpointUrl } from './endpoint-address.ts';

/** One delivery over HTTP. Redirects are not followed, and of the answer only its head is read. */

export interface PostedEvent {
  /** Null: there was no answer. */
  readonly status: number | null;
  /** Null on 2xx, else a code or what went wrong. */
  readonly error: string | null;
  readonly retryAfterMs: number | null;
}

export async function postEvent(
  target: string,
  message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  options: { readonly allowPrivate: boolean; readonly timeoutMs: number; readonly now: Date },
): Promise<PostedEvent> {
  try {
    const url = requireEndpointUrl(target, options.allowPrivate);
    const answer = await send(url, message, options);
    const status = answer.statusCode ?? 0;
    answer.destroy();
    return {
      status,
      error: status >= 200 && status < 300 ? null : `http_${status}`,
      retryAfterMs: retryAfterOf(answer.headers['retry-after'], options.now),
    };
  } catch (error) {
    return { status: null, error: codeOf(error), retryAfterMs: null };
  }
}

function send(
  url: URL,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  { allowPrivate, timeoutMs }: { readonly allowPrivate: boolean; readonly timeoutMs: number },
): Promise<IncomingMessage> {
  const request = url.protocol === 'http:' ? requestHttp : requestHttps;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'zoho-customer-value',
          ...headers,
        },
        // From the name's look-up to the head of the answer.
        signal: AbortSignal.timeout(timeoutMs),
        agent: false,
        ...(allowPrivate ? {} : { lookup: publicLookup }),
      },
      (answer) => {
        // Aborted later, it has been read as far as it is wanted.
        answer.on('error', () => undefined);
        resolve(answer);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  return 'code' in error ? String(error.code).toLowerCase() : 'failed';
}

/** Seconds or a date. */
function retryAfterOf(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}
