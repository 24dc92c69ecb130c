import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { firstOutcome } from '../../src/plan/outcomes.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aReminder, aScore, aState, connected } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const reminder = (id: string, over: Parameters<typeof aReminder>[0] = {}) =>
  aReminder({
    cvRef: `cv-contact_gap-${id}-1`,
    customer: { module: 'Accounts', id },
    taskId: `9${id}`,
    ...over,
  });
const outcome = (id: string, over: Partial<ReturnType<typeof firstOutcome>> = {}) => ({
  ...firstOutcome(reminder(id), 'leaving'),
  ...over,
});

describeOnBoth('outcomes and digests', ({ open }) => {
  async function anOrg() {
    const store = createStore(await open(), keys);
    return { store, connection: await connected(store) };
  }

  test('pending are reminders with a task of which not all is known, with what is', async () => {
    const { store, connection } = await anOrg();
    const other = await connected(store, { name: 'other' });
    await store.reminders.save(connection, [
      ...[reminder('100'), reminder('101'), reminder('102')],
      reminder('103', { taskId: null }),
    ]);
    await store.reminders.save(other, [reminder('100')]);
    const touched = outcome('101', { touchedOn: '2026-03-02' });
    await store.outcomes.save(connection, [touched, outcome('102', { settledOn: '2026-07-01' })]);

    expect(await store.outcomes.pending(connection)).toEqual([
      { reminder: reminder('100'), outcome: null },
      { reminder: reminder('101'), outcome: touched },
    ]);
  });

  test('each reminder is counted once by its end, and what followed only among those old enough', async () => {
    const { store, connection } = await anOrg();
    await store.outcomes.save(connection, [
      outcome('100'),
      outcome('101', { ignoredOn: '2026-03-20' }),
      outcome('102', { ignoredOn: '2026-03-20', ended: 'done', boughtOn: '2026-03-25' }),
      outcome('103', { ignoredOn: '2026-03-20', ended: 'need_gone', touchedOn: '2026-03-09' }),
      outcome('104', { ended: 'deleted' }),
      outcome('105', { ended: 'need_gone', improvedOn: '2026-03-09', createdOn: '2026-04-01' }),
      outcome('106', { ended: 'done', createdOn: '2026-02-01' }),
    ]);
    await store.outcomes.save(connection, [outcome('100', { touchedOn: '2026-03-02' })]);

    const days = { since: '2026-03-01', touchBefore: '2026-04-01', resultBefore: '2026-03-31' };
    expect(await store.outcomes.count(connection, days)).toEqual([
      {
        ...{ reason: 'contact_gap', made: 6, open: 1, done: 1, deleted: 1, ignored: 2, needGone: 1 },
        ...{ touchKnown: 6, touched: 2, resultKnown: 5, bought: 1, improved: 0 },
      },
    ]);
    expect(await store.outcomes.count(connection, { ...days, since: null })).toMatchObject([{ made: 7 }]);
  });

  test('the digests of the newest day come back, the one of all first', async () => {
    const { store, connection } = await anOrg();
    const digest = (until: string, ownerId: string | null, body: unknown) => ({ until, ownerId, body });
    await store.digests.save(connection, [digest('2026-03-01', null, { n: 1 })], AT);
    await store.digests.save(
      connection,
      [digest('2026-03-08', '7', { n: 2 }), digest('2026-03-08', null, 3)],
      AT,
    );
    await store.digests.save(connection, [digest('2026-03-08', '7', { n: 4 })], AT);

    expect(await store.digests.latest(connection)).toEqual([
      digest('2026-03-08', null, 3),
      digest('2026-03-08', '7', { n: 4 }),
    ]);
  });

  test('moves tell what a customer was before a span and at its end, and who came within it', async () => {
    const { store, connection } = await anOrg();
    const scored = (id: string, asOf: string, tier: 'top' | 'good' | 'none') =>
      store.scores.save(connection, [{ score: aScore({ id, asOf, tier }), state: aState() }]);
    await scored('100', '2026-02-01', 'top');
    await scored('101', '2026-02-01', 'top');
    await scored('100', '2026-03-03', 'good');
    await scored('100', '2026-03-05', 'none');
    await scored('102', '2026-03-04', 'good');
    await scored('101', '2026-03-09', 'good');

    const moves = await store.scores.moves(connection, '2026-03-01', '2026-03-08');

    expect(moves).toMatchObject([
      { key: { module: 'Accounts', id: '100' }, before: { tier: 'top' }, after: { tier: 'none' } },
      { key: { module: 'Accounts', id: '102' }, before: null, after: { tier: 'good', gold: false } },
    ]);
  });

  test('the scores of some records come in any number, and those without one are left out', async () => {
    const { store, connection } = await anOrg();
    await store.scores.save(
      connection,
      ['100', '101', '102'].map((id) => ({ score: aScore({ id }), state: aState() })),
      { inPacks: true },
    );

    const scores = await store.scores.of(connection, ['102', '7', '100']);

    expect(scores.map(({ key }) => key.id)).toEqual(['100', '102']);
  });
});
