import { once } from 'node:events';
import type { Request, Response } from 'express';
import type { Connection } from '../../domain.ts';
import { type ApiRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { changedSince, idOf, type Marks, SharedLook } from '../live-marks.ts';
import type { Principal } from '../principal.ts';

/** Tells open pages that something changed, so that they read it anew. It says what kind of thing, never the thing itself. */

const LOOK_MS = 1_000;
/** All connections cost more to look at. */
const FLEET_LOOK_MS = 5_000;
/** A silent connection is cut after 60 s, here and by most proxies. */
const BEAT_MS = 15_000;
/** Then the browser comes again by itself, and is asked again who it is. */
const TURN_MS = 5 * 60_000;
const NEWEST_RUNS = 20;
const STREAM = {
  types: ['text/event-stream'],
  description: 'Events with `{"changed": ["runs"]}` as data and an `id` to come again with',
};
const DESCRIPTION =
  'It beats every 15 seconds and ends after five minutes or when the server stops; a browser comes again by itself. With the header `Last-Event-ID` it is told at once what changed in between. At most 10 streams a person or token are open (429), 100 a connection and 500 a server (503), each refusal with `Retry-After`.';

type Deps = Pick<ApiDeps, 'store' | 'clock' | 'fleet' | 'streams'>;
type Topic = 'runs' | 'plans' | 'alerts';

async function marksOf({ store }: Deps, { id }: Connection): Promise<Marks<Topic>> {
  const runs = await store.runs.list(id, NEWEST_RUNS);
  const plan = await store.plans.latest(id);
  const alerts = await store.alerts.list(id, NEWEST_RUNS);
  return {
    runs: JSON.stringify(runs.map((run) => [run.id, run.state, run.summary])),
    plans: JSON.stringify(plan && [plan.id, plan.state, plan.summary]),
    alerts: JSON.stringify(alerts),
  };
}

/** Hours pass by themselves; what stands in a row besides changes when something happens. */
async function fleetMarks({ fleet }: Deps): Promise<Marks<'fleet'>> {
  const rows = await fleet();
  const told = rows.map(({ freshnessHours: _fresh, tokenAgeHours: _age, weight: _weight, ...row }) => ({
    ...row,
    causes: row.causes.map(({ code }) => code),
    trouble: [],
  }));
  return { fleet: JSON.stringify(told) };
}

export function liveRoutes(deps: Deps): ApiRoute[] {
  const ofConnection = new SharedLook<Topic>(deps.clock, LOOK_MS);
  const ofFleet = new SharedLook<'fleet'>(deps.clock, FLEET_LOOK_MS);
  return [
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/live',
      summary: 'Server-sent events: each names what changed (runs, plans, alerts), for pages that show it',
      description: DESCRIPTION,
      tag: 'Runs',
      stream: STREAM,
      send: ({ connection, principal, req, res }) =>
        sendChanges(deps, { principal, req, res, subject: connection.id }, () =>
          ofConnection.at(connection.id, () => marksOf(deps, connection)),
        ),
    }),
    defineStream({
      method: 'GET',
      path: '/fleet/live',
      summary: 'Server-sent events: that something changed in some connection (fleet)',
      description: DESCRIPTION,
      tag: 'Fleet',
      access: 'operator',
      stream: STREAM,
      send: ({ principal, req, res }) =>
        sendChanges(deps, { principal, req, res, subject: 'fleet' }, () =>
          ofFleet.at('fleet', () => fleetMarks(deps)),
        ),
    }),
  ];
}

interface Listener {
  readonly principal: Principal;
  readonly subject: string;
  readonly req: Request;
  readonly res: Response;
}
type Look = () => Promise<Marks<string>>;

async function sendChanges(
  deps: Deps,
  { principal, subject, req, res }: Listener,
  look: Look,
): Promise<void> {
  // Proxies must hand on each event at once; and a server that stops need not wait for the connection to be used again.
  const headers = { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no', Connection: 'close' };
  if (req.method === 'HEAD') {
    res.set(headers).type('text/event-stream').end();
    return;
  }
  const stream = deps.streams.open(`${principal.kind}:${principal.id}`, subject);
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const say = async (text: string) => {
    if (!res.write(text)) await once(res, 'drain', { signal: gone.signal });
  };
  try {
    res.set(headers).type('text/event-stream');
    await say(`retry: ${stream.comeAgainMs}\n\n`);
    const ended = AbortSignal.any([gone.signal, stream.ended]);
    for await (const text of changes(deps, look, { seen: req.get('last-event-id'), ended })) await say(text);
    res.end();
  } catch (error) {
    // Whoever left needs no answer.
    if (!gone.signal.aborted) throw error;
  } finally {
    stream.close();
  }
}

async function* changes(
  { clock }: Deps,
  look: Look,
  { seen, ended }: { readonly seen: string | undefined; readonly ended: AbortSignal },
): AsyncGenerator<string> {
  const endsAt = clock.now().getTime() + TURN_MS;
  let saidAt = clock.now().getTime();
  let before = seen === undefined || seen === '' ? idOf(await look()) : seen;
  yield `id: ${before}\n\n`;
  while (clock.now().getTime() < endsAt) {
    const marks = await look();
    const changed = changedSince(before, marks);
    const at = clock.now().getTime();
    before = idOf(marks);
    if (changed.length > 0) yield `id: ${before}\ndata: ${JSON.stringify({ changed })}\n\n`;
    else if (at - saidAt >= BEAT_MS) yield ':\n\n';
    if (changed.length > 0 || at - saidAt >= BEAT_MS) saidAt = at;
    if (!(await slept(clock, ended))) return;
  }
}

/** False: there is nothing left to do, because the browser is gone or the server stops. */
async function slept(clock: Deps['clock'], ended: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(LOOK_MS, ended);
    return !ended.aborted;
  } catch (error) {
    if (!ended.aborted) throw error;
    return false;
  }
}
