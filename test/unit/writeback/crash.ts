import type { WritebackDeps } from '../../../src/writeback/types.ts';

/** Kills an apply at one exact moment: after its n-th step to the outside. */

const STREAMS: ReadonlySet<string | symbol> = new Set(['items', 'openRows']);
const SYNCHRONOUS: ReadonlySet<string | symbol> = new Set(['usage', 'now', 'random']);

export class Killed extends Error {}
export interface Scythe {
  readonly deps: WritebackDeps;
  /** Steps taken so far: store calls, Zoho calls, waits. */
  steps(): readonly string[];
  /** What the fatal step was, for the name of a failure. */
  fatal(): string | null;
}

/** A dead process takes no further step: every later call of the same deps fails too. */
export function killingDeps(
  deps: WritebackDeps,
  fatalStep: number | null,
  onFatalRequest: () => void = () => {},
): Scythe {
  const taken: string[] = [];
  let isDead = false;
  let fatal: string | null = null;

  async function step<T>(name: string, act: () => Promise<T>): Promise<T> {
    if (isDead) throw new Killed('already dead');
    taken.push(name);
    const isFatal = taken.length === fatalStep;
    if (isFatal) {
      fatal = name;
      if (name === 'zoho.request') onFatalRequest();
    }
    if (!isFatal) return act();
    // Whatever came back, an answer or a failure, nobody is there any more to read it.
    await act().catch(() => {});
    isDead = true;
    throw new Killed(name);
  }

  const part = <T extends object>(label: string, target: T): T =>
    new Proxy(target, {
      get(object, property, receiver) {
        const value: unknown = Reflect.get(object, property, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const name = `${label}.${String(property)}`;
          if (SYNCHRONOUS.has(property)) return value.apply(object, args);
          if (!STREAMS.has(property)) return step(name, async () => value.apply(object, args));
          return iterate(name, value.apply(object, args));
        };
      },
    });

  async function* iterate<T>(name: string, source: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = source[Symbol.asyncIterator]();
    for (;;) {
      const next = await step(name, () => iterator.next());
      if (next.done) return;
      yield next.value;
    }
  }

  return {
    deps: {
      zoho: part('zoho', deps.zoho),
      store: {
        plans: part('plans', deps.store.plans),
        bulkWrites: part('bulkWrites', deps.store.bulkWrites),
        intents: part('intents', deps.store.intents),
        records: part('records', deps.store.records),
        reminders: part('reminders', deps.store.reminders),
        fieldMap: part('fieldMap', deps.store.fieldMap),
        metadata: part('metadata', deps.store.metadata),
      },
      clock: part('clock', deps.clock),
      log: deps.log,
      lease: deps.lease,
    },
    steps: () => taken,
    fatal: () => fatal,
  };
}
