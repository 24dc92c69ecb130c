import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError, SignatureError } from '../../../src/errors.ts';
import { verifyDelivery } from '../../../src/webhooks/verify-delivery.ts';

const CHANNEL = { channelId: '1000000068101', token: 'c2f1c0f4b86a4b0f8d1e' };

function aBody(part: Record<string, unknown> = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      server_time: 1_770_026_439_787,
      query_params: {},
      module: 'Deals',
      ids: ['5725767000000411001', '5725767000000411002'],
      operation: 'update',
      channel_id: CHANNEL.channelId,
      token: CHANNEL.token,
      ...part,
    }),
  );
}

describe('a notification', () => {
  test('is reduced to module, operation and ids: no values of records are kept', () => {
    const raw = aBody({ affected_values: [{ record_id: '1', values: { Email: 'anna@example.test' } }] });

    const { body } = verifyDelivery(CHANNEL, raw);

    expect(body).toEqual({
      module: 'Deals',
      operation: 'update',
      ids: ['5725767000000411001', '5725767000000411002'],
    });
  });

  test('has the same key when it comes twice, another for another body or channel', () => {
    const { key } = verifyDelivery(CHANNEL, aBody());

    expect(verifyDelivery(CHANNEL, aBody()).key).toBe(key);
    expect(verifyDelivery(CHANNEL, aBody({ server_time: 1 })).key).not.toBe(key);
    expect(verifyDelivery({ ...CHANNEL, channelId: '2' }, aBody()).key).not.toBe(key);
  });

  test('with any other token is refused, and the refusal quotes nothing of it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constant(null)), (token) => {
        fc.pre(token !== CHANNEL.token);
        expect(() => verifyDelivery(CHANNEL, aBody({ token }))).toThrow(SignatureError);
      }),
    );
    expect(() => verifyDelivery(CHANNEL, aBody({ token: 'guess-42' }))).not.toThrow(/guess-42/);
  });

  test.each([
    ['no JSON', Buffer.from('<html>')],
    ['empty', Buffer.alloc(0)],
    ['a list', Buffer.from('[]')],
    ['without ids', aBody({ ids: undefined })],
    ['with numeric ids, which lose digits', aBody({ ids: [5_725_767_000_000_411] })],
    ['with an id that is none', aBody({ ids: ["1' or 1=1"] })],
    ['with more ids than Zoho ever sends', aBody({ ids: Array.from({ length: 1_001 }, () => '1') })],
  ])('that is %s is refused as bad input', (_what, raw) => {
    expect(() => verifyDelivery(CHANNEL, raw)).toThrow(InputError);
  });
});
