import { createHash } from 'node:crypto';
import session from 'express-session';
import type { Clock } from '../clock.ts';
import type { StoredSession } from '../store/access-stores.ts';
import type { Store } from '../store/store.ts';

declare module 'express-session' {
  interface SessionData {
    /** Whose it is; neither for somebody who has not signed in, of whom nothing is stored. */
    personId?: string;
    operator?: string;
    /** Of an operator who looks at one connection alone. */
    visit?: string | undefined;
    /** ISO 8601. */
    startedAt?: string;
  }
}

/** After that Zoho is asked anew who somebody is. */
export const SESSION_LIFE_MS = 7 * 24 * 3_600_000;
const NOTED_EVERY_MS = 60_000;

/** What a cookie holds opens a session, so the table knows its hash only. */
export function sessionHash(sid: string): string {
  return createHash('sha256').update(sid).digest('hex');
}

/** express-session on our table. */
export class SessionTable extends session.Store {
  readonly #sessions: Store['sessions'];
  readonly #clock: Clock;
  readonly #seenAt = new Map<string, number>();

  constructor(deps: { readonly sessions: Store['sessions']; readonly clock: Clock }) {
    super();
    this.#sessions = deps.sessions;
    this.#clock = deps.clock;
  }

  override get(sid: string, done: (error: unknown, found?: session.SessionData | null) => void): void {
    this.#sessions.find(sessionHash(sid), this.#clock.now()).then(
      (row) => done(null, row === null ? null : dataOf(row)),
      (error: unknown) => done(error),
    );
  }

  override set(sid: string, data: session.SessionData, done: (error?: unknown) => void = ignore): void {
    const { personId, operator, visit, startedAt } = data;
    if (startedAt === undefined || (personId === undefined && operator === undefined)) {
      done();
      return;
    }
    const createdAt = new Date(startedAt);
    const saved = this.#sessions.save({
      idHash: sessionHash(sid),
      personId: personId ?? null,
      operator: operator ?? null,
      data: { personId, operator, visit, startedAt },
      createdAt,
      seenAt: this.#clock.now(),
      endsAt: new Date(createdAt.getTime() + SESSION_LIFE_MS),
    });
    saved.then(() => done(), done);
  }

  override touch(sid: string, _data: session.SessionData, done: (error?: unknown) => void = ignore): void {
    const idHash = sessionHash(sid);
    const now = this.#clock.now();
    // Not a write for each request: SQLite has one writer.
    if (now.getTime() - (this.#seenAt.get(idHash) ?? 0) < NOTED_EVERY_MS) {
      done();
      return;
    }
    this.#forgetOld(now.getTime());
    this.#seenAt.set(idHash, now.getTime());
    this.#sessions.touch(idHash, now).then(() => done(), done);
  }

  override destroy(sid: string, done: (error?: unknown) => void = ignore): void {
    this.#sessions.remove(sessionHash(sid)).then(() => done(), done);
  }

  #forgetOld(now: number): void {
    for (const [idHash, at] of this.#seenAt) if (now - at >= NOTED_EVERY_MS) this.#seenAt.delete(idHash);
  }
}

function ignore(): void {}

/** The cookie's own age is set by the middleware; the table says when it is over. */
function dataOf({ data, endsAt }: StoredSession): session.SessionData {
  const stored = data as Pick<session.SessionData, 'personId' | 'operator' | 'visit' | 'startedAt'>; // written by set() only
  return { ...stored, cookie: { originalMaxAge: null, expires: endsAt } };
}
