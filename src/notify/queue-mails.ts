import { z } from 'zod';
import type { NotifyRules } from '../alerts.ts';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import type { Log } from '../log.ts';
import type { OutEvent } from '../store/notify-stores.ts';
import type { Store } from '../store/store.ts';
import type { AlertChange } from './compose-mail.ts';
import { EVENT_DATA } from './event-types.ts';

/** Turns changes of alerts into messages: critical ones at once, with what waits; the others gathered for a while. */

interface Deps {
  readonly store: Pick<Store, 'mailing' | 'connections'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly rulesOf: (connection: Connection) => Promise<NotifyRules>;
}

const MINUTE_MS = 60_000;
/** Older changes are no news: they stem from a time without a mail server, or from a long outage. */
const NEWS_MS = 2 * 24 * 60 * MINUTE_MS;

/** What a message is about, as it is stored. */
export const AboutAlerts = z.object({ events: z.array(z.number()) });

/** Answers how many messages were made. */
export async function queueAlertMails(deps: Deps): Promise<number> {
  let made = 0;
  for (const id of await deps.store.mailing.waitingFor()) {
    const connection = await deps.store.connections.byId(id);
    if (connection) made += await queueOf(deps, connection);
  }
  return made;
}

async function queueOf({ store, clock, log, rulesOf }: Deps, connection: Connection): Promise<number> {
  const { id } = connection;
  const now = clock.now();
  const waiting = await store.mailing.waitingEvents(id);
  const isNews = ({ at }: OutEvent) => now.getTime() - at.getTime() <= NEWS_MS;
  const old = waiting.filter((event) => !isNews(event)).map(({ sequence }) => sequence);
  if (old.length > 0) {
    await store.mailing.add(id, [], old, now);
    log.info(
      { connection: connection.name, changes: old.length },
      'changes of alerts are too old to be mailed',
    );
  }
  const news = waiting.filter(isNews);
  const newest = news.at(-1);
  const { bundleMinutes } = (await rulesOf(connection)).mail;
  if (newest === undefined || !isDue(news, now, bundleMinutes)) return 0;
  const sequences = news.map(({ sequence }) => sequence);
  const readers = (await store.mailing.recipients(id)).filter(({ alerts }) => alerts);
  const mails = readers.map(({ address, language }) => ({
    ...({ key: `alerts/${newest.sequence}`, kind: 'alerts', address, language } as const),
    about: { events: sequences } satisfies z.infer<typeof AboutAlerts>,
  }));
  return store.mailing.add(id, mails, sequences, now);
}

function isDue(news: readonly OutEvent[], now: Date, bundleMinutes: number): boolean {
  const oldest = news[0];
  if (oldest === undefined) return false;
  return (
    news.some((event) => changeOf(event).alert.severity === 'critical') ||
    now.getTime() - oldest.at.getTime() >= bundleMinutes * MINUTE_MS
  );
}

const CHANGES: { readonly [type: string]: AlertChange['change'] | undefined } = {
  'alert.opened': 'opened',
  'alert.worsened': 'worsened',
  'alert.recovered': 'recovered',
};

/** The change that a stored event of an alert tells of. */
export function changeOf({ type, data }: Pick<OutEvent, 'type' | 'data'>): AlertChange {
  const change = CHANGES[type];
  if (change === undefined) throw new Error(`${type} tells of no alert`);
  return { change, alert: EVENT_DATA['alert.opened'].parse(data).alert };
}
