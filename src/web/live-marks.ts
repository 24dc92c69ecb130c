import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';

/** What stands now, in as few words as tell one state from the next, by topic. */
export type Marks<Topic extends string> = { readonly [T in Topic]: string };

const ID_LENGTH = 10;
/** Nobody looks at it any more. */
const STALE_MS = 60_000;

/** The `id` of an event: what the browser has seen. Any server tells from it what changed since, also after a restart. */
export function idOf(marks: Marks<string>): string {
  return Object.values(marks).map(shortOf).join('.');
}

/** The topics whose state is another than at that id; of an id of another shape all. */
export function changedSince<Topic extends string>(id: string, marks: Marks<Topic>): Topic[] {
  const seen = id.split('.');
  const topics = Object.keys(marks) as Topic[]; // the keys of Marks are topics
  if (seen.length !== topics.length) return topics;
  return topics.filter((topic, at) => seen[at] !== shortOf(marks[topic]));
}

function shortOf(mark: string): string {
  return createHash('sha256').update(mark).digest('base64url').slice(0, ID_LENGTH);
}

/** Reads once for all who look at the same thing within `everyMs`: a hundred pages cost no more than one. */
export class SharedLook<Topic extends string> {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #everyMs: number;
  readonly #last = new Map<string, { readonly at: number; readonly marks: Promise<Marks<Topic>> }>();
  constructor(clock: Pick<Clock, 'now'>, everyMs: number) {
    this.#clock = clock;
    this.#everyMs = everyMs;
  }

  async at(subject: string, read: () => Promise<Marks<Topic>>): Promise<Marks<Topic>> {
    const now = this.#clock.now().getTime();
    const last = this.#last.get(subject);
    if (last && now - last.at < this.#everyMs) return last.marks;
    for (const [other, { at }] of this.#last) if (now - at > STALE_MS) this.#last.delete(other);
    const marks = read();
    this.#last.set(subject, { at: now, marks });
    try {
      return await marks;
    } catch (error) {
      this.#last.delete(subject);
      throw error;
    }
  }
}
