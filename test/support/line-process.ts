import type { Connection } from '../../src/domain.ts';
import type { LineDeps } from '../../src/jobs/line.ts';
import type { Store } from '../../src/store/store.ts';
import type { ZohoClient } from '../../src/zoho/client.ts';

/**
 * A process of ours inside the test's own: it can die or stand still at any step that it takes outside itself. A dead
 * one takes no further step; what it had sent goes its way.
 */
export interface LineProcess {
  readonly deps: LineDeps;
  /** Settles with the work, or when the process dies. */
  run<T>(work: (deps: LineDeps) => Promise<T>): Promise<Ended<T>>;
  kill(): void;
  /** Stands still at its next step until thawed. */
  freeze(): void;
  thaw(): void;
  readonly state: () => 'alive' | 'frozen' | 'dead';
}
export type Ended<T> =
  | { readonly how: 'done'; readonly value: T }
  | { readonly how: 'failed'; readonly error: unknown }
  | { readonly how: 'killed' };

/** `zoho.PUT`, `zoho.POST`, `zoho.GET`, `intents.begin`, `reminders.save` … */
export type Step = { readonly name: string; readonly when: 'before' | 'after' };

/** Read and written while scores are computed, which nothing outside sees; some hand out objects of their own. */
const COMPUTING = new Set(['customers', 'scores', 'leads', 'leadScores', 'baselines', 'modelFits']);
const CALL_MS = 1_100;
const never = new Promise<never>(() => {});

export function startProcess(
  given: LineDeps,
  onStep: (step: Step, self: LineProcess) => void = () => {},
): LineProcess {
  let state: 'alive' | 'frozen' | 'dead' = 'alive';
  let wake: () => void = () => {};
  let thawed = Promise.resolve();
  let die: () => void = () => {};
  const death = new Promise<{ how: 'killed' }>((resolve) => {
    die = () => resolve({ how: 'killed' });
  });

  async function gate(): Promise<void> {
    while (state === 'frozen') await thawed;
    if (state === 'dead') await never;
  }
  async function step<T>(name: string, act: () => Promise<T>): Promise<T> {
    await gate();
    onStep({ name, when: 'before' }, self);
    await gate();
    try {
      return await act();
    } finally {
      onStep({ name, when: 'after' }, self);
      await gate();
    }
  }
  async function* iterate<T>(name: string, source: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = source[Symbol.asyncIterator]();
    for (;;) {
      const next = await step(name, () => iterator.next());
      if (next.done) return;
      yield next.value;
    }
  }
  const part = <T extends object>(label: string, target: T): T =>
    new Proxy(target, {
      get(object, property) {
        const value: unknown = Reflect.get(object, property, object);
        if (typeof value !== 'function') return value;
        const name = `${label}.${String(property)}`;
        return (...args: unknown[]) => {
          // Whether it answers once or row by row shows only when it is used.
          const call = () => value.apply(object, args);
          const once = () => step(name, async () => call());
          return {
            // biome-ignore lint/suspicious/noThenProperty: it stands for the promise that the real one returns
            then: (...on: Parameters<Promise<unknown>['then']>) => once().then(...on),
            catch: (...on: Parameters<Promise<unknown>['catch']>) => once().catch(...on),
            finally: (...on: Parameters<Promise<unknown>['finally']>) => once().finally(...on),
            [Symbol.asyncIterator]: () => iterate(name, call()),
          };
        };
      },
    });

  const parts = Object.entries(given.store).map(([name, target]) => [
    name,
    COMPUTING.has(name) ? target : part(name, target),
  ]);
  const clients = new Map<string, ZohoClient>();
  const zohoFor = (connection: Connection): ZohoClient => {
    const known = clients.get(connection.id);
    if (known) return known;
    const real = given.zohoFor(connection);
    const client: ZohoClient = {
      ...real,
      request: (request) =>
        step(`zoho.${request.method}`, async () => {
          // Zoho dates writes by the second: what happens between two calls happens in another one.
          await given.clock.sleep(CALL_MS);
          await gate();
          return real.request(request);
        }),
    };
    clients.set(connection.id, client);
    return client;
  };
  const self: LineProcess = {
    deps: {
      ...given,
      store: Object.fromEntries(parts) as unknown as Store, // the same parts under the same names
      zohoFor,
      clock: {
        now: given.clock.now,
        random: given.clock.random,
        // The heartbeat's sleep is no step: a beat of a dead process simply stays out.
        sleep: (ms, signal) =>
          signal ? sleepOf(given, ms, signal) : step('sleep', () => given.clock.sleep(ms)),
      },
    },
    run: (work) =>
      Promise.race([
        death,
        work(self.deps).then(
          (value) => ({ how: 'done', value }) as const,
          (error: unknown) => ({ how: 'failed', error }) as const,
        ),
      ]),
    kill: () => {
      state = 'dead';
      wake();
      die();
    },
    freeze: () => {
      if (state !== 'alive') return;
      state = 'frozen';
      thawed = new Promise((resolve) => {
        wake = resolve;
      });
    },
    thaw: () => {
      if (state !== 'frozen') return;
      state = 'alive';
      wake();
    },
    state: () => state,
  };
  async function sleepOf({ clock }: LineDeps, ms: number, signal: AbortSignal): Promise<void> {
    await clock.sleep(ms, signal);
    await gate();
  }
  return self;
}
