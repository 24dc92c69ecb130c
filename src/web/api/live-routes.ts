import { once } from 'node:events';
import type { Connection } from '../../domain.ts';
import { type ApiRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';

/** Tells open pages that something changed, so that they read it anew. It says what kind of thing, never the thing itself. */

const LOOK_MS = 1_000;
/** A silent connection is cut after 60 s, here and by most proxies. */
const BEAT_MS = 15_000;
/** Then the browser comes again by itself, and is asked again who it is. */
const TURN_MS = 5 * 60_000;
const NEWEST_RUNS = 20;

type Deps = Pick<ApiDeps, 'store' | 'clock'>;
type Topic = 'runs' | 'plans' | 'alerts';

/** What stands now, in as few words as tell one state from the next. */
async function marks({ store }: Deps, { id }: Connection): Promise<Record<Topic, string>> {
  const runs = await store.runs.list(id, NEWEST_RUNS);
  const plan = await store.plans.latest(id);
  const alerts = await store.alerts.open(id);
  return {
    runs: JSON.stringify(runs.map((run) => [run.id, run.state, run.summary])),
    plans: JSON.stringify(plan && [plan.id, plan.state, plan.summary]),
    alerts: JSON.stringify(alerts.map(({ code, openedAt }) => [code, openedAt])),
  };
}

export function liveRoutes(deps: Deps): ApiRoute[] {
  return [
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/live',
      summary: 'Server-sent events: each names what changed (runs, plans, alerts), for pages that show it',
      description: 'It ends after five minutes; a browser comes again by itself.',
      tag: 'Runs',
      stream: { types: ['text/event-stream'], description: 'Events with `{"changed": ["runs"]}` as data' },
      async send({ connection, req, res }) {
        // Proxies must hand on each event at once.
        res.set({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' }).type('text/event-stream');
        if (req.method === 'HEAD') {
          res.end();
          return;
        }
        const gone = new AbortController();
        res.once('close', () => gone.abort());
        const say = async (text: string) => {
          if (!res.write(text)) await once(res, 'drain', { signal: gone.signal });
        };
        try {
          await say(':\n\n');
          for await (const text of changes(deps, connection, gone.signal)) await say(text);
          res.end();
        } catch (error) {
          // Whoever left needs no answer.
          if (!gone.signal.aborted) throw error;
        }
      },
    }),
  ];
}

async function* changes(deps: Deps, connection: Connection, gone: AbortSignal): AsyncGenerator<string> {
  const endsAt = deps.clock.now().getTime() + TURN_MS;
  let saidAt = deps.clock.now().getTime();
  let before = await marks(deps, connection);
  for (;;) {
    await deps.clock.sleep(LOOK_MS, gone);
    const now = await marks(deps, connection);
    const at = deps.clock.now().getTime();
    if (at >= endsAt) return;
    // The keys of `marks` are topics.
    const changed = (Object.keys(now) as Topic[]).filter((topic) => now[topic] !== before[topic]);
    if (changed.length > 0) yield `data: ${JSON.stringify({ changed })}\n\n`;
    else if (at - saidAt >= BEAT_MS) yield ':\n\n';
    else continue;
    saidAt = at;
    before = now;
  }
}
