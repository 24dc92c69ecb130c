import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const WATCH = '/crm/v8/actions/watch';
const HOUR_MS = 3_600_000;

// biome-ignore lint/suspicious/noExplicitAny: a delivery's body, judged by the tests
type Delivery = any;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A listener for deliveries; the first `refusals` are answered 500. */
async function listener(refusals = 0): Promise<{ url: string; got: Delivery[] }> {
  const got: Delivery[] = [];
  let left = refusals;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push(JSON.parse(Buffer.concat(chunks).toString()));
      response.statusCode = left-- > 0 ? 500 : 200;
      response.end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/n?k=v`, got };
}

const inMs = (ms: number) => `${new Date(Date.now() + ms).toISOString().slice(0, 19)}+00:00`;
const channel = (more: object = {}) => ({
  channel_id: '1000000068101',
  events: ['Accounts.edit'],
  notify_url: 'http://127.0.0.1:9/n',
  ...more,
});
const watch = (org: Running, method: string, ...items: object[]) =>
  org.call(method, WATCH, { body: { watch: items } });
const field = (name: string) => ({ field: { api_name: name } });
const condition = (selection: unknown) => [
  { type: 'field_selection', module: { api_name: 'Accounts' }, field_selection: selection },
];
const both = (left: unknown, right: unknown) => ({ group_operator: 'or', group: [left, right] });
const change = (org: Running, key: string, values: object, trigger: unknown = []) =>
  org.call('PUT', '/crm/v8/Accounts', { body: { data: [{ id: org.id(key), ...values }], trigger } });

describe('subscribing', () => {
  test.each([
    ['milliseconds', { channel_expiry: '2031-01-01T00:00:00.000+00:00' }, 'channel_expiry'],
    ['a past expiry', { channel_expiry: inMs(-HOUR_MS) }, 'channel_expiry'],
    ['a token of 51 characters', { token: 'x'.repeat(51) }, 'token'],
    ['http to another host', { notify_url: 'http://hooks.example.test/n' }, 'notify_url'],
    ['a long URL', { notify_url: `https://hooks.example.test/${'x'.repeat(255)}` }, 'notify_url'],
    ['an event of Notes', { events: ['Notes.create'] }, 'events'],
    ['an unknown operation', { events: ['Accounts.update'] }, 'events'],
    ['a channel id with letters', { channel_id: 'abc' }, 'channel_id'],
    ['a channel id beyond a long', { channel_id: '9223372036854775808' }, 'channel_id'],
    [
      'three fields on one level',
      {
        notification_condition: condition({
          group_operator: 'or',
          group: [field('Rating'), field('Phone'), field('Website')],
        }),
      },
      'notification_condition',
    ],
    ['an unknown field', { notification_condition: condition(field('Nothing')) }, 'notification_condition'],
    [
      'eleven fields',
      {
        notification_condition: condition(
          Array.from({ length: 10 }, () => field('Phone')).reduce<unknown>(both, field('Rating')),
        ),
      },
      'notification_condition',
    ],
  ])('refuses %s', async (_what, more, name) => {
    const org = await running(anOrg());

    const { status, json } = await watch(org, 'POST', channel(more));

    expect(status).toBe(400);
    expect(json.watch[0]).toMatchObject({ code: 'INVALID_DATA', details: { api_name: name } });
  });

  test('needs an URL and events, and answers element by element', async () => {
    const org = await running(anOrg());

    const { status, json } = await watch(
      org,
      'POST',
      channel({ notify_url: undefined }),
      channel({ events: undefined }),
      channel(),
    );

    expect(status).toBe(207);
    expect(json.watch.map((item: { code: string }) => item.code)).toEqual([
      'MANDATORY_NOT_FOUND',
      'MANDATORY_NOT_FOUND',
      'SUCCESS',
    ]);
  });

  test.each([
    ['six days are kept', 6 * 24 * HOUR_MS, 6 * 24 * HOUR_MS],
    ['eight days silently become an hour', 8 * 24 * HOUR_MS, HOUR_MS],
    ['nothing becomes an hour', null, HOUR_MS],
  ])('of an expiry, %s', async (_what, askedMs, gotMs) => {
    const org = await running(anOrg());
    const expiry = askedMs === null ? {} : { channel_expiry: inMs(askedMs) };

    const { json } = await watch(org, 'POST', channel(expiry));

    const { channel_expiry } = json.watch[0].details.events[0];
    expect(Math.abs(Date.parse(channel_expiry) - Date.now() - gotMs)).toBeLessThan(5_000);
    expect(channel_expiry).toMatch(/\+0[12]:00$/);
  });

  test.each([
    ['overwrite', 201],
    ['reject', 400],
  ] as const)('a channel id that is in use: %s', async (watchAgain, status) => {
    const org = await running(anOrg(), { switches: { watchAgain } });
    await watch(org, 'POST', channel());

    expect((await watch(org, 'POST', channel())).status).toBe(status);
  });

  test('loopback without TLS is a convenience that can be switched off', async () => {
    const org = await running(anOrg(), { switches: { notifyLoopbackHttp: false } });

    expect((await watch(org, 'POST', channel())).status).toBe(400);
    expect((await watch(org, 'POST', channel({ notify_url: 'https://hooks.example.test' }))).status).toBe(
      201,
    );
  });
});

describe('a channel', () => {
  test('is replaced by PUT, changed by PATCH, shrunk by _delete_events, ended by DELETE', async () => {
    const org = await running(anOrg());
    const details = async () => (await org.get(`${WATCH}?channel_id=1000000068101`)).json.watch;
    await watch(org, 'POST', channel({ token: 'secret', events: ['Accounts.all', 'Deals.edit'] }));

    await watch(org, 'PATCH', { channel_id: 1000000068101, notify_on_related_action: false });
    const patched = await details();
    const gone = { channel_id: '1000000068101', events: ['Deals.edit'], _delete_events: true };
    await watch(org, 'PATCH', gone);
    const shrunk = await details();
    await watch(org, 'PUT', channel());
    const replaced = await details();
    const ended = await org.call('DELETE', `${WATCH}?channel_ids=1000000068101`);

    expect(patched).toMatchObject([
      { resource_name: 'Accounts', token: 'secret', notify_on_related_action: false },
      { resource_name: 'Deals', token: 'secret' },
    ]);
    expect(shrunk).toHaveLength(1);
    expect(replaced).toMatchObject([{ token: null, notify_on_related_action: true }]);
    expect(ended.json.watch[0]).toMatchObject({
      code: 'SUCCESS',
      details: { resource_uri: `${org.sim.url}/crm/v8/Accounts` },
    });
    expect(await details()).toBeUndefined();
  });

  test('that expired is NOT_SUBSCRIBED for every change', async () => {
    const org = await running(anOrg());
    await watch(org, 'POST', channel());
    org.sim.control.setClock({ offsetMs: HOUR_MS + 1 });
    const token = (await org.refresh()).json.access_token;

    const { status, json } = await org.call('PATCH', WATCH, { body: { watch: [channel()] }, token });

    expect([status, json.watch[0].code]).toEqual([400, 'NOT_SUBSCRIBED']);
  });
});

describe('deliveries', () => {
  const subscribed = async (more: object = {}, refusals = 0) => {
    const hook = await listener(refusals);
    const org = await running(anOrg({ Accounts: accounts(3) }));
    await watch(org, 'POST', channel({ notify_url: hook.url, token: 'secret', ...more }));
    return { org, ...hook };
  };

  test('tell ids, changed fields, operation and token of one call in one POST', async () => {
    const { org, got } = await subscribed({ return_affected_field_values: true });
    const ids = [org.id('account-0'), org.id('account-1')];

    await org.call('PUT', '/crm/v8/Accounts', {
      body: { data: ids.map((id) => ({ id, Rating: 'Active' })), trigger: [] },
    });
    await org.sim.control.settleNotifications();

    expect(got).toEqual([
      {
        server_time: expect.any(Number),
        affected_values: ids.map((record_id) => ({ record_id, values: { Rating: 'Active' } })),
        query_params: { k: 'v' },
        module: 'Accounts',
        resource_uri: `${org.sim.url}/crm/v8/Accounts`,
        ids,
        affected_fields: ids.map((id) => ({ [id]: ['Rating'] })),
        operation: 'update',
        channel_id: '1000000068101',
        token: 'secret',
      },
    ]);
  });

  test('use the words insert and delete, and come for people as well', async () => {
    const { org, got } = await subscribed({ events: ['Accounts.create', 'Accounts.delete'] });

    const { ids } = org.sim.control.writeRecords('Accounts', [{ Account_Name: 'New' }], 'bob');
    org.sim.control.writeRecords('Accounts', [{ id: ids[0], Rating: 'x' }]);
    org.sim.control.deleteRecords('Accounts', ids);
    await org.sim.control.settleNotifications();

    expect(got.map(({ operation }) => operation)).toEqual(['insert', 'delete']);
  });

  test('of edits come only when a field of the condition changed', async () => {
    const { org, got } = await subscribed({
      notification_condition: condition(both(field('Rating'), both(field('Phone'), field('Website')))),
    });

    await change(org, 'account-0', { Industry: 'x' });
    await change(org, 'account-1', { Phone: '1' });
    await org.sim.control.settleNotifications();

    expect(got.map(({ ids }) => ids)).toEqual([[org.id('account-1')]]);
  });

  test.each([
    [true, 2],
    [false, 1],
  ])('with notifyUntriggered %s two writes, one with trigger: [], bring %i', async (position, count) => {
    const { org, got } = await subscribed();
    org.sim.control.setSwitches({ notifyUntriggered: position });

    await change(org, 'account-0', { Rating: 'x' }, []);
    await change(org, 'account-0', { Rating: 'y' }, ['workflow']);
    await org.sim.control.settleNotifications();

    expect(got).toHaveLength(count);
  });

  test.each([
    [undefined, 1],
    [false, 0],
  ])('with notify_on_related_action %s a new task on the account brings %i', async (related, count) => {
    const { org, got } = await subscribed({ notify_on_related_action: related });
    const task = { Subject: 'T', What_Id: { id: org.id('account-0') }, $se_module: 'Accounts' };

    await org.call('POST', '/crm/v8/Tasks', { body: { data: [task], trigger: [] } });
    await org.sim.control.settleNotifications();

    expect(got.flatMap(({ ids }) => ids)).toEqual(count === 1 ? [org.id('account-0')] : []);
  });

  test('end with the channel and with the consent', async () => {
    const { org, got } = await subscribed();
    const write = () => org.sim.control.writeRecords('Accounts', [{ id: org.id('account-0'), Rating: 'x' }]);

    org.sim.control.setClock({ offsetMs: HOUR_MS + 1 });
    write();
    org.sim.control.setClock({ offsetMs: 0 });
    org.sim.control.revoke();
    write();
    await org.sim.control.settleNotifications();

    expect(got).toEqual([]);
  });

  test('are not repeated unless told so', async () => {
    const once = await subscribed({}, 1);
    const thrice = await subscribed({}, 1);
    thrice.org.sim.control.setSwitches({ notifyAttempts: 3 });

    for (const { org } of [once, thrice]) {
      await change(org, 'account-0', { Rating: 'x' });
      await org.sim.control.settleNotifications();
    }

    expect([once.got.length, thrice.got.length]).toEqual([1, 2]);
    expect(once.org.sim.control.report().notifications).toEqual({ sent: 0, failed: 1, withheld: 0 });
  });

  test('go to this machine only', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));
    await watch(org, 'POST', channel({ notify_url: 'https://hooks.example.test/n' }));

    await change(org, 'account-0', { Rating: 'x' });
    await org.sim.control.settleNotifications();

    expect(org.sim.control.report().notifications).toEqual({ sent: 0, failed: 0, withheld: 1 });
  });

  test('are doubled, overtaken and lost on demand', async () => {
    const { org, got } = await subscribed();
    const keys = ['account-0', 'account-1', 'account-2'];
    org.sim.control.addFaults([
      { kind: 'notification-reordered', times: 1 },
      { kind: 'notification-doubled', after: 1, times: 1 },
      { kind: 'notification-lost', after: 2, times: 1 },
    ]);

    for (const key of keys) await change(org, key, { Rating: 'x' });
    await org.sim.control.settleNotifications();

    const order = got.map(({ ids }) => keys.findIndex((key) => org.id(key) === ids[0]));
    expect(order).toEqual([1, 1, 0]);
  });
});
