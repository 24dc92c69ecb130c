import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Connection } from '../../src/domain.ts';
import { silentLog } from '../../src/log.ts';
import {
  addEndpoint,
  enableEndpoint,
  removeEndpoint,
  rotateEndpoint,
  testEndpoint,
} from '../../src/notify/endpoints.ts';
import { EventBody } from '../../src/notify/event-types.ts';
import { sendDueEvents, signedMessage, startEventSender, waitAfter } from '../../src/notify/send-events.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { aReceiver, type Received } from '../support/receiver.ts';
import { FakeClock } from '../unit/jobs/fake-clock.ts';
import { aConnection } from './builders.ts';

const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const HOUR_MS = 3_600_000;
const rules = { allowPrivateAddresses: true };

describeOnBoth('outgoing events', (database) => {
  let store: Store;
  let connection: Connection;
  let clock: FakeClock;
  const open: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    clock = new FakeClock('2026-03-01T10:00:00Z');
    store = createStore(await database.open(), keys, clock);
    connection = await store.connections.create(aConnection());
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const receiver = async (...how: Parameters<typeof aReceiver>) => {
    const made = await aReceiver(...how);
    open.push(made);
    return made;
  };
  const deps = () => ({ store, clock, log: silentLog, rules });
  const endpoint = async (url: string, types: string[] = []) =>
    addEndpoint(deps(), connection, { url, types, rules });
  const tell = (type = 'plan.held', planId = '7') =>
    store.events.append(
      connection.id,
      [{ type, recordId: null, data: { connection: connection.id, planId, reason: 'credits' } }],
      clock.now(),
    );
  const log = () => store.events.log(connection.id, { limit: 50 });

  test('an event goes once to whoever asks for it, signed as Standard Webhooks say', async () => {
    const there = await receiver();
    const { secret } = await endpoint(`${there.url}/all`);
    await endpoint(`${there.url}/runs`, ['run.finished']);
    await tell();
    await sendDueEvents(deps());
    await sendDueEvents(deps());

    expect(there.received.map(({ path }) => path)).toEqual(['/all']);
    const [{ headers, body }] = there.received as [Received]; // as the line above says
    expect(EventBody.parse(JSON.parse(body))).toMatchObject({
      ...{ version: 1, type: 'plan.held', timestamp: '2026-03-01T10:00:00.000Z' },
      data: { planId: '7', reason: 'credits' },
    });
    // The library refuses a timestamp of another day, so the signature is made anew at its time.
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}`;
    expect(headers['webhook-signature']).toBe(
      new Webhook(secret).sign(String(headers['webhook-id']), clock.now(), body),
    );
    expect(signed).toMatch(/^msg_[0-9a-f]{32}\.1772359200$/);
    expect(await log()).toMatchObject([{ state: 'delivered', status: 204, attempts: 1, error: null }]);
  });

  test('what is not taken is tried again with the same id and body, after ever longer waits, for over three days', async () => {
    let status = 500;
    const there = await receiver(() => status);
    const { endpoint: made } = await endpoint(there.url);
    await tell();
    await sendDueEvents(deps());
    await sendDueEvents(deps());
    const atOnce = there.received.length;
    await clock.advance(HOUR_MS);
    await sendDueEvents(deps());
    status = 200;
    await clock.advance(HOUR_MS);
    await sendDueEvents(deps());

    expect(atOnce).toBe(1);
    expect(there.received).toHaveLength(3);
    expect(new Set(there.received.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(
      1,
    );
    const [row] = await log();
    expect(row).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(await store.events.attempts(connection.id, row?.id ?? 0)).toMatchObject([
      { status: 500, error: 'http_500' },
      { status: 500, error: 'http_500' },
      { status: 200, error: null },
    ]);
    expect(await store.events.endpoints(connection.id)).toMatchObject([
      { id: made.id, failures: 0, failingSince: null },
    ]);
    const waits = Array.from({ length: 12 }, (_, at) => waitAfter(at + 1, 0.5));
    expect(waits.slice(10)).toEqual([null, null]);
    expect(waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0)).toBeGreaterThan(72 * HOUR_MS);
  });

  test('410 switches an endpoint off at once, three days of failure do, and enabling closes the alert', async () => {
    const answers: Record<string, number> = { '/gone': 410, '/down': 503 };
    const there = await receiver((path) => answers[path] ?? 200);
    const { endpoint: gone } = await endpoint(`${there.url}/gone`);
    await tell();
    await sendDueEvents(deps());
    const afterGone = await store.events.endpoints(connection.id);
    await removeEndpoint(deps(), connection, gone.id);
    const noneOpen = await store.alerts.open(connection.id);
    const { endpoint: down } = await endpoint(`${there.url}/down`, ['plan.held']);
    await tell();
    for (let hour = 0; hour <= 100; hour += 1) {
      await sendDueEvents(deps());
      await clock.advance(HOUR_MS);
    }
    const tried = there.received.filter(({ path }) => path === '/down').length;

    expect(afterGone).toMatchObject([{ state: 'disabled', why: 'http_410' }]);
    expect(noneOpen).toEqual([]);
    expect(tried).toBeGreaterThan(5);
    expect(await store.events.endpoints(connection.id)).toMatchObject([
      { id: down.id, state: 'disabled', why: 'http_503' },
    ]);
    expect(await store.alerts.open(connection.id)).toMatchObject([
      { code: 'endpoint_disabled', params: { endpoint: down.id, why: 'http_503' } },
    ]);
    answers['/down'] = 200;
    await enableEndpoint(deps(), connection, down.id);
    await store.events.resend(connection.id, { failedOf: down.id }, clock.now());
    await clock.advance(24 * HOUR_MS);
    await sendDueEvents(deps());
    expect(await store.alerts.open(connection.id)).toEqual([]);
    expect((await log()).filter(({ type }) => type === 'plan.held')).toMatchObject([{ state: 'delivered' }]);
  });

  test('a redirect is not followed, and Retry-After is waited for', async () => {
    const there = await receiver((path) =>
      path === '/moved'
        ? { status: 302, headers: { location: '/elsewhere' } }
        : { status: 429, headers: { 'retry-after': '7200' } },
    );
    await endpoint(`${there.url}/moved`);
    await endpoint(`${there.url}/busy`);
    await tell();
    await sendDueEvents(deps());
    const rows = await log();
    await clock.advance(HOUR_MS);
    await sendDueEvents(deps());

    expect(rows.map(({ error }) => error).sort()).toEqual(['http_302', 'http_429']);
    expect(rows.find(({ error }) => error === 'http_429')?.nextAt).toEqual(new Date('2026-03-01T12:00:00Z'));
    expect(there.received.map(({ path }) => path).sort()).toEqual(['/busy', '/moved', '/moved']);
  });

  test('an endpoint that answers nothing holds up no other, whatever waits for it', async () => {
    const there = await receiver((path) => (path === '/stuck' ? 'never' : 200));
    await endpoint(`${there.url}/stuck`);
    await endpoint(`${there.url}/good`);
    for (let plan = 0; plan < 6; plan += 1) await tell('plan.held', String(plan));
    const sender = startEventSender(deps());
    await expect
      .poll(() => there.received.filter(({ path }) => path === '/good').length, { timeout: 8_000 })
      .toBe(6);

    expect(there.received.filter(({ path }) => path === '/stuck').length).toBeLessThanOrEqual(4);
    await there.close();
    open.splice(0);
    await sender.stop();
  });

  test('two servers at once deliver nothing twice', async () => {
    const there = await receiver();
    await endpoint(there.url);
    for (let plan = 0; plan < 12; plan += 1) await tell('plan.held', String(plan));
    await Promise.all([sendDueEvents(deps()), sendDueEvents(deps())]);

    expect(new Set(there.received.map(({ headers }) => headers['webhook-id'])).size).toBe(12);
    expect(there.received).toHaveLength(12);
  });

  test('after a rotation both secrets sign for a day, then the new one alone', async () => {
    const { endpoint: made, secret: former } = await endpoint('https://hooks.test/');
    const { secret } = await rotateEndpoint(deps(), connection, made.id);
    await tell();
    const signatures = async () => {
      const lease = { holder: 'test', until: new Date(clock.now().getTime() + 1) };
      const claimed = await store.events.claim(clock.now(), lease);
      const [delivery] = await store.events.due(made.id, clock.now(), 1);
      if (!claimed || !delivery) throw new Error('nothing is due');
      const { headers, body } = signedMessage(delivery, claimed.secrets, clock.now());
      const by = (one: string) => new Webhook(one).sign(delivery.event.eventId, clock.now(), body);
      return { sent: headers['webhook-signature'], former: by(former), fresh: by(secret) };
    };

    const during = await signatures();
    await clock.advance(25 * HOUR_MS);
    const after = await signatures();

    expect(during.sent).toBe(`${during.fresh} ${during.former}`);
    expect(after.sent).toBe(after.fresh);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });

  test('a test event goes to its endpoint alone; addresses and events that cannot be are refused with what to do', async () => {
    const there = await receiver();
    const { endpoint: made } = await endpoint(`${there.url}/a`, ['run.finished']);
    await endpoint(`${there.url}/b`);
    await testEndpoint(deps(), connection, made.id);
    await sendDueEvents(deps());
    const other = await store.connections.create(aConnection({ name: 'other' }));

    expect(there.received.map(({ path }) => path)).toEqual(['/a']);
    await expect(endpoint('https://hooks.test/', ['customer.left'])).rejects.toThrow('there is no event');
    await expect(
      addEndpoint(deps(), connection, {
        ...{ url: there.url, types: [] },
        rules: { allowPrivateAddresses: false },
      }),
    ).rejects.toThrow('https');
    await expect(testEndpoint(deps(), other, made.id)).rejects.toThrow('there is no endpoint');
    await expect(removeEndpoint(deps(), other, made.id)).rejects.toThrow('there is no endpoint');
    await expect(rotateEndpoint(deps(), other, made.id)).rejects.toThrow('there is no endpoint');
  });
});
