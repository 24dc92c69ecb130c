import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AlertCode, Severity } from '../../src/alerts.ts';
import { loadKeys } from '../../src/crypto.ts';
import type { Connection, Language } from '../../src/domain.ts';
import { mailDigests } from '../../src/jobs/mail-digests.ts';
import { silentLog } from '../../src/log.ts';
import { DigestComposer } from '../../src/notify/compose-digest.ts';
import { type MailTransport, openMailTransport } from '../../src/notify/mail-transport.ts';
import { addRecipient } from '../../src/notify/recipients.ts';
import {
  closeWhenAllArrive,
  mailServerProblem,
  mailWaitAfter,
  sendDueMails,
  sendTestMail,
} from '../../src/notify/send-mails.ts';
import type { Settings } from '../../src/rules.ts';
import { readSettings } from '../../src/settings.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import type { ZohoClient } from '../../src/zoho/client.ts';
import { describeOnBoth } from '../support/databases.ts';
import { aMailServer, partOf, type TakenMail } from '../support/mail-server.ts';
import { FakeClock } from '../unit/jobs/fake-clock.ts';
import { aConnection, aScore } from './builders.ts';

const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const CONFIG_DIR = fileURLToPath(new URL('../../config', import.meta.url));
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describeOnBoth('mail', (database) => {
  let store: Store;
  let connection: Connection;
  let clock: FakeClock;
  let settings: Settings;
  const open: (() => void | Promise<void>)[] = [];
  beforeEach(async () => {
    clock = new FakeClock('2026-03-01T10:00:00Z');
    store = createStore(await database.open(), keys, clock);
    connection = await store.connections.create(aConnection({ name: 'north' }));
    const read = readSettings(CONFIG_DIR, [], CONFIG_DIR).settings;
    if (!read) throw new Error('the shipped settings are not valid');
    settings = {
      ...read,
      notify: { ...read.notify, mail: { ...read.notify.mail, from: 'Value <value@firm.test>' } },
    };
  });
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  async function server(...how: Parameters<typeof aMailServer>) {
    const made = await aMailServer(...how);
    open.push(() => made.close());
    const transport = openMailTransport(made.url);
    open.push(() => transport.close());
    return { ...made, transport };
  }
  const deps = (publicUrl: string | null = null) => ({
    ...{ store, clock, log: silentLog, publicUrl, smtpUrl: 'smtp://127.0.0.1' },
    settingsOf: async () => settings,
  });
  const send = (transport: MailTransport) => sendDueMails(deps(), transport);
  const reader = (
    address: string,
    change: { language?: Language; alerts?: boolean; digest?: boolean } = {},
  ) =>
    store.mailing.setRecipient(connection.id, {
      ...{ address, language: 'en', alerts: true, digest: true },
      ...change,
    });
  const raise = (code: AlertCode, severity: Severity, params = {}) =>
    store.alerts.raise(connection.id, { code, severity, message: code, params }, clock.now());
  const close = (code: AlertCode) => store.alerts.close(connection.id, code, clock.now());
  const subjects = (taken: readonly TakenMail[]) =>
    taken.map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw)?.[1] ?? '');
  const openAlerts = async () => (await store.alerts.open(connection.id)).map(({ code }) => code);

  test('a critical alert goes at once and with what waits, warnings are gathered, and the end is told', async () => {
    const { taken, transport } = await server();
    await reader('ann@firm.test');
    await raise('unmatched_money', 'warning', { percent: 12 });
    await send(transport);
    const beforeBundle = taken.length;
    await clock.advance(10 * MINUTE_MS);
    await raise('schema_drift', 'warning', { fields: ['Deals.amount'] });
    await clock.advance(50 * MINUTE_MS);
    await send(transport);
    const bundled = taken.splice(0);
    await raise('update_pending', 'info', { migrations: ['0040'] });
    await raise('connection_lost', 'critical');
    await send(transport);
    const atOnce = taken.splice(0);
    await close('connection_lost');
    await send(transport);
    await send(transport);

    expect(beforeBundle).toBe(0);
    expect(bundled.map(({ to }) => to)).toEqual(['ann@firm.test']);
    const [one] = bundled;
    expect(one && partOf(one, 'text/plain')).toContain('Fields that we use changed in Zoho');
    expect(one && partOf(one, 'text/plain')).toContain('12 % of the money');
    expect(atOnce).toHaveLength(1);
    const [critical] = atOnce;
    const text = critical ? partOf(critical, 'text/plain') : '';
    expect(text.indexOf('Critical: Zoho no longer accepts')).toBe(0);
    expect(text).toContain('Note: ');
    expect(subjects(taken)).toEqual([expect.stringContaining('Over: Zoho no longer accepts our access')]);
  });

  test('each reads it in the own language, only what is wanted, with a link and nothing that a name could inject', async () => {
    const { taken, transport } = await server();
    await reader('ann@firm.test');
    await reader('jan@firm.test', { language: 'nl' });
    await reader('digest@firm.test', { alerts: false });
    await store.mailing.optOut(
      store.mailing.optOutToken(connection.id, 'ann@firm.test', 'digest'),
      clock.now(),
    );
    await reader('gone@firm.test');
    await store.mailing.optOut(
      store.mailing.optOutToken(connection.id, 'gone@firm.test', 'alerts'),
      clock.now(),
    );
    await raise('connection_lost', 'critical');
    await raise('schema_drift', 'warning', { fields: ['<img src=x onerror=alert(1)>'] });
    await sendDueMails(deps('https://value.firm.test'), transport);

    expect(taken.map(({ to }) => to).sort()).toEqual(['ann@firm.test', 'jan@firm.test']);
    const of = (address: string, type: 'text/plain' | 'text/html') => {
      const mail = taken.find(({ to }) => to === address);
      return mail ? partOf(mail, type) : '';
    };
    expect(of('ann@firm.test', 'text/plain')).toContain('Critical: Zoho no longer accepts');
    expect(of('jan@firm.test', 'text/plain')).toContain('Kritiek: Zoho');
    expect(of('ann@firm.test', 'text/plain')).toContain('https://value.firm.test');
    expect(of('ann@firm.test', 'text/html')).toContain('<a href="https://value.firm.test">');
    expect(of('ann@firm.test', 'text/html')).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(of('ann@firm.test', 'text/html')).not.toContain('<img');
  });

  test('every message says how to stop more of its kind, and one POST of a mail program does it', async () => {
    const { taken, transport } = await server();
    await reader('ann@firm.test');
    await raise('connection_lost', 'critical');
    await sendDueMails(deps('https://value.firm.test'), transport);
    await sendDueMails(deps('http://127.0.0.1:3000'), transport);
    const [mail] = taken;
    const head = (mail?.raw.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ');
    const link = /^List-Unsubscribe: <(https:\/\/value\.firm\.test\/mail\/stop\/([\w.-]+))>$/m.exec(head);
    const token = link?.[2] ?? '';

    expect(head).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
    expect(mail && partOf(mail, 'text/plain')).toMatch(
      /No more messages like this one: https:\/\/value\.firm\.test\/mail\/stop\/v1\./,
    );
    expect(mail && partOf(mail, 'text/html')).toMatch(
      /<a href="https:\/\/value\.firm\.test\/mail\/stop\/v1\./,
    );
    expect(token).not.toContain('ann');

    expect(await store.mailing.optOutOf(token)).toEqual({ kind: 'alerts', connection: connection.id });
    expect((await store.mailing.recipients(connection.id))[0]?.stopped).toEqual([]);
    const waiting = {
      key: 'x',
      kind: 'alerts',
      address: 'ann@firm.test',
      language: 'en',
      about: { events: [] },
    } as const;
    await store.mailing.add(connection.id, [waiting], [], clock.now());
    await store.mailing.optOut(token, clock.now());
    await store.mailing.optOut(token, clock.now());
    taken.length = 0;
    await raise('owner_left', 'critical', { user: '1' });
    await send(transport);
    expect(taken).toEqual([]);
    expect((await store.mailing.summary(connection.id, new Date(0))).waiting).toBe(0);
    expect((await store.mailing.recipients(connection.id))[0]?.stopped).toEqual(['alerts']);

    await addRecipient({ store }, connection, {
      address: 'ann@firm.test',
      language: 'en',
      alerts: true,
      digest: true,
    });
    await close('owner_left');
    await send(transport);
    expect(subjects(taken)).toHaveLength(1);
    const [plain] = taken;
    expect(plain?.raw).not.toMatch(/^List-Unsubscribe/m);
    expect(plain && partOf(plain, 'text/plain')).toContain('ask whoever runs this service');
  });

  test('a token that was changed, or of a connection that is gone, stops nothing', async () => {
    const token = store.mailing.optOutToken(connection.id, 'ann@firm.test', 'digest');
    const changed = token.replace(/.(?=.{9}$)/, (sign) => (sign === 'A' ? 'B' : 'A'));
    expect(await store.mailing.optOut(changed, clock.now())).toBeNull();
    await store.connections.remove(connection.id);

    expect(await store.mailing.optOut('nonsense', clock.now())).toBeNull();
    expect(await store.mailing.optOutOf(token)).toBeNull();
    expect(await store.mailing.optOut(token, clock.now())).toBeNull();
  });

  test('whether the mail server would take messages is seen without sending one', async () => {
    const login = { user: 'value@firm.test', password: 'p@ss word' };
    const { taken, url } = await server({ login });

    expect(await mailServerProblem(url, null)).toBeNull();
    expect(await mailServerProblem(url.replace('p%40ss', 'other'), null)).toBe('smtp_535');
    expect(await mailServerProblem('smtp://127.0.0.1:1', null)).toBe('no_sender');
    expect(await mailServerProblem('smtp://127.0.0.1:1', 'value@firm.test')).toBe('ESOCKET');
    expect(taken).toEqual([]);
  });

  test('a greylisting server gets it again a little later, once', async () => {
    let isGrey = true;
    const { taken, asked, transport } = await server({ answer: () => (isGrey ? 451 : 250) });
    await reader('ann@firm.test');
    await raise('connection_lost', 'critical');
    await send(transport);
    await send(transport);
    const atOnce = asked.length;
    isGrey = false;
    await clock.advance(2 * MINUTE_MS);
    await send(transport);
    await send(transport);

    expect(atOnce).toBe(1);
    expect(asked).toHaveLength(2);
    expect(taken).toHaveLength(1);
    expect(await openAlerts()).toEqual(['connection_lost']);
  });

  test('a refused address is told of to the others, and no more once it is removed or gets mail again', async () => {
    let status = 550;
    const { taken, transport } = await server({ answer: (to) => (to === 'bad@firm.test' ? status : 250) });
    await reader('ann@firm.test');
    await reader('bad@firm.test');
    await raise('connection_lost', 'critical');
    await send(transport);
    const failed = await store.alerts.open(connection.id);
    await clock.advance(HOUR_MS);
    await send(transport);
    await send(transport);
    const told = subjects(taken);
    status = 250;
    await close('connection_lost');
    await send(transport);

    expect(failed.find(({ code }) => code === 'mail_failed')?.params).toEqual({
      messages: 1,
      why: 'smtp_550',
    });
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('Messages could not be sent: 1 (smtp_550)');
    expect(await openAlerts()).toEqual([]);

    status = 550;
    await raise('owner_left', 'critical', { user: '1' });
    await send(transport);
    expect(await openAlerts()).toContain('mail_failed');
    await store.mailing.removeRecipient(connection.id, 'bad@firm.test');
    await closeWhenAllArrive({ store, clock }, connection);
    expect(await openAlerts()).toEqual(['owner_left']);
  });

  test('a server that is down is tried for almost two days, then that is told', async () => {
    const down = await aMailServer();
    await down.close();
    const transport = openMailTransport(down.url);
    open.push(() => transport.close());
    await reader('ann@firm.test');
    await raise('connection_lost', 'critical');
    let rounds = 0;
    while (!(await openAlerts()).includes('mail_failed') && rounds < 60) {
      await send(transport);
      await clock.advance(HOUR_MS);
      rounds += 1;
    }

    expect(rounds).toBeGreaterThan(40);
    expect(rounds).toBeLessThan(60);
    expect((await store.mailing.summary(connection.id, new Date(0))).lastError).toBe('ESOCKET');
    const waits = Array.from({ length: 10 }, (_, at) => mailWaitAfter(at + 1, 0.5));
    expect(waits.slice(7)).toEqual([24 * HOUR_MS, null, null]);
  });

  test('two workers at once send each message once', async () => {
    const { taken, transport, url } = await server();
    const other = openMailTransport(url);
    open.push(() => other.close());
    for (let number = 0; number < 6; number += 1) await reader(`reader-${number}@firm.test`);
    await raise('connection_lost', 'critical');
    await Promise.all([send(transport), send(other), send(transport)]);
    await raise('owner_left', 'critical', { user: '1' });
    await Promise.all([send(other), send(transport)]);

    expect(taken.map(({ to }) => to).sort()).toEqual(
      Array.from({ length: 12 }, (_, at) => `reader-${Math.floor(at / 2)}@firm.test`),
    );
    const ids = taken.map(({ raw }) => /^Message-ID: (.*)\r$/im.exec(raw)?.[1]);
    expect(new Set(ids).size).toBe(12);
  });

  test('what piled up without a mail server is not sent when there is one', async () => {
    const { taken, transport } = await server();
    await reader('ann@firm.test');
    await raise('connection_lost', 'critical');
    await clock.advance(49 * HOUR_MS);
    await raise('owner_left', 'critical', { user: '1' });
    await send(transport);

    expect(taken).toHaveLength(1);
    const [mail] = taken;
    expect(mail && partOf(mail, 'text/plain')).toContain('is no longer active');
    expect(mail && partOf(mail, 'text/plain')).not.toContain('no longer accepts');
    expect(await store.mailing.waitingFor()).toEqual([]);
  });

  test('signing in happens after STARTTLS, and a wrong password is no refusal for good', async () => {
    const login = { user: 'value@firm.test', password: 'p@ss word' };
    const { taken, url } = await server({ login });
    const mail = { to: 'ann@firm.test', from: null, at: clock.now() };
    const sent = await sendTestMail(url, mail);
    const wrong = await sendTestMail(url.replace('p%40ss', 'other'), mail);

    expect(sent).toEqual({ state: 'sent' });
    expect(taken).toMatchObject([{ to: 'ann@firm.test', isEncrypted: true, user: 'value@firm.test' }]);
    expect(taken[0]?.raw).toMatch(/^From: value@firm\.test\r$/m);
    expect(wrong).toEqual({ state: 'deferred', error: 'smtp_535', isServer: true });
    await expect(sendTestMail('smtp://127.0.0.1:1', mail)).rejects.toThrow('mail.from');
  });

  test('the digest of the week goes to whoever asked, and to owners at the address that Zoho has', async () => {
    const { taken, transport } = await server();
    await reader('ann@firm.test', { alerts: false, language: 'da' });
    await reader('alerts@firm.test', { digest: false });
    const composer = new DigestComposer({
      ...{ from: '2026-02-23', until: '2026-03-01', moves: [], reminders: [], suppressed: [] },
      users: new Map([
        ['7', 'Bo Berg'],
        ['8', 'Cis Dahl'],
      ]),
    });
    composer.add(aScore({ id: '100', ownerId: '7', phase: 'leaving', name: 'Acme <Crates>' }));
    const digests = composer.finish({ unmatchedDeals: 0, setAside: 0, oddities: 0 });
    await store.digests.save(
      connection.id,
      digests.map((body) => ({ until: body.until, ownerId: body.ownerId, body })),
      clock.now(),
    );
    const users = [
      { id: '7', first_name: 'Bo', last_name: 'Berg', email: 'bo@firm.test', status: 'active' },
      { id: '8', first_name: 'Cis', last_name: 'Dahl', email: 'cis@firm.test', status: 'active' },
    ];
    // Only asked for its users.
    const zoho = {
      prices: { metadata: 1 },
      request: async () => ({ body: { users } }),
    } as unknown as ZohoClient;
    const toOwners = (digestToOwners: boolean) => ({
      ...{ store, clock, zohoFor: () => zoho },
      settings: {
        ...settings,
        notify: { ...settings.notify, mail: { ...settings.notify.mail, digestToOwners } },
      },
    });
    const made = await mailDigests(toOwners(false), connection, digests);
    const withOwners = await mailDigests(toOwners(true), connection, digests);
    const again = await mailDigests(toOwners(true), connection, digests);
    await send(transport);

    expect([made, withOwners, again]).toEqual([1, 1, 0]);
    expect(taken.map(({ to }) => to).sort()).toEqual(['ann@firm.test', 'bo@firm.test']);
    const owners = taken.find(({ to }) => to === 'bo@firm.test');
    expect(owners && partOf(owners, 'text/plain')).toContain('Bo Berg');
    expect(owners && partOf(owners, 'text/html')).toContain('Acme &lt;Crates&gt;');
  });
});
