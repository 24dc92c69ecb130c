import nock from 'nock';
import { afterEach, beforeEach, expect } from 'vitest';

/** The only file that imports nock. A mock that is never called fails its test, and nothing reaches the network. */

export const ACCOUNTS = 'https://accounts.zoho.eu';
export const API = 'https://www.zohoapis.eu';

export function withMockedHttp(): void {
  beforeEach(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
    nock.enableNetConnect('127.0.0.1');
  });
  afterEach(() => {
    const unused = nock.pendingMocks();
    nock.cleanAll();
    expect(unused, 'mocks declared but never called').toEqual([]);
  });
}

export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as a value, anything else as text; null without a body. */
  readonly body: unknown;
}
export interface Answer {
  readonly status?: number;
  /** An object is sent as JSON, text and bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection breaks instead, with this code. */
  readonly breaks?: string;
}
type Answerer = (sent: Sent, nth: number) => Answer | Promise<Answer>;

function answersOf(answers: Answer | readonly Answer[] | Answerer): { at: Answerer; times: number | null } {
  if (typeof answers === 'function') return { at: answers, times: null };
  const list = listed(answers);
  return { at: (_sent, nth) => list[nth] ?? {}, times: list.length };
}

function listed(answers: Answer | readonly Answer[] | Answerer): readonly Answer[] {
  if (typeof answers === 'function') return [];
  return [answers].flat();
}

/**
 * Answers of one address, in order; each must be called exactly once. A function answers any number of calls.
 * Returns what was sent by the calls that were answered.
 */
export function serve(
  origin: string,
  method: string,
  path: string | RegExp,
  answers: Answer | readonly Answer[] | Answerer,
): Sent[] {
  const sent: Sent[] = [];
  const { at, times } = answersOf(answers);
  const count = times ?? 1;
  for (let index = 0; index < count; index += 1) {
    const broken = listed(answers)[index]?.breaks;
    const interceptor = nock(origin)
      .persist(times === null)
      .intercept((pathname) => isPath(pathname, path), method)
      .query(true);
    if (broken !== undefined) {
      interceptor.replyWithError(Object.assign(new Error(`${broken} on purpose`), { code: broken }));
      continue;
    }
    interceptor.reply(async (request: Request) => {
      const one = await sentOf(request);
      sent.push(one);
      const {
        status = 200,
        body = '',
        headers = {},
      } = await at(one, times === null ? sent.length - 1 : index);
      return [status, payload(body), headers];
    });
  }
  return sent;
}

function isPath(pathname: string, path: string | RegExp): boolean {
  return typeof path === 'string' ? pathname === path : path.test(pathname);
}

function payload(body: unknown): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

async function sentOf(request: Request): Promise<Sent> {
  const text = await request.clone().text();
  const isJson = request.headers.get('content-type')?.includes('json') ?? false;
  return {
    method: request.method,
    url: new URL(request.url),
    headers: Object.fromEntries(request.headers),
    body: text === '' ? null : isJson ? JSON.parse(text) : text,
  };
}
