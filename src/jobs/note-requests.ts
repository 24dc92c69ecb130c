import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../clock.ts';
import type { ConnectionId, RunId } from '../domain.ts';
import type { Log } from '../log.ts';
import type { RunRequest } from '../store/run-requests.ts';
import type { Store } from '../store/store.ts';
import type { SeenCall } from '../zoho/seen-call.ts';

interface Deps {
  readonly store: Pick<Store, 'runRequests'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

// One write for many calls: noting them costs a run little. A process that is killed loses so many.
const MOST_HELD = 50;
const HELD_MS = 2_000;

/**
 * Notes the calls of Zoho that belong to a run. One client serves a connection for all that goes on at a time; which run a
 * call is made for is known by the work that it is made within.
 */
export class RequestNotes {
  readonly #deps: Deps;
  readonly #page = new AsyncLocalStorage<NotesOfRun>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** All calls of the connection that are made within the work are of the run. */
  async during<T>(connection: ConnectionId, run: RunId, work: () => Promise<T>): Promise<T> {
    const page = new NotesOfRun(this.#deps, connection, run);
    try {
      return await this.#page.run(page, work);
    } finally {
      await page.write();
    }
  }

  note(connection: ConnectionId, call: SeenCall): void {
    const page = this.#page.getStore();
    if (page?.connection === connection) page.add(call);
  }
}

class NotesOfRun {
  readonly connection: ConnectionId;
  readonly #deps: Deps;
  readonly #run: RunId;
  #held: RunRequest[] = [];
  #seq = 0;
  #writtenAt: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: Deps, connection: ConnectionId, run: RunId) {
    this.#deps = deps;
    this.connection = connection;
    this.#run = run;
    this.#writtenAt = deps.clock.now().getTime();
  }

  add(call: SeenCall): void {
    this.#seq += 1;
    this.#held.push({ ...call, seq: this.#seq });
    const heldMs = this.#deps.clock.now().getTime() - this.#writtenAt;
    if (this.#held.length >= MOST_HELD || heldMs >= HELD_MS) void this.write();
  }

  /** Ends when all are written that were added before. A note that cannot be kept is no reason to fail a run. */
  async write(): Promise<void> {
    this.#writtenAt = this.#deps.clock.now().getTime();
    this.#writing = this.#writing.then(async () => {
      const held = this.#held;
      this.#held = [];
      try {
        await this.#deps.store.runRequests.add(this.connection, this.#run, held);
      } catch (err) {
        this.#deps.log.warn({ err, requests: held.length }, 'calls of a run were not noted');
      }
    });
    await this.#writing;
  }
}
