import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { PlanItem } from '../../src/store/plan-stores.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aFieldItem, connected } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

function aChange(recordId: string, more: object): PlanItem {
  const item = aFieldItem(recordId, 'Top');
  if (item.kind !== 'field') throw new Error('a field item is one');
  return { kind: 'field', change: { ...item.change, ...more } };
}
const notMade = (name: string, id: string): PlanItem => ({
  kind: 'suppressed',
  task: { customer: { module: 'Accounts', id }, name, reason: 'contact_gap', why: 'cap', ownerId: null },
});

describeOnBoth('the changes of a plan', ({ open }) => {
  async function listed() {
    const store = createStore(await open(), keys);
    const connection = await connected(store, {});
    const runId = await store.runs.start(connection, 'plan', {}, AT);
    const planId = await store.plans.open(connection, runId, '2026-03-01');
    const reason = { code: 'x', params: { name: 'Globex', field: 'next_step' } };
    await store.plans.append(planId, [
      aChange('100', { name: 'Acme', reason }),
      aChange('100', { name: 'Acme', field: 'next_step', cause: 'step_changed' }),
      aChange('200', { name: '100% Øl_Bar', cause: 'tier_changed' }),
      notMade('Globex', '300'),
    ]);
    return async (wanted: object, limit = 50) => {
      const { items, next } = await store.lists.planItems(planId, { after: null, limit, ...wanted });
      return { seqs: items.map(({ seq }) => seq), next };
    };
  }

  test('are found by field and by cause, and by both', async () => {
    const found = await listed();

    expect((await found({ field: 'value_tier' })).seqs).toEqual([1, 3]);
    expect((await found({ cause: 'tier_changed' })).seqs).toEqual([3]);
    expect((await found({ field: 'next_step', cause: 'tier_changed' })).seqs).toEqual([]);
    expect((await found({ field: 'value_tier' }, 1)).next).toBe(1);
  });

  test('are found by part of the name, whatever its case, and by the id of the record; a reason that names somebody else is no name', async () => {
    const found = await listed();

    expect((await found({ search: 'aCM' })).seqs).toEqual([1, 2]);
    expect((await found({ search: '300' })).seqs).toEqual([4]);
    expect((await found({ search: '30' })).seqs).toEqual([]);
    expect((await found({ search: 'globex' })).seqs).toEqual([4]);
    expect((await found({ search: 'globex', kind: 'field' })).seqs).toEqual([]);
  });

  test('signs that mean something to a database mean themselves', async () => {
    const found = await listed();

    expect((await found({ search: '0% ' })).seqs).toEqual([3]);
    expect((await found({ search: 'l_b' })).seqs).toEqual([3]);
    expect((await found({ search: 'a_m' })).seqs).toEqual([]);
    expect((await found({ search: "'\\" })).seqs).toEqual([]);
  });
});
