import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ConfigError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Settings } from '../rules.ts';
import type { OutMail } from '../store/notify-stores.ts';
import type { Store } from '../store/store.ts';
import type { Digest } from '../texts/digest.ts';
import { ruleTitles } from '../texts/rule-title.ts';
import { alertMessage } from './alert-message.ts';
import { type ComposedMail, composeAlertMail, composeDigestMail } from './compose-mail.ts';
import { type MailTransport, openMailTransport, type SendOutcome, senderOf } from './mail-transport.ts';
import { AboutAlerts, changeOf, queueAlertMails } from './queue-mails.ts';

/** Sends the messages that wait, each once whoever looks, and tells when one cannot be sent. */

export interface SendMailsDeps {
  readonly store: Pick<Store, 'mailing' | 'alerts' | 'connections' | 'digests'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly smtpUrl: string;
  readonly publicUrl: string | null;
  readonly settingsOf: (connection: Connection) => Promise<Settings>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A greylisting server takes the second or third attempt; one that is down is waited for almost two days. */
const WAITS_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  24 * HOUR_MS,
];
/** Longer than all timeouts of one attempt together. */
const LEASE_MS = 3 * MINUTE_MS;
const POLL_MS = 5_000;

/** What a message of a digest is about, as it is stored. */
const AboutDigest = z.object({ until: z.string(), ownerId: z.string().nullable() });

/** Wait before the next attempt after `attempts` of them; null: that was the last. Spread by a tenth. */
export function mailWaitAfter(attempts: number, random: number): number | null {
  const wait = WAITS_MS[attempts - 1];
  return wait === undefined ? null : Math.round(wait * (0.9 + random / 5));
}

/** Makes messages of what happened, then sends all that are due; ends early where the server takes none. */
export async function sendDueMails(deps: SendMailsDeps, transport: MailTransport): Promise<void> {
  const { store, clock } = deps;
  const holder = randomBytes(8).toString('hex');
  await queueAlertMails({ ...deps, rulesOf: async (of) => (await deps.settingsOf(of)).notify });
  for (;;) {
    const now = clock.now();
    const mail = await store.mailing.claim(now, { holder, until: new Date(now.getTime() + LEASE_MS) });
    if (!mail) return;
    const outcome = await sendOne(deps, transport, mail);
    if (outcome?.state === 'deferred' && outcome.isServer) return;
  }
}

/** Null: it tells of nothing that is still known. */
async function sendOne(
  deps: SendMailsDeps,
  transport: MailTransport,
  mail: OutMail,
): Promise<SendOutcome | null> {
  const { store } = deps;
  const connection = await store.connections.byId(mail.connection);
  const settings = connection && (await deps.settingsOf(connection));
  const stopUrl = stopUrlOf(deps, mail);
  const composed = settings && (await compose({ ...deps, stopUrl }, connection, settings, mail));
  if (!composed) {
    await store.mailing.settle(mail.id, { state: 'dropped', error: 'nothing_to_tell' });
    return null;
  }
  const from = senderOf(deps.smtpUrl, settings.notify.mail.from);
  const outcome: SendOutcome =
    from === null
      ? { state: 'deferred', error: 'no_sender', isServer: true }
      : await transport.send({
          ...composed,
          ...{ messageId: messageIdOf(mail, from), from, to: mail.address, stopUrl },
        });
  await settle(deps, connection, mail, outcome);
  return outcome;
}

function stopUrlOf({ store, publicUrl }: SendMailsDeps, { connection, address, kind }: OutMail) {
  return publicUrl === null
    ? null
    : `${publicUrl}/mail/stop/${store.mailing.optOutToken(connection, address, kind)}`;
}

function messageIdOf({ id, connection, madeAt }: OutMail, from: string): string {
  const host = /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';
  return `<${connection}.${id}.${madeAt.getTime()}@${host}>`;
}

async function compose(
  { store, publicUrl, stopUrl }: SendMailsDeps & { readonly stopUrl: string | null },
  connection: Connection,
  settings: Settings,
  { kind, about, language }: OutMail,
): Promise<ComposedMail | null> {
  const names = { connection: connection.name, org: connection.org.name };
  const written = { names, publicUrl, stopUrl, language, currency: connection.org.currency };
  if (kind === 'alerts') {
    const events = await store.mailing.eventsOf(connection.id, AboutAlerts.parse(about).events);
    return events.length === 0 ? null : composeAlertMail(events.map(changeOf), written);
  }
  const { until, ownerId } = AboutDigest.parse(about);
  const kept = await store.digests.latest(connection.id);
  const found = kept.find((digest) => digest.until === until && digest.ownerId === ownerId);
  if (!found) return null;
  const titleOf = ruleTitles(settings.plan.playbook, language);
  // Kept as it was composed, by this version or one whose rows a migration brought here.
  return composeDigestMail(found.body as Digest, { ...written, titleOf });
}

async function settle(
  { store, clock, log }: SendMailsDeps,
  connection: Connection,
  mail: OutMail,
  outcome: SendOutcome,
): Promise<void> {
  const now = clock.now();
  if (outcome.state === 'sent') {
    await store.mailing.settle(mail.id, { state: 'sent', at: now });
    log.info({ mail: mail.id, kind: mail.kind, attempts: mail.attempts }, 'a message was sent');
    await closeWhenAllArrive({ store, clock }, connection);
    return;
  }
  const { error } = outcome;
  const wait = outcome.state === 'refused' ? null : mailWaitAfter(mail.attempts, clock.random());
  log.warn(
    { mail: mail.id, attempts: mail.attempts, why: error, isLast: wait === null },
    'a message was not taken',
  );
  if (wait !== null) {
    const at = new Date(now.getTime() + wait);
    await store.mailing.settle(mail.id, { state: 'waiting', at, error });
    return;
  }
  await store.mailing.settle(mail.id, { state: 'failed', error });
  const { messages, why } = await store.mailing.failing(connection.id);
  const alert = { code: 'mail_failed', params: { messages, why } } as const;
  const message = alertMessage(alert, connection);
  await store.alerts.raise(connection.id, { ...alert, severity: 'warning', message }, now);
}

/** No address is left whose last message failed. */
export async function closeWhenAllArrive(
  { store, clock }: { readonly store: Pick<Store, 'mailing' | 'alerts'>; readonly clock: Clock },
  connection: Pick<Connection, 'id'>,
): Promise<void> {
  const { messages } = await store.mailing.failing(connection.id);
  if (messages === 0) await store.alerts.close(connection.id, 'mail_failed', clock.now());
}

/** One message at once, to see whether the mail server takes it. Throws ConfigError where there is no sender. */
export async function sendTestMail(
  smtpUrl: string,
  mail: { readonly to: string; readonly from: string | null; readonly at: Date },
): Promise<SendOutcome> {
  const from = senderOf(smtpUrl, mail.from);
  if (from === null)
    throw new ConfigError(
      'who mails come from is not set: name a sender in notify.yaml, mail.from, e.g. Customer Value <value@firm.test>',
    );
  const transport = openMailTransport(smtpUrl);
  const subject = 'Customer Value for Zoho CRM: test';
  const text = `Mail works. Sent ${mail.at.toISOString()}.`;
  const host = /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';
  const messageId = `<test.${mail.at.getTime()}@${host}>`;
  try {
    const html = `<p>${text}</p>`;
    return await transport.send({ messageId, from, to: mail.to, subject, text, html, stopUrl: null });
  } finally {
    transport.close();
  }
}

/** Whether the mail server could take messages now, without sending one; null: it could, else a code. */
export async function mailServerProblem(smtpUrl: string, from: string | null): Promise<string | null> {
  if (senderOf(smtpUrl, from) === null) return 'no_sender';
  const transport = openMailTransport(smtpUrl);
  try {
    return await transport.verify();
  } finally {
    transport.close();
  }
}

/** Sends for as long as the process runs. */
export function startMailer(deps: SendMailsDeps): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;
  const transport = openMailTransport(deps.smtpUrl);
  const running = (async () => {
    while (!signal.aborted) {
      await sendDueMails(deps, transport).catch((err: unknown) =>
        deps.log.error({ err }, 'mail could not be sent'),
      );
      await deps.clock.sleep(POLL_MS, signal).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopped.abort();
      await running;
      transport.close();
    },
  };
}
