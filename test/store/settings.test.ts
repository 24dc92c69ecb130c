import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { ConflictError } from '../../src/errors.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, connected, later } from './builders.ts';

describeOnBoth('stored settings', (database) => {
  async function setUp() {
    const keys = await loadKeys({ keys: Buffer.alloc(32, 1).toString('base64'), keyFile: null });
    const { settings, ...store } = createStore(await database.open(), keys);
    const one = await connected({ ...store, settings }, { name: 'one' });
    const two = await connected({ ...store, settings }, { name: 'two' });
    const input = { document: 'scoring: {}', note: 'why', who: 'ann', at: AT, baseHash: 'b' };
    return { settings, one, two, input };
  }

  test('a draft is in force only when it is published, and counts on after one that was replaced', async () => {
    const { settings, one, two, input } = await setUp();

    const first = await settings.saveDraft(one, input);
    const second = await settings.saveDraft(one, { ...input, document: 'fields: {}' });
    expect(await settings.current(one)).toBeNull();
    expect(await settings.draft(one)).toMatchObject({ version: 2, document: 'fields: {}' });
    await expect(settings.publish(one, first.version, input)).rejects.toThrow(ConflictError);
    await settings.publish(one, second.version, { note: null, who: 'bob', at: later(1) });

    expect(await settings.current(one)).toEqual({
      ...{ version: 2, state: 'published', document: 'fields: {}', note: 'why', who: 'bob' },
      ...{ at: later(1), baseHash: 'b', basedOn: 0 },
    });
    expect(await settings.history(two, 10)).toEqual([]);
    expect([...(await settings.allCurrent()).keys()]).toEqual([one]);
  });

  test('of two people who change the same version the second is told', async () => {
    const { settings, one, input } = await setUp();
    await settings.add(one, { ...input, basedOn: 0 });
    const draft = await settings.saveDraft(one, input);

    await settings.add(one, { ...input, basedOn: 1 });

    await expect(settings.add(one, { ...input, basedOn: 1 })).rejects.toThrow('version 3 was published');
    await expect(settings.publish(one, draft.version, input)).rejects.toThrow(ConflictError);
    expect((await settings.history(one, 10)).map(({ version, state }) => [version, state])).toEqual([
      [3, 'published'],
      [2, 'draft'],
      [1, 'published'],
    ]);
    expect([await settings.discardDraft(one), await settings.discardDraft(one)]).toEqual([true, false]);
  });

  test('what a connection was last run under is noted once', async () => {
    const { settings, one } = await setUp();
    const use = { connection: one, version: 0, baseHash: 'b', overlayHash: '', at: AT };

    await settings.noteInUse(use);
    await settings.noteInUse({ ...use, version: 4, at: later(5) });

    expect(await settings.allInUse()).toEqual([{ ...use, version: 4, at: later(5) }]);
  });
});
