import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { addRow } from '../support/every-table.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { connected } from './builders.ts';

const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const NOW = new Date('2026-06-01T00:00:00.000Z');
const clock = fakeClock(NOW);
const DAYS = {
  deliveries: 30,
  undo: 90,
  runs: 365,
  scoreHistory: 365,
  alerts: 365,
  digests: 365,
  audit: 731,
  expired: 7,
};
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

async function aPlan(db: Db, connection: string, state: string, at: Date): Promise<number> {
  const run = await createStore(db, keys, clock).runs.start(connection, 'plan', {}, at);
  const { id } = await db.kysely
    .insertInto('plans')
    .values({
      connection_id: connection,
      run_id: Number(run),
      as_of: '2026-01-01',
      is_narrow: false,
      state,
      summary: '{}',
      created_at: at,
      rules: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const item = { connection_id: connection, plan_id: id, seq: 1, done: true, item: '{}' };
  await db.kysely.insertInto('plan_items').values(item).execute();
  return id;
}
const anIntent = (connection: string, plan: number, outcome: string | null, at: Date) => ({
  connection_id: connection,
  run_id: plan,
  plan_id: plan,
  seqs: '[]',
  kind: 'update',
  module: 'Accounts',
  record_id: '1',
  cv_ref: null,
  before_values: '{}',
  sent: '{}',
  field_values: '{}',
  begun_at: at,
  outcome,
  code: null,
  message: null,
  bulk_write: null,
});
const moved = (connection: string, record: string, day: string) => ({
  connection_id: connection,
  module: 'Accounts',
  record_id: record,
  as_of: day,
  tier: 'top',
  phase: 'loyal',
  sub_phase: null,
  gold: false,
  profit12: 1,
});

describeOnBoth('retention', ({ open }) => {
  test('what undo, the newest plan, a comparison of years and an unfinished write need stays, however old', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await connected(store);
    const old = await aPlan(db, connection, 'superseded', daysAgo(200));
    const applied = await aPlan(db, connection, 'applied', daysAgo(150));
    const held = await aPlan(db, connection, 'held', daysAgo(140));
    const last = await aPlan(db, connection, 'superseded', daysAgo(120));
    await db.kysely
      .insertInto('write_intents')
      .values([
        anIntent(connection, applied, 'written', daysAgo(91)),
        anIntent(connection, applied, 'written', daysAgo(89)),
        anIntent(connection, applied, null, daysAgo(300)),
      ])
      .execute();
    await db.kysely
      .insertInto('score_history')
      .values([
        moved(connection, '1', '2023-01-01'),
        moved(connection, '1', '2024-01-01'),
        moved(connection, '1', '2026-01-01'),
        moved(connection, '2', '2020-01-01'),
      ])
      .execute();

    const { rows, isMore } = await store.retention.removeOld(DAYS, NOW, 20_000);

    expect(isMore).toBe(false);
    expect(rows).toEqual({ plan_items: 1, write_intents: 1, score_history: 1 });
    const items = await db.kysely.selectFrom('plan_items').select('plan_id').orderBy('plan_id').execute();
    expect(items.map((row) => row.plan_id)).toEqual([applied, held, last]);
    expect(items.map((row) => row.plan_id)).not.toContain(old);
    const kept = await db.kysely.selectFrom('score_history').select('as_of').orderBy('as_of').execute();
    expect(kept.map((row) => row.as_of)).toEqual(['2020-01-01', '2024-01-01', '2026-01-01']);
    expect((await store.intents.unfinished(connection)).length).toBe(1);
    expect((await store.plans.get(String(old)))?.state).toBe('superseded');
  });

  test('old deliveries, runs, alerts, entries of the log and ended links go, those at work stay', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await connected(store);
    const tables = [
      'deliveries',
      'alerts',
      'digests',
      'audit_log',
      'connect_links',
      'invitations',
      'bulk_hints',
    ];
    for (const table of tables) {
      for (const [number, days] of [800, 3].entries())
        await addRow(db, table, { connection, text: `${number}`, at: daysAgo(days), number });
    }
    await sql`insert into deliveries (connection_id, delivery_key, channel_id, received_at, body)
      values (${connection}, 'waits', 'c', ${daysAgo(900)}, '{}')`.execute(db.kysely);
    for (const days of [900, 800, 2]) {
      const run = await store.runs.start(connection, 'sync', {}, daysAgo(days));
      await store.runs.finish(run, 'done', {}, daysAgo(days));
    }
    const lone = await store.runs.start(connection, 'fit', {}, daysAgo(900));
    await store.runs.finish(lone, 'done', {}, daysAgo(900));

    const { rows } = await store.retention.removeOld(DAYS, NOW, 20_000);

    expect(rows).toEqual({ ...Object.fromEntries(tables.map((table) => [table, 1])), runs: 2 });
    expect(await store.runs.get(lone)).not.toBeNull();
    const { rows: waiting } = await sql`select 1 from deliveries where done_at is null`.execute(db.kysely);
    expect(waiting).toHaveLength(1);
  });

  test('old events go with their deliveries, and one that waits for an endpoint or for mail stays', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await connected(store);
    const endpoint = { url: 'https://hooks.firm.test/', types: ['*'], secret: 'whsec_x' };
    const { id } = await store.events.addEndpoint(connection, endpoint, daysAgo(50));
    for (const days of [40, 35, 3]) {
      const event = { type: 'test', recordId: null, data: { days } };
      await store.events.appendFor(connection, id, event, daysAgo(days));
    }
    await store.events.append(connection, [{ type: 'alert.opened', recordId: null, data: {} }], daysAgo(33));
    const outcome = { status: 200, error: null, durationMs: 1, resumeAt: null };
    const [oldest, , alert] = await store.events.due(id, NOW, 10);
    for (const [delivery, days] of [
      [oldest, 40],
      [alert, 3],
    ] as const) {
      const at = daysAgo(days);
      await store.events.noteAttempt(id, delivery?.id ?? 0, { ...outcome, at, next: { state: 'delivered' } });
    }

    const { rows } = await store.retention.removeOld(DAYS, NOW, 20_000);

    expect(rows).toEqual({ event_attempts: 1, out_events: 1 });
    const left = await store.events.log(connection, { limit: 10 });
    expect(left.map(({ state, eventId }) => [state, eventId !== oldest?.event.eventId])).toEqual([
      ['delivered', true],
      ['waiting', true],
      ['waiting', true],
    ]);
    expect(await store.mailing.waitingEvents(connection)).toHaveLength(1);
  });

  test('it works in pieces, stops when its time is up, and the next call goes on', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await connected(store);
    await sql`insert into credit_ledger (connection_id, minute, credits) values ${sql.join(
      Array.from({ length: 3_000 }, (_, at) => sql`(${connection}, ${daysAgo(20 + at / 1_440)}, 1)`),
    )}`.execute(db.kysely);

    const first = await store.retention.removeOld(DAYS, NOW, 0);
    const second = await store.retention.removeOld(DAYS, NOW, 20_000);

    expect(first).toMatchObject({ isMore: true });
    expect(second).toEqual({ rows: { credit_ledger: 3_000 }, isMore: false });
  });
});
