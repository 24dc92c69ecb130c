import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { EventRules } from '../alerts.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { AttemptOutcome, ClaimedEndpoint, EventDelivery } from '../store/notify-stores.ts';
import type { Store } from '../store/store.ts';
import { VERSION } from './event-types.ts';
import { type PostedEvent, postEvent } from './post-event.ts';

/** Delivers what waits: each endpoint by itself, so that a slow one holds up nobody else. */

export interface SendEventsDeps {
  readonly store: Pick<Store, 'events' | 'alerts'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: EventRules;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Waits between attempts, as Standard Webhooks proposes: eleven attempts in a little over three days. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
  12 * HOUR_MS,
];
/** An endpoint that took nothing for so long is switched off. */
const GIVE_UP_MS = 3 * DAY_MS;
const TIMEOUT_MS = 10 * SECOND_MS;
const AT_ONCE_PER_ENDPOINT = 4;
const ENDPOINTS_AT_ONCE = 20;
/** Then others have their turn. */
const LONGEST_TURN_MS = 15 * SECOND_MS;
const LEASE_MS = MINUTE_MS;
const POLL_MS = 2 * SECOND_MS;
const MOST_RESUME_MS = 5 * MINUTE_MS;
const GONE = 410;

export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Wait before the next attempt after `attempts` of them; null: that was the last. Spread by a tenth. */
export function waitAfter(attempts: number, random: number): number | null {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? null : Math.round(wait * (0.9 + random / 5));
}

/** Headers and body of an attempt; the body is the same at every attempt, byte by byte. */
export function signedMessage(
  { event }: Pick<EventDelivery, 'event'>,
  secrets: readonly string[],
  now: Date,
): { headers: Record<string, string>; body: string } {
  const { type, sequence, data, eventId, at } = event;
  const body = JSON.stringify({ version: VERSION, type, timestamp: at.toISOString(), sequence, data });
  const signatures = secrets.map((secret) => new Webhook(secret).sign(eventId, now, body));
  return {
    body,
    headers: {
      'webhook-id': eventId,
      'webhook-timestamp': String(Math.floor(now.getTime() / SECOND_MS)),
      'webhook-signature': signatures.join(' '),
    },
  };
}

function outcomeOf(
  deps: SendEventsDeps,
  {
    posted,
    endpoint,
    delivery,
    startedAt,
  }: {
    posted: PostedEvent;
    endpoint: ClaimedEndpoint;
    delivery: EventDelivery;
    startedAt: Date;
  },
): AttemptOutcome {
  const now = deps.clock.now();
  const durationMs = now.getTime() - startedAt.getTime();
  const { status, error, retryAfterMs } = posted;
  const tried = { at: startedAt, status, error, durationMs };
  if (error === null) return { ...tried, next: { state: 'delivered' }, resumeAt: null };
  const later = (ms: number) => new Date(now.getTime() + ms);
  const wait = waitAfter(delivery.attempts + 1, deps.clock.random());
  const asked = retryAfterMs === null ? 0 : Math.min(retryAfterMs, DAY_MS);
  // A receiver that is down meets one attempt a moment, not one for each event that waits.
  const restMs = Math.min(MOST_RESUME_MS, SECOND_MS * 2 ** Math.min(endpoint.failures, 10));
  return {
    ...tried,
    next: wait === null ? { state: 'failed' } : { state: 'waiting', at: later(Math.max(wait, asked)) },
    resumeAt: later(Math.max(restMs, asked)),
  };
}

/** False: the endpoint did not take it. */
async function deliver(
  deps: SendEventsDeps,
  endpoint: ClaimedEndpoint,
  delivery: EventDelivery,
): Promise<boolean> {
  const startedAt = deps.clock.now();
  const message = signedMessage(delivery, endpoint.secrets, startedAt);
  const posted = await postEvent(endpoint.url, message, {
    allowPrivate: deps.rules.allowPrivateAddresses,
    timeoutMs: TIMEOUT_MS,
    now: startedAt,
  });
  const outcome = outcomeOf(deps, { posted, endpoint, delivery, startedAt });
  await deps.store.events.noteAttempt(endpoint.id, delivery.id, outcome);
  if (posted.error === null) return true;
  deps.log.warn(
    { endpoint: endpoint.id, delivery: delivery.id, status: posted.status, why: posted.error },
    'an endpoint did not take an event',
  );
  const failingSince = endpoint.failingSince ?? startedAt;
  if (posted.status === GONE) await disable(deps, endpoint, 'http_410');
  else if (startedAt.getTime() - failingSince.getTime() >= GIVE_UP_MS)
    await disable(deps, endpoint, posted.error);
  return false;
}

async function disable({ store, clock, log }: SendEventsDeps, endpoint: ClaimedEndpoint, why: string) {
  const { connection, id } = endpoint;
  const now = clock.now();
  await store.events.setEndpoint(connection, id, 'disabled', why, now);
  log.error({ endpoint: id, why }, 'an endpoint is switched off');
  await store.alerts.raise(
    connection,
    {
      code: 'endpoint_disabled',
      severity: 'warning',
      message: `Events are no longer sent to endpoint ${id} (${why}): mend the receiver, then: zcv events enable ${id}`,
      params: { endpoint: id, why },
      grade: (await store.events.endpoints(connection)).filter(({ state }) => state === 'disabled').length,
    },
    now,
  );
}

/** Until nothing is due, the endpoint fails, or its turn is over. */
async function serve(deps: SendEventsDeps, endpoint: ClaimedEndpoint, turn: Turn): Promise<void> {
  const { events } = deps.store;
  const { clock } = deps;
  const isOver = () =>
    turn.isStopping() || clock.now().getTime() - turn.startedAt.getTime() > LONGEST_TURN_MS;
  try {
    while (!isOver()) {
      const batch = await events.due(endpoint.id, clock.now(), AT_ONCE_PER_ENDPOINT);
      if (batch.length === 0) return;
      const until = new Date(clock.now().getTime() + LEASE_MS);
      if (!(await events.keepLease(endpoint.id, { holder: turn.holder, until }))) return;
      const taken = await Promise.all(batch.map((delivery) => deliver(deps, endpoint, delivery)));
      if (taken.includes(false)) return;
    }
  } finally {
    await events.releaseEndpoint(endpoint.id, turn.holder, clock.now());
  }
}
interface Turn {
  readonly holder: string;
  readonly startedAt: Date;
  readonly isStopping: () => boolean;
}

/** Serves endpoints side by side. */
class Sender {
  readonly #deps: SendEventsDeps;
  readonly #serving = new Set<Promise<void>>();
  readonly #holder = randomBytes(8).toString('hex');
  isStopping = false;

  constructor(deps: SendEventsDeps) {
    this.#deps = deps;
  }

  /** Begins to serve every endpoint that has something due; answers how many. */
  async serveDue(): Promise<number> {
    const { store, clock, log } = this.#deps;
    let begun = 0;
    while (!this.isStopping && this.#serving.size < ENDPOINTS_AT_ONCE) {
      const now = clock.now();
      const lease = { holder: this.#holder, until: new Date(now.getTime() + LEASE_MS) };
      const endpoint = await store.events.claim(now, lease);
      if (!endpoint) break;
      begun += 1;
      const turn = { holder: this.#holder, startedAt: now, isStopping: () => this.isStopping };
      const work = serve(this.#deps, endpoint, turn)
        .catch((err: unknown) => log.error({ err, endpoint: endpoint.id }, 'an endpoint was not served'))
        .finally(() => this.#serving.delete(work));
      this.#serving.add(work);
    }
    return begun;
  }

  /** Those that are being served are served to their end. */
  async settled(): Promise<void> {
    await Promise.all(this.#serving);
  }
}

/** Once: sends all that is due. */
export async function sendDueEvents(deps: SendEventsDeps): Promise<void> {
  const sender = new Sender(deps);
  while ((await sender.serveDue()) > 0) await sender.settled();
}

/** Does not wait for a slow endpoint before it serves the others. */
export function startEventSender(deps: SendEventsDeps): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;
  const sender = new Sender(deps);
  const running = (async () => {
    while (!signal.aborted) {
      await sender.serveDue().catch((err: unknown) => deps.log.error({ err }, 'events could not be sent'));
      await deps.clock.sleep(POLL_MS, signal).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      sender.isStopping = true;
      stopped.abort();
      await running;
      await sender.settled();
    },
  };
}
