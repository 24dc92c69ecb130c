import { setLogField } from '../log.ts';
import type { Observer } from '../observe.ts';
import type { RunsStore } from './store.ts';

/** The same runs; log lines between start and end of one carry its number, and its end is counted. */
export function observedRuns(runs: RunsStore, observer: Observer): RunsStore {
  const started = new Map<string, { readonly run: string; readonly at: Date }>();
  return {
    ...runs,
    async start(connection, kind, input, at) {
      const id = await runs.start(connection, kind, input, at);
      started.set(id, { run: kind, at });
      setLogField('runId', id);
      return id;
    },
    async finish(id, state, summary, at) {
      await runs.finish(id, state, summary, at);
      const known = started.get(id);
      started.delete(id);
      setLogField('runId', undefined);
      if (!known) return;
      const seconds = (at.getTime() - known.at.getTime()) / 1000;
      observer.note({ kind: 'run', run: known.run, outcome: state, seconds });
    },
  };
}
