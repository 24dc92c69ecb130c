import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ConfigError, ZohoAuthError, ZohoRejectedError, ZohoUnavailableError } from '../../../src/errors.ts';
import type { ChannelApi } from '../../../src/jobs/channel-api.ts';
import { ensureDealChannel } from '../../../src/jobs/renew-channels.ts';
import { silentLog } from '../../../src/log.ts';
import { FakeClock } from './fake-clock.ts';
import { aConnection, memoryChannels, recordingQueue } from './memory-store.ts';

const PUBLIC = 'https://value.example.test';
const DAY = 86_400_000;
const HOUR = 3_600_000;

function setUp(granted: (asked: Date) => Date = (asked) => asked) {
  const clock = new FakeClock('2026-06-10T08:00:00.789Z');
  const { channels, rows } = memoryChannels();
  const { queue, waiting } = recordingQueue();
  const enabled: Parameters<ChannelApi['enable']>[0][] = [];
  const renewed: string[] = [];
  const disabled: string[] = [];
  const faults: { [F in 'renew' | 'enable' | 'leads']: Error | null } = {
    renew: null,
    enable: null,
    leads: null,
  };
  const api: ChannelApi = {
    async enable(input) {
      if (faults.enable) throw faults.enable;
      if (faults.leads && input.events.includes('Leads.create')) throw faults.leads;
      enabled.push(input);
      return { expiresAt: granted(input.expiry) };
    },
    async renew(input) {
      if (faults.renew) throw faults.renew;
      renewed.push(input.channelId);
      return { expiresAt: granted(input.expiry) };
    },
    async disable(channelId) {
      disabled.push(channelId);
    },
  };
  const dealInputs = async () => ['Stage', 'Deal_Value', 'Deal_Value'];
  const deps = { store: { channels }, channelApi: () => api, dealInputs, queue, clock, log: silentLog };
  const ensure = (publicUrl: string | null = PUBLIC) => ensureDealChannel(deps, aConnection(), publicUrl);
  return { clock, rows, waiting, enabled, renewed, disabled, faults, ensure };
}

describe('the deals channel', () => {
  test('is opened with a secret address, a token Zoho takes, and less than a week without milliseconds', async () => {
    const { clock, rows, enabled, ensure } = setUp();

    const outcome = await ensure();

    const [asked] = enabled;
    const secret = asked?.notifyUrl.slice(`${PUBLIC}/hooks/zoho/`.length) ?? '';
    expect(outcome.status).toBe('opened');
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(asked?.token).toMatch(/^[\w-]{40,50}$/);
    expect(asked?.channelId).toMatch(/^\d{1,19}$/);
    expect(BigInt(asked?.channelId ?? 0)).toBeLessThan(2n ** 63n);
    expect(asked?.expiry.getMilliseconds()).toBe(0);
    expect((asked?.expiry.getTime() ?? 0) - clock.now().getTime()).toBeLessThan(7 * DAY);
    expect(asked?.conditionFields).toEqual([
      {
        module: 'Deals',
        fields: ['Stage', 'Deal_Value'],
      },
      { module: 'Leads', fields: ['Lead_Status', 'Lead_Source', 'Rating'] },
    ]);
    expect(rows()).toMatchObject([
      { secretHash: createHash('sha256').update(secret).digest('hex'), notifyUrl: `${PUBLIC}/hooks/zoho` },
    ]);
    expect(JSON.stringify(rows())).not.toContain(secret);
  });

  test('is one for deals alone where Zoho refuses that of leads', async () => {
    const { enabled, rows, faults, ensure } = setUp();
    faults.leads = new ZohoRejectedError('the module is not shown', { zohoCode: 'INVALID_MODULE' });

    const outcome = await ensure();

    const events = ['Deals.create', 'Deals.edit', 'Deals.delete'];
    expect(outcome.status).toBe('opened');
    expect(enabled).toMatchObject([{ events, conditionFields: [{ module: 'Deals' }] }]);
    expect(rows()).toMatchObject([{ events }]);
  });

  test('is left alone while young and renewed at half life', async () => {
    const { clock, renewed, rows, ensure } = setUp();
    await ensure();

    await clock.advance(3 * DAY);
    const early = await ensure();
    await clock.advance(DAY);
    const late = await ensure();

    expect(early.status).toBe('kept');
    expect(late.status).toBe('renewed');
    expect(renewed).toHaveLength(1);
    expect(rows()[0]?.expiresAt.getTime()).toBeGreaterThan(clock.now().getTime() + 6 * DAY);
  });

  test('that Zoho gave one hour only is renewed after half an hour', async () => {
    const { clock, waiting, rows, ensure } = setUp(() => new Date(clock.now().getTime() + HOUR));

    await ensure();

    expect(rows()[0]?.expiresAt).toEqual(new Date(clock.now().getTime() + HOUR));
    expect(waiting).toMatchObject([
      { name: 'renew-channels', runAt: new Date(clock.now().getTime() + HOUR / 2) },
    ]);
  });

  test('that Zoho has forgotten is replaced by a new one and the gap is read', async () => {
    const { clock, enabled, rows, waiting, faults, ensure } = setUp();
    await ensure();
    await clock.advance(4 * DAY);
    faults.renew = new ZohoRejectedError('no such channel', { zohoCode: 'NOT_SUBSCRIBED' });

    const outcome = await ensure();

    expect(outcome.status).toBe('replaced');
    expect(rows().map(({ channelId }) => channelId)).toEqual([enabled[1]?.channelId]);
    expect(enabled[1]?.channelId).not.toBe(enabled[0]?.channelId);
    expect(waiting.map(({ name }) => name)).toContain('sync-incremental');
  });

  test('that ran out while the service was off is replaced and the gap is read', async () => {
    const { clock, waiting, rows, ensure } = setUp();
    await ensure();
    await clock.advance(8 * DAY);

    const outcome = await ensure();

    expect(outcome.status).toBe('replaced');
    expect(rows()).toHaveLength(1);
    expect(waiting.map(({ name }) => name)).toContain('sync-incremental');
  });

  test('moves with the public address', async () => {
    const { enabled, disabled, rows, ensure } = setUp();
    await ensure();

    await ensure('https://moved.example.test');

    expect(enabled[1]?.notifyUrl).toMatch(/^https:\/\/moved\.example\.test\/hooks\/zoho\//);
    expect(disabled).toEqual([enabled[0]?.channelId]);
    expect(rows()).toHaveLength(1);
  });

  test('stays as it is when Zoho is away, and is tried again by the job', async () => {
    const { clock, rows, faults, ensure } = setUp();
    await ensure();
    const before = rows();
    await clock.advance(4 * DAY);
    faults.renew = new ZohoUnavailableError('502');

    await expect(ensure()).rejects.toThrow(ZohoUnavailableError);

    expect(rows()).toEqual(before);
  });

  test('does not pass for a live one when Zoho refused to open it', async () => {
    const { rows, faults, enabled, ensure } = setUp();
    faults.enable = new ZohoUnavailableError('502');
    await expect(ensure()).rejects.toThrow(ZohoUnavailableError);
    faults.enable = null;

    await ensure();

    expect(enabled).toHaveLength(1);
    expect(rows().map(({ channelId }) => channelId)).toEqual([enabled[0]?.channelId]);
  });

  test('does not exist without a public address; polling takes over', async () => {
    const { rows, enabled, ensure } = setUp();

    expect(await ensure(null)).toEqual({ status: 'polling' });
    expect([...rows(), ...enabled]).toEqual([]);
  });

  test('that Zoho refuses leaves polling, and the connection as it was', async () => {
    const { faults, ensure } = setUp();

    faults.enable = new ZohoAuthError('scope is missing', { scope: true });
    expect(await ensure()).toEqual({ status: 'polling' });
    faults.enable = new ZohoRejectedError('not in this edition', { zohoCode: 'NOT_SUPPORTED' });
    expect(await ensure()).toEqual({ status: 'polling' });
    faults.enable = new ZohoAuthError('refresh token refused');
    await expect(ensure()).rejects.toThrow(ZohoAuthError);
  });

  test('takes http on this machine only', async () => {
    const { ensure } = setUp();

    await expect(ensure('http://value.example.test')).rejects.toThrow(ConfigError);
    expect((await ensure('http://127.0.0.1:3000')).status).toBe('opened');
  });
});
