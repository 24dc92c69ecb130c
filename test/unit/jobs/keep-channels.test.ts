import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MappedField } from '../../../src/changes.ts';
import { ConfigError, ZohoAuthError, ZohoRejectedError, ZohoUnavailableError } from '../../../src/errors.ts';
import type { ChannelApi } from '../../../src/jobs/channel-api.ts';
import { channelIdOf } from '../../../src/jobs/channel-rows.ts';
import { keepChannels } from '../../../src/jobs/keep-channels.ts';
import { silentLog } from '../../../src/log.ts';
import type { Schedule } from '../../../src/store/job-stores.ts';
import type { MappingState } from '../../../src/store/store.ts';
import { FakeClock } from './fake-clock.ts';
import {
  aConnection,
  memoryAlerts,
  memoryChannels,
  memoryLeases,
  memorySchedules,
  recordingQueue,
} from './memory-store.ts';

const PUBLIC = 'https://value.example.test';
const DAY = 86_400_000;
const HOUR = 3_600_000;
const MAPPED = { label: '', state: 'created' } as const;
const WATCHED = ['Deals', 'Leads'] as const;
const NOT_SUBSCRIBED = new ZohoRejectedError('no such channel', { zohoCode: 'NOT_SUBSCRIBED' });

type Enabled = Parameters<ChannelApi['enable']>[0];

/** A Zoho that keeps what it is told, and a store that remembers. */
function setUp(
  options: { granted?: (asked: Date) => Date; states?: Partial<Record<string, string[]>> } = {},
) {
  const clock = new FakeClock('2026-06-10T08:00:00.789Z');
  const granted = options.granted ?? ((asked: Date) => asked);
  const { channels, rows, refused } = memoryChannels();
  const { queue, waiting } = recordingQueue();
  const { alerts, open: alerted } = memoryAlerts();
  const live = new Map<string, Enabled>();
  const calls: string[] = [];
  const asked: Enabled[] = [];
  const states: Partial<Record<string, string[]>> = {
    Deals: ['Stage'],
    Leads: ['Rating'],
    ...options.states,
  };
  const fieldMap: MappedField[] = [];
  let refuse: (input: { events: readonly string[]; conditionFields: readonly unknown[] }) => Error | null =
    () => null;
  const api: ChannelApi = {
    async enable(input) {
      calls.push(`enable ${input.events[0]}`);
      const error = refuse(input);
      if (error) throw error;
      asked.push(input);
      live.set(input.channelId, input);
      return { expiresAt: granted(input.expiry) };
    },
    async renew(input) {
      calls.push(`renew ${input.events[0]}`);
      const error = refuse(input);
      if (error) throw error;
      const known = live.get(input.channelId);
      if (!known) throw NOT_SUBSCRIBED;
      live.set(input.channelId, { ...known, ...input });
      return { expiresAt: granted(input.expiry) };
    },
    async get(channelId) {
      calls.push('get');
      const known = live.get(channelId);
      if (!known) return null;
      return { channelId, events: [...known.events], expiresAt: known.expiry, notifyUrl: known.notifyUrl };
    },
    async disable(ids) {
      calls.push('disable');
      for (const id of ids) live.delete(id);
    },
  };
  const hourly: Schedule = {
    id: 'c1:sync-incremental',
    connection: 'c1',
    job: 'sync-incremental',
    expr: 'every 1 hour',
    spreadMinutes: 0,
    lastDueAt: null,
    missed: 0,
    timeZone: 'UTC',
    quietHours: null,
    enabled: true,
    nextRunAt: clock.now(),
    lastRunAt: null,
  };
  const schedules = memorySchedules([hourly]);
  const mappingStates = {
    of: async (_connection: string, module: string) =>
      (states[module] ?? []).map(
        (apiName): MappingState => ({
          input: apiName.startsWith('ours.') ? apiName : apiName.toLowerCase(),
          apiName,
          fieldId: null,
          dataType: 'text',
          reason: null,
          repair: null,
          pausedSince: null,
        }),
      ),
  };
  const deps = {
    store: {
      channels,
      schedules,
      leases: memoryLeases(),
      alerts,
      mappingStates,
      fieldMap: { all: async () => fieldMap },
    },
    notificationsOf: async () => ({ modules: WATCHED, activityMinutes: 10, pollMinutes: 30 }),
    channelApi: () => api,
    queue,
    clock,
    log: silentLog,
  };
  const keep = (publicUrl: string | null = PUBLIC, force = false) =>
    keepChannels(deps, aConnection(), publicUrl, { force });
  const idsAlive = () => [...live.keys()].sort();
  const pace = async () => (await schedules.of('c1'))[0]?.expr;
  const statuses = async (publicUrl?: string | null) =>
    (await keep(publicUrl)).channels.map(({ status }) => status);
  return {
    ...{ clock, rows, refused, waiting, alerted, live, calls, asked, states, fieldMap, schedules, channels },
    ...{ keep, idsAlive, pace, statuses },
    refuseWhen: (when: typeof refuse) => {
      refuse = when;
    },
    jobs: () => waiting.map(({ name }) => name),
  };
}

const only =
  (module: string, error: Error) =>
  ({ events }: { events: readonly string[] }) =>
    events.some((event) => event.startsWith(`${module}.`)) ? error : null;
const refusal = (zohoCode: string) => new ZohoRejectedError('refused', { zohoCode });

describe('channels', () => {
  test('are one a module, each with an address and a token of its own and less than a week without milliseconds', async () => {
    const { clock, rows, asked, keep } = setUp();

    const outcome = await keep();

    expect(outcome.status).toBe('notified');
    expect(asked.map(({ events }) => events)).toEqual([
      ['Deals.create', 'Deals.edit', 'Deals.delete'],
      ['Leads.create', 'Leads.edit', 'Leads.delete'],
    ]);
    const secrets = asked.map(({ notifyUrl }) => notifyUrl.slice(`${PUBLIC}/hooks/zoho/`.length));
    for (const [index, one] of asked.entries()) {
      expect(secrets[index]).toMatch(/^[\w-]{43}$/);
      expect(one.token).toMatch(/^[\w-]{40,50}$/);
      expect(one.expiry.getMilliseconds()).toBe(0);
      expect(one.expiry.getTime() - clock.now().getTime()).toBeLessThan(7 * DAY);
      // An answer may show it as a number.
      expect(Number.isSafeInteger(Number(one.channelId))).toBe(true);
    }
    expect(new Set([...secrets, ...asked.map(({ token }) => token)]).size).toBe(4);
    expect(rows().map(({ secretHash }) => secretHash)).toEqual(
      secrets.map((secret) => createHash('sha256').update(secret).digest('hex')),
    );
    for (const secret of secrets) expect(JSON.stringify(rows())).not.toContain(secret);
  });

  test('tell of the fields that we read and never write, in as many channels as ten fields each take', async () => {
    const many = Array.from({ length: 11 }, (_, index) => `Field_${index}`);
    const { asked, fieldMap, keep } = setUp({
      states: { Deals: ['ours.value_tier', ...many], Leads: ['Rating'] },
    });
    fieldMap.push(
      { module: 'Leads', key: 'needs', apiName: 'Needs', fieldId: '1', ...MAPPED },
      { module: 'Leads', key: 'follow_up_status', apiName: 'Follow_up_Status', fieldId: '2', ...MAPPED },
    );

    await keep();

    expect(asked.map(({ events, conditionFields }) => [events.length, conditionFields])).toEqual([
      [3, [{ module: 'Deals', fields: many.slice(0, 10) }]],
      [1, [{ module: 'Deals', fields: ['Field_10', 'Owner'] }]],
      [3, [{ module: 'Leads', fields: ['Rating', 'Owner', 'Needs'] }]],
    ]);
  });

  test('are left alone while young and heard, renewed in place at half life', async () => {
    const { clock, calls, rows, channels, statuses, idsAlive } = setUp();
    await statuses();
    const ids = idsAlive();
    calls.length = 0;

    await clock.advance(3 * DAY);
    await channels.heard(rows().map(({ channelId }) => ({ connection: 'c1', channelId, at: clock.now() })));
    expect(await statuses()).toEqual(['kept', 'kept']);
    expect(calls).toEqual([]);
    await clock.advance(DAY);
    expect(await statuses()).toEqual(['renewed', 'renewed']);

    expect(calls).toEqual(['renew Deals.create', 'renew Leads.create']);
    expect(idsAlive()).toEqual(ids);
    expect(rows()[0]?.expiresAt.getTime()).toBeGreaterThan(clock.now().getTime() + 6 * DAY);
  });

  test('that were not heard for half a day are asked after, and one that is gone is replaced and its gap read', async () => {
    const { clock, calls, live, rows, waiting, statuses } = setUp();
    await statuses();
    const openedAt = clock.now();
    const [deals, leads] = rows();
    live.delete(deals?.channelId ?? '');
    calls.length = 0;

    await clock.advance(12 * HOUR);
    expect(await statuses()).toEqual(['replaced', 'kept']);

    expect(calls).toEqual(['get', 'disable', 'enable Deals.create', 'get']);
    expect(
      rows()
        .map(({ channelId }) => channelId)
        .sort(),
    ).toEqual([channelIdOf('c1', { module: 'Deals', part: 0 }, 1), leads?.channelId].sort());
    expect(waiting).toContainEqual(
      expect.objectContaining({ name: 'read-gap', payload: { since: openedAt.toISOString() } }),
    );
  });

  test('that Zoho gave one hour only are renewed after half an hour', async () => {
    const { clock, waiting, keep } = setUp({
      granted: () => new Date(Date.parse('2026-06-10T09:00:00.789Z')),
    });

    await keep();

    expect(waiting).toMatchObject([
      { name: 'renew-channels', runAt: new Date(clock.now().getTime() + HOUR / 2) },
    ]);
  });

  test('that ran out while the service was off are replaced, and the gap is read once', async () => {
    const { clock, jobs, rows, statuses } = setUp();
    await statuses();
    await clock.advance(8 * DAY);

    expect(await statuses()).toEqual(['replaced', 'replaced']);

    expect(rows()).toHaveLength(2);
    expect(jobs().filter((name) => name === 'read-gap')).toHaveLength(1);
  });

  test('that told of nothing while syncs found changes are replaced, whatever Zoho says of them', async () => {
    const { clock, rows, channels, statuses } = setUp();
    await statuses();
    const [deals] = rows();
    await channels.addUnheard('c1', deals?.channelId ?? '', 3);

    const young = await statuses();
    await clock.advance(7 * HOUR);
    const settled = await statuses();

    expect([young, settled]).toEqual([
      ['kept', 'kept'],
      ['replaced', 'kept'],
    ]);
  });

  test('follow the settings: fields changed in place, modules opened and closed', async () => {
    const { states, asked, calls, live, idsAlive, statuses, keep } = setUp();
    await statuses();
    const ids = idsAlive();
    calls.length = 0;
    states.Deals = ['Stage', 'Deal_Value'];

    expect(await statuses()).toEqual(['updated', 'kept']);
    expect(await statuses()).toEqual(['kept', 'kept']);

    expect(calls).toEqual(['renew Deals.create']);
    expect(idsAlive()).toEqual(ids);
    const deals = asked.find(({ events }) => events[0] === 'Deals.create')?.channelId ?? '';
    expect(live.get(deals)?.conditionFields).toEqual([
      { module: 'Deals', fields: ['Stage', 'Deal_Value', 'Owner'] },
    ]);
    await keep();
  });

  test('of a module that Zoho refuses are missing and named; the others go on, and it is asked for again', async () => {
    const { refused, rows, refuseWhen, statuses } = setUp();
    refuseWhen(only('Deals', refusal('INVALID_MODULE')));

    expect(await statuses()).toEqual(['opened']);
    expect(refused()).toMatchObject([{ module: 'Deals', code: 'INVALID_MODULE' }]);
    expect(rows().map(({ module }) => module)).toEqual(['Leads']);
    refuseWhen(() => null);

    expect(await statuses()).toEqual(['opened', 'kept']);
    expect(refused()).toEqual([]);
  });

  test('whose condition Zoho refuses tell of every edit instead', async () => {
    const { refuseWhen, rows, live, statuses } = setUp();
    refuseWhen(({ conditionFields }) => (conditionFields.length > 0 ? refusal('INVALID_DATA') : null));

    expect(await statuses()).toEqual(['opened', 'opened']);
    expect([...live.values()].map(({ conditionFields }) => conditionFields)).toEqual([[], []]);
    expect(rows().map(({ conditioned }) => conditioned)).toEqual([false, false]);
    expect(await statuses()).toEqual(['kept', 'kept']);
  });

  test('move with the public address, end without one, and leave no orphan behind', async () => {
    const { calls, jobs, rows, idsAlive, live, pace, keep, statuses } = setUp();
    await statuses();
    const before = idsAlive();

    await keep('https://moved.example.test');
    expect([...live.values()].every(({ notifyUrl }) => notifyUrl.startsWith('https://moved.'))).toBe(true);
    expect(idsAlive()).toHaveLength(2);
    expect(rows()).toHaveLength(2);
    expect(jobs()).toContain('read-gap');
    expect(await pace()).toBe('every 1 hour');

    expect((await keep(null)).status).toBe('polling');
    expect([idsAlive(), rows(), await pace()]).toEqual([[], [], 'every 30 minutes']);
    calls.length = 0;
    expect((await keep(null)).status).toBe('polling');
    expect(calls).toEqual([]);

    await keep();
    expect(idsAlive()).toEqual(before);
    expect(await pace()).toBe('every 1 hour');
  });

  test('leave a schedule that a person has set as it is', async () => {
    const { schedules, pace, keep } = setUp();
    const [row] = await schedules.of('c1');
    if (row) await schedules.upsert({ ...row, expr: 'every 15 minutes' });

    await keep(null);

    expect(await pace()).toBe('every 15 minutes');
  });

  test('of a store restored from a backup: those that had replaced them are ended', async () => {
    const { clock, live, channels, rows, idsAlive, statuses } = setUp();
    await statuses();
    const backup = rows();
    for (const { channelId } of backup) live.delete(channelId);
    await clock.advance(12 * HOUR);
    await statuses();
    const orphans = idsAlive();
    for (const { channelId } of rows()) await channels.remove('c1', channelId);
    for (const row of backup) await channels.save('c1', row);

    expect(await statuses()).toEqual(['replaced', 'replaced']);

    // The same numbers, opened anew: the addresses that the store does not know are told of nothing more.
    expect(idsAlive()).toEqual(orphans);
    const known = new Set(rows().map(({ token }) => token));
    expect([...live.values()].every(({ token }) => known.has(token))).toBe(true);
  });

  test('of an older version, which told of several modules by one, are replaced', async () => {
    const { live, channels, jobs, rows, keep } = setUp();
    const old = { channelId: '9223372036854775807', module: null, part: 0, generation: 0 };
    await keep();
    const [row] = rows();
    if (row) await channels.save('c1', { ...row, ...old });
    live.clear();
    for (const one of rows().slice(0, 2)) if (one.module) await channels.remove('c1', one.channelId);

    await keep();

    expect(rows().every(({ module }) => module !== null)).toBe(true);
    expect(jobs()).toContain('read-gap');
  });

  test('stay as they are when Zoho is away; what concerns a person is told while it lasts', async () => {
    const { clock, rows, alerted, refuseWhen, keep } = setUp();
    await keep();
    const before = rows().map(({ channelId }) => channelId);
    await clock.advance(4 * DAY);
    refuseWhen(only('Deals', new ZohoUnavailableError('502')));

    await expect(keep()).rejects.toThrow(ZohoUnavailableError);
    expect(
      rows()
        .map(({ channelId }) => channelId)
        .sort(),
    ).toEqual(before.sort());
    expect(alerted.size).toBe(0);
    await clock.advance(3 * DAY - 2 * HOUR);
    await expect(keep()).rejects.toThrow(ZohoUnavailableError);
    expect(alerted.get('channels_failing')).toMatchObject({
      severity: 'warning',
      params: { modules: ['Deals'] },
    });
    refuseWhen(() => null);
    await keep();

    expect(alerted.size).toBe(0);
  });

  test('that Zoho refuses altogether leave polling, and the connection as it was', async () => {
    const { calls, refused, refuseWhen, pace, keep } = setUp();

    refuseWhen(() => new ZohoAuthError('scope is missing', { scope: true }));
    expect((await keep()).status).toBe('polling');
    expect(calls).toHaveLength(1);
    expect(refused().map(({ module }) => module)).toEqual([...WATCHED]);
    expect(await pace()).toBe('every 30 minutes');
    refuseWhen(() => new ZohoAuthError('refresh token refused'));
    await expect(keep()).rejects.toThrow(ZohoAuthError);
  });

  test('are renewed now when somebody asks for it', async () => {
    const { keep } = setUp();
    await keep();

    const { channels } = await keep(PUBLIC, true);

    expect(channels.map(({ status }) => status)).toEqual(['renewed', 'renewed']);
  });

  test('take http on this machine only', async () => {
    const { keep } = setUp();

    await expect(keep('http://value.example.test')).rejects.toThrow(ConfigError);
    expect((await keep('http://127.0.0.1:3000')).status).toBe('notified');
  });
});
