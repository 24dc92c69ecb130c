import { describe, expect, test } from 'vitest';
import { ZohoRejectedError } from '../../src/errors.ts';
import { disableChannels, enableChannel, getChannel, renewChannel } from '../../src/zoho/notifications.ts';
import { type Answer, API, serve, withMockedHttp } from '../support/http.ts';
import { failureOf, zohoWorld } from './zoho-world.ts';

withMockedHttp();

const WATCH = '/crm/v8/actions/watch';
const CHANNEL = '9007199254740993123';
const input = {
  channelId: CHANNEL,
  events: ['Deals.create', 'Deals.edit'],
  expiry: new Date('2026-02-08T10:00:00.123Z'),
  token: 'c2f1c0f4b86a4b0f8d1e',
};
const subscribed = (expiry: string, status = 201): Answer => ({
  status,
  body: {
    watch: [
      {
        code: 'SUCCESS',
        status: 'success',
        message: 'Successfully subscribed',
        details: { events: [{ channel_id: CHANNEL, resource_name: 'Deals', channel_expiry: expiry }] },
      },
    ],
  },
});
const problem = (code: string) => ({ code, status: 'error', message: 'as said', details: {} });

describe('opening a channel', () => {
  test('asks for the fields that we read, two a group, and not for related records', async () => {
    const sent = serve(API, 'POST', WATCH, subscribed('2026-02-08T12:00:00+02:00'));

    const opened = await enableChannel(zohoWorld().client, {
      ...input,
      notifyUrl: 'https://cv.test/hooks/zoho/secret',
      conditionFields: [{ module: 'Deals', fields: ['Stage', 'Amount', 'Closing_Date'] }],
    });

    expect(opened).toEqual({ expiresAt: new Date('2026-02-08T10:00:00Z') });
    const field = (name: string) => ({ field: { api_name: name } });
    expect(sent[0]?.body).toEqual({
      watch: [
        {
          channel_id: CHANNEL,
          events: ['Deals.create', 'Deals.edit'],
          channel_expiry: '2026-02-08T10:00:00+00:00',
          token: 'c2f1c0f4b86a4b0f8d1e',
          notify_url: 'https://cv.test/hooks/zoho/secret',
          return_affected_field_values: false,
          notify_on_related_action: false,
          notification_condition: [
            {
              type: 'field_selection',
              module: { api_name: 'Deals' },
              field_selection: {
                group_operator: 'or',
                group: [
                  field('Stage'),
                  { group_operator: 'or', group: [field('Amount'), field('Closing_Date')] },
                ],
              },
            },
          ],
        },
      ],
    });
  });

  test('tells the life that Zoho granted, not the one asked for', async () => {
    serve(API, 'POST', WATCH, subscribed('2026-02-02T11:00:00+00:00'));

    const opened = await enableChannel(zohoWorld().client, { ...input, notifyUrl: 'https://cv.test/h' });

    expect(opened.expiresAt).toEqual(new Date('2026-02-02T11:00:00Z'));
  });

  test.each([202, 207, 400])('is refused by a row under HTTP %i', async (status) => {
    serve(API, 'POST', WATCH, { status, body: { watch: [problem('INVALID_DATA')] } });

    const failure = await failureOf(
      enableChannel(zohoWorld().client, { ...input, notifyUrl: 'https://cv.test/h' }),
    );

    expect(failure).toBeInstanceOf(ZohoRejectedError);
    expect(failure).toMatchObject({ zohoCode: 'INVALID_DATA' });
  });
});

describe('renewing', () => {
  test('changes only what it names', async () => {
    const sent = serve(API, 'PATCH', WATCH, subscribed('2026-02-08T10:00:00+00:00', 200));

    await renewChannel(zohoWorld().client, input);

    expect(sent[0]?.body).toEqual({
      watch: [
        {
          channel_id: CHANNEL,
          events: input.events,
          channel_expiry: '2026-02-08T10:00:00+00:00',
          token: input.token,
        },
      ],
    });
  });

  test.each([
    ['bare', problem('NOT_SUBSCRIBED')],
    ['in a row', { watch: [problem('NOT_SUBSCRIBED')] }],
  ])('a channel that has expired says so: %s', async (_name, body) => {
    serve(API, 'PATCH', WATCH, { status: 400, body });

    expect(await failureOf(renewChannel(zohoWorld().client, input))).toMatchObject({
      code: 'zoho_rejected',
      zohoCode: 'NOT_SUBSCRIBED',
    });
  });
});

test('a channel that is gone already counts as closed', async () => {
  const sent = serve(API, 'DELETE', WATCH, [
    { body: { watch: [{ code: 'SUCCESS', status: 'success', details: {} }] } },
    { status: 400, body: problem('NOT_SUBSCRIBED') },
  ]);

  await disableChannels(zohoWorld().client, [CHANNEL]);
  await disableChannels(zohoWorld().client, [CHANNEL]);

  expect(sent[0]?.url.search).toBe(`?channel_ids=${CHANNEL}`);
});

describe('looking a channel up', () => {
  test('finds it by its id, also where that comes as a number', async () => {
    serve(API, 'GET', WATCH, {
      body: `{"watch":[{"channel_id":${CHANNEL},"events":["Deals.create"],"channel_expiry":"2026-02-08T12:00:00+02:00","notify_url":"https://cv.test/h"}]}`,
    });

    expect(await getChannel(zohoWorld().client, CHANNEL)).toEqual({
      channelId: CHANNEL,
      events: ['Deals.create'],
      expiresAt: new Date('2026-02-08T10:00:00Z'),
      notifyUrl: 'https://cv.test/h',
    });
  });

  test.each([
    ['no content', { status: 204 }],
    ['a refusal', { status: 400, body: problem('NOT_SUBSCRIBED') }],
    ['another channel', { body: { watch: [{ channel_id: '1' }] } }],
  ])('finds none: %s', async (_name, answer) => {
    serve(API, 'GET', WATCH, answer);

    expect(await getChannel(zohoWorld().client, CHANNEL)).toBeNull();
  });
});
