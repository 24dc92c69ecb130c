import i18next from 'i18next';
import { ApiProblem, isSignedOut, problemOf } from './problem.ts';
import type { Routes } from './routes.ts';

/** One call of the API. The types are those of the server's own declarations (scripts/api-types.ts). */

export type RouteName = keyof Routes;
export type InputOf<Name extends RouteName> = Omit<Routes[Name], 'answer'>;
export type AnswerOf<Name extends RouteName> = Routes[Name]['answer'];
interface Parts {
  readonly path?: { readonly [name: string]: string | number };
  readonly query?: { readonly [name: string]: string | number | boolean | undefined };
  readonly body?: unknown;
}

/** Sent along with every write; `GET /me` tells it, and a new session has a new one. */
let csrfToken: string | null = null;
const whenSignedOut = new Set<() => void>();

/** Called whenever an answer says that the session is over. Answers how to stop that. */
export function onSignedOut(listener: () => void): () => void {
  whenSignedOut.add(listener);
  return () => whenSignedOut.delete(listener);
}

/** The address of a route, for downloads and live events, which the browser opens itself. */
export function addressOf<Name extends RouteName>(name: Name, input: InputOf<Name>): string {
  const { path = {}, query = {} } = input as Parts; // each route has some of the three
  const filled = pathOf(name).replace(/\{(\w+)\}/g, (_all, part: string) =>
    encodeURIComponent(path[part] ?? ''),
  );
  const asked = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) asked.set(key, String(value));
  return `/api/v1${filled}${asked.size > 0 ? `?${asked}` : ''}`;
}

function pathOf(name: RouteName): string {
  return name.slice(name.indexOf(' ') + 1);
}

export async function call<Name extends RouteName>(
  name: Name,
  input: InputOf<Name>,
  signal?: AbortSignal,
): Promise<AnswerOf<Name>> {
  try {
    return await callOnce(name, input, signal);
  } catch (error) {
    // Signed in again meanwhile, in another tab: the proof of the old session is refused once.
    if (!(error instanceof ApiProblem) || error.status !== 403 || isRead(name)) throw error;
    const before = csrfToken;
    await readCsrfToken();
    if (csrfToken === before) throw error;
    return callOnce(name, input, signal);
  }
}

function isRead(name: RouteName): boolean {
  return name.startsWith('GET ');
}

async function readCsrfToken(): Promise<void> {
  csrfToken = (await callOnce('GET /me', {})).csrfToken;
}

async function callOnce<Name extends RouteName>(
  name: Name,
  input: InputOf<Name>,
  signal?: AbortSignal,
): Promise<AnswerOf<Name>> {
  if (!isRead(name) && csrfToken === null) await readCsrfToken();
  const { body } = input as Parts; // as above
  // Sentences of the server come in the language of the page.
  const language = i18next.resolvedLanguage ?? 'en';
  const headers = new Headers({ accept: 'application/json', 'accept-language': language });
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (!isRead(name) && csrfToken !== null) headers.set('x-csrf-token', csrfToken);
  const answer = await send(addressOf(name, input), {
    method: name.slice(0, name.indexOf(' ')),
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  if (!answer.ok) {
    const problem = await problemOf(answer);
    if (isSignedOut(problem)) for (const listener of whenSignedOut) listener();
    throw problem;
  }
  // The server answers by the schema that the type was made from.
  return (answer.status === 204 ? null : await answer.json()) as AnswerOf<Name>;
}

async function send(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem(0, {}, { cause });
  }
}
