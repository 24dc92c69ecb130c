import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { MappedField } from '../../src/changes.ts';
import { loadKeys } from '../../src/crypto.ts';
import { createStore, type MappingState } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { connected, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

describeOnBoth('mapping states', ({ open }) => {
  async function aStore() {
    const store = createStore(await open(), keys);
    return { store, id: await connected(store) };
  }
  const good = (input: string): MappingState => ({
    input,
    fieldId: '9',
    apiName: 'Amount',
    dataType: 'currency',
    reason: null,
    repair: null,
    pausedSince: null,
  });
  const paused = (input: string): MappingState => ({
    ...good(input),
    reason: 'removed',
    repair: 'restore it',
    pausedSince: later(1),
  });

  test('are replaced module by module, and those that are paused are listed', async () => {
    const { store, id } = await aStore();
    await store.mappingStates.replace(id, 'Deals', [good('amount'), good('stage')]);
    await store.mappingStates.replace(id, 'Cases', [good('status')]);

    await store.mappingStates.replace(id, 'Deals', [paused('amount')]);

    expect(await store.mappingStates.of(id, 'Deals')).toEqual([paused('amount')]);
    expect(await store.mappingStates.of(id, 'Cases')).toEqual([good('status')]);
    expect(await store.mappingStates.paused(id)).toEqual([{ ...paused('amount'), module: 'Deals' }]);
  });

  test('a field of ours that is paused is not written, and is again once it was made anew', async () => {
    const { store, id } = await aStore();
    const field = (key: MappedField['key'], fieldId: string): MappedField => ({
      key,
      module: 'Accounts',
      apiName: key,
      fieldId,
      label: key,
      state: 'created',
    });
    const [tier, gap] = [field('value_tier', '9'), field('contact_gap_days', '10')];
    await store.fieldMap.upsert(id, [tier, gap]);
    await store.mappingStates.replace(id, 'Accounts', [paused('ours.value_tier')]);

    expect(await store.fieldMap.all(id)).toHaveLength(2);
    expect(await store.fieldMap.writable(id)).toEqual([gap]);

    await store.fieldMap.upsert(id, [field('value_tier', '11'), gap]);

    expect(await store.fieldMap.writable(id)).toHaveLength(2);
  });
});
