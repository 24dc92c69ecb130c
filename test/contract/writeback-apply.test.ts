import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FieldValue } from '../../src/domain.ts';
import { allFields, aScore } from '../unit/plan/builders.ts';
import {
  aWorld,
  CONTACT,
  type Database,
  DEAL,
  GOOD,
  itemsOf,
  MARGINAL,
  NEW_OWNER,
  OPEN_TASK,
  openDatabase,
  PERSON,
  REF,
  SCORES,
  STALE_TASK,
  TOP,
  type World,
} from '../unit/writeback/world.ts';

let database: Database;
const worlds: World[] = [];
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});
async function start(options: Parameters<typeof aWorld>[1] = {}): Promise<World> {
  const world = await aWorld(database.store, options);
  worlds.push(world);
  return world;
}
const refs = (world: World) =>
  world.crm
    .tasks()
    .map((task) => String(task.Description).split('\n').at(-1))
    .sort();
const ALL_REFS = [REF(TOP), REF(GOOD), REF(MARGINAL), REF(PERSON)].map((ref) => `ref: ${ref}`).sort();
const tier = (world: World, module: string, id: string) => world.crm.row(module, id)?.Value_Tier;

describe('an apply without trouble', () => {
  test('writes fields and tasks, and the plan after it is empty', async () => {
    const world = await start();

    const result = await world.apply(await world.plan(SCORES));
    const next = await world.plan(SCORES);

    expect(result).toMatchObject({
      written: 6,
      skipped: 0,
      rejected: [],
      tasks: { created: 2, updated: 1, closed: 1 },
      remaining: 0,
      stopped: null,
    });
    expect(await itemsOf(database.store, next, 'all')).toEqual([]);
    expect(world.crm.row('Accounts', TOP)).toMatchObject({
      Value_Tier: 'Top',
      Lifecycle_Phase: 'Established',
      Profit_12_Months: 9000,
      Last_Contact: '2025-12-01',
    });
    expect(world.crm.row('Contacts', CONTACT)).toMatchObject({ Customer_Tier: 'Top' });
    expect(world.crm.row('Contacts', PERSON)).toMatchObject({ Value_Tier: 'Good' });
    expect(world.crm.row('Deals', DEAL)).toMatchObject({ Customer_Phase: 'Established' });
    expect(new Set(world.crm.writes.values())).toEqual(new Set([1]));
  });

  test('uses one call a module and kind: customers, then copies, then tasks', async () => {
    const world = await start();

    await world.apply(await world.plan(SCORES));

    expect(world.crm.calls).toEqual([
      'PUT Accounts',
      'PUT Contacts',
      'PUT Deals',
      'POST Tasks',
      'GET Tasks',
      'PUT Tasks',
      'GET Tasks',
      'PUT Tasks',
    ]);
  });

  test('makes a task as Zoho wants it, about an account or about a contact', async () => {
    const world = await start();

    await world.apply(await world.plan(SCORES));

    const task = (ref: string) => world.crm.tasks().find((row) => row.CV_Ref === ref);
    expect(task(REF(TOP))).toMatchObject({
      Status: 'Not Started',
      Priority: 'High',
      Due_Date: '2026-02-11',
      What_Id: { id: TOP },
      $se_module: 'Accounts',
      Who_Id: { id: CONTACT },
      Remind_At: {
        ALARM: 'FREQ=NONE;ACTION=EMAILANDPOPUP;TRIGGER=DATE-TIME:2026-02-11T09:00:00+01:00',
      },
    });
    const about = task(REF(PERSON));
    expect(about).toMatchObject({ Who_Id: { id: PERSON } });
    expect(about).not.toHaveProperty('What_Id');
    expect(about).not.toHaveProperty('$se_module');
  });

  test('changes and completes tasks without losing what a person wrote', async () => {
    const world = await start();

    await world.apply(await world.plan(SCORES));

    expect(world.crm.row('Tasks', OPEN_TASK)).toMatchObject({
      Owner: { id: NEW_OWNER },
      Status: 'Not Started',
    });
    const closed = world.crm.row('Tasks', STALE_TASK);
    expect(closed?.Status).toBe('Completed');
    expect(String(closed?.Description).split('\n')).toEqual([
      'Please call.',
      'A note by hand.',
      '',
      'Completed by Customer Value: contact was made.',
      '',
      `ref: ${REF(MARGINAL)}`,
    ]);
  });

  test('writes more than one call takes in full calls, best tier first', async () => {
    const world = await start();
    const many = Array.from({ length: 230 }, (_, index) => {
      const id = `57257670000006${String(index).padStart(5, '0')}`;
      const wanted = (['marginal', 'top', 'good'] as const)[index % 3] ?? 'none';
      return aScore({ id, name: `Firm ${index}`, tier: wanted, contactDue: false });
    });
    for (const score of many) world.crm.modules.get('Accounts')?.rows.set(score.key.id, { id: score.key.id });
    await database.store.records.save(
      world.connection.id,
      'Accounts',
      many.map((score) => ({
        record: {
          id: score.key.id,
          name: score.name,
          createdAt: new Date(0),
          modifiedAt: new Date(0),
          ownerId: null,
          ours: {},
          parentId: null,
          number: null,
          accountType: null,
          source: null,
          keptContactDay: null,
          inputs: {},
          domain: null,
          terms: {},
        },
        inputHash: 'h',
      })),
      null,
    );
    const planId = await world.plan(many);
    // The second call finds no credits left: what stands by then are the best.
    world.crm.faults.push(null, {
      status: 403,
      body: { code: 'NO_PERMISSION', message: 'x', details: {}, status: 'error' },
    });

    const result = await world.apply(planId);

    const written = many.filter((score) => tier(world, 'Accounts', score.key.id) !== undefined);
    expect(written.filter((score) => score.tier === 'top')).toHaveLength(77);
    expect(written.filter((score) => score.tier === 'marginal')).toHaveLength(0);
    expect(written).toHaveLength(100);
    expect(result.rejected).toHaveLength(130);
    expect(world.crm.calls.filter((call) => call === 'PUT Accounts')).toHaveLength(2);
  });
});

describe('rows that Zoho refuses', () => {
  test('are named with code and field; the good rows of the batch stand', async () => {
    const world = await start();
    world.crm.rejections.set(GOOD, { code: 'RECORD_LOCKED', field: null });
    world.crm.modules.get('Accounts')?.rows.delete(MARGINAL);

    const result = await world.apply(await world.plan(SCORES));

    expect(result.rejected).toMatchObject([
      { module: 'Accounts', recordId: GOOD, code: 'RECORD_LOCKED', field: null },
      { module: 'Accounts', recordId: MARGINAL, code: 'INVALID_DATA', field: 'id' },
    ]);
    expect(tier(world, 'Accounts', TOP)).toBe('Top');
    expect(result).toMatchObject({ written: 4, remaining: 0, stopped: null });
  });

  test('are planned again by the next run, the written ones are not', async () => {
    const world = await start();
    world.crm.rejections.set(GOOD, { code: 'RECORD_LOCKED', field: null });
    await world.apply(await world.plan(SCORES));
    world.crm.rejections.clear();

    const result = await world.apply(await world.plan(SCORES));

    expect(result).toMatchObject({ written: 1, rejected: [], tasks: { created: 0, updated: 0, closed: 0 } });
    expect(tier(world, 'Accounts', GOOD)).toBe('Good');
  });

  test('for one field get the other fields: a field that left the org is named once a record', async () => {
    const world = await start();
    const accounts = world.crm.modules.get('Accounts');
    if (accounts) accounts.fields = accounts.fields.filter((field) => field.api_name !== 'Goodwill_Budget');

    const result = await world.apply(await world.plan(SCORES));

    expect(result.rejected.map(({ recordId, field }) => [recordId, field])).toEqual([
      [TOP, 'Goodwill_Budget'],
      [GOOD, 'Goodwill_Budget'],
      [MARGINAL, 'Goodwill_Budget'],
    ]);
    expect(tier(world, 'Accounts', TOP)).toBe('Top');
    expect(result.written).toBe(6);
  });

  test('of a whole module leave the other modules alone', async () => {
    const world = await start();
    world.crm.refusedModules.set('Contacts', { status: 403, code: 'NO_PERMISSION' });

    const result = await world.apply(await world.plan(SCORES));

    expect(result.rejected.map(({ module, recordId, code }) => [module, recordId, code]).sort()).toEqual([
      ['Contacts', CONTACT, 'NO_PERMISSION'],
      ['Contacts', PERSON, 'NO_PERMISSION'],
    ]);
    expect(tier(world, 'Accounts', GOOD)).toBe('Good');
    expect(world.crm.row('Deals', DEAL)).toMatchObject({ Customer_Tier: 'Top' });
    expect(result.tasks.created).toBe(2);
  });

  test('a task that a person deleted is left alone, and counts as closed by a person', async () => {
    const world = await start();
    world.crm.modules.get('Tasks')?.rows.delete(OPEN_TASK);

    const result = await world.apply(await world.plan(SCORES));

    expect(result).toMatchObject({ rejected: [], skipped: 1, tasks: { updated: 0 } });
    const reminders = await database.store.reminders.all(world.connection.id);
    expect(reminders.find((reminder) => reminder.cvRef === REF(GOOD))).toMatchObject({
      state: 'closed_by_person',
      closedOn: '2026-02-10',
    });
  });

  test('a task that a person completed first stays as that person left it', async () => {
    const world = await start();
    const task = world.crm.row('Tasks', STALE_TASK);
    if (task) task.Status = 'Completed';

    const result = await world.apply(await world.plan(SCORES));

    expect(result).toMatchObject({ skipped: 1, tasks: { closed: 0 } });
    expect(world.crm.row('Tasks', STALE_TASK)?.Description).not.toContain('Customer Value');
    const reminders = await database.store.reminders.all(world.connection.id);
    expect(reminders.find((reminder) => reminder.cvRef === REF(MARGINAL))?.state).toBe('closed_by_person');
  });
});

describe('a field of ours that a person changes', () => {
  const all = (usual: 'ours' | 'theirs' | 'report') => ({ usual, fields: {} });
  const account = (world: World, id: string) => {
    const row = world.crm.row('Accounts', id);
    if (!row) throw new Error(`there is no account ${id}`);
    return row;
  };

  test('between plan and apply is written over by default, without a call more', async () => {
    const world = await start();
    const planId = await world.plan(SCORES);
    account(world, TOP).Value_Tier = 'Marginal';

    await world.apply(planId);

    expect(tier(world, 'Accounts', TOP)).toBe('Top');
    expect(world.crm.calls).not.toContain('GET Accounts');
  });

  test.each([
    ['theirs', 0],
    ['report', 1],
  ] as const)('between plan and apply stays under %s, and %i is named', async (usual, named) => {
    const world = await start({ onEdit: all(usual) });
    const planId = await world.plan(SCORES);
    account(world, TOP).Value_Tier = 'Marginal';

    const result = await world.apply(planId);

    expect(result).toMatchObject({ keptEdits: 1, rejected: [] });
    expect(result.edited).toEqual(
      [
        {
          module: 'Accounts',
          recordId: TOP,
          name: 'Alfa',
          field: 'value_tier',
          theirs: 'Marginal',
          ours: 'Top',
        },
      ].slice(0, named),
    );
    expect(account(world, TOP)).toMatchObject({ Value_Tier: 'Marginal', Profit_12_Months: 9000 });
    expect(tier(world, 'Accounts', GOOD)).toBe('Good');
  });

  test('between our reading and our writing stays as well', async () => {
    const world = await start({ onEdit: { usual: 'ours', fields: { value_tier: 'theirs' } } });
    for (const id of [TOP, GOOD, MARGINAL]) account(world, id).Modified_Time = '2026-02-01T08:00:00+00:00';
    const planId = await world.plan(SCORES);
    world.crm.afterRead = (row) => {
      if (row.id !== TOP) return;
      world.crm.afterRead = null;
      Object.assign(row, { Value_Tier: 'Marginal', Modified_Time: '2026-02-10T06:59:00+00:00' });
    };

    const result = await world.apply(planId);

    expect(result).toMatchObject({ keptEdits: 1, rejected: [] });
    expect(account(world, TOP)).toMatchObject({ Value_Tier: 'Marginal', Lifecycle_Phase: 'Established' });
    expect(tier(world, 'Accounts', GOOD)).toBe('Good');
  });

  test('and that the next plan finds stays until the person empties it', async () => {
    const world = await start({ onEdit: all('theirs') });
    await world.apply(await world.plan(SCORES));
    const note = async (value: FieldValue) => {
      account(world, TOP).Value_Tier = value;
      await database.store.records.setOurs(world.connection.id, 'Accounts', [
        { id: TOP, ours: { value_tier: value } },
      ]);
    };

    await note('Marginal');
    const kept = await itemsOf(database.store, await world.plan(SCORES), 'all');
    await note(null);
    await world.apply(await world.plan(SCORES));

    expect(kept).toEqual([]);
    expect(tier(world, 'Accounts', TOP)).toBe('Top');
  });
});

describe('a task that people work on', () => {
  const held = (world: World, id: string) => {
    const task = world.crm.row('Tasks', id);
    if (!task) throw new Error(`there is no task ${id}`);
    return task;
  };

  test('keeps the subject and the date that they gave it, while the rest of the update is written', async () => {
    const world = await start();
    const task = held(world, OPEN_TASK);
    Object.assign(task, { Subject: 'Ask for Anna', Due_Date: '2026-03-01' });

    const result = await world.apply(await world.plan(SCORES));

    expect(result).toMatchObject({ rejected: [], tasks: { updated: 1 } });
    expect(task).toMatchObject({ Subject: 'Ask for Anna', Due_Date: '2026-03-01', Owner: { id: NEW_OWNER } });
    expect(task.Remind_At).toBeUndefined();
    expect(await itemsOf(database.store, await world.plan(SCORES), 'all')).toEqual([]);
  });

  test.each([
    ['before it is changed', OPEN_TASK],
    ['before it is completed', STALE_TASK],
  ])('loses nothing that they write between our reading and our writing %s', async (_, id) => {
    const world = await start();
    const task = held(world, id);
    world.crm.afterRead = (row) => {
      if (row !== task) return;
      world.crm.afterRead = null;
      Object.assign(task, {
        Subject: 'Ask for Anna',
        Description: `They want oak.\n${String(task.Description)}`,
        Modified_Time: '2026-02-10T06:59:00+00:00',
      });
    };

    const result = await world.apply(await world.plan(SCORES));

    expect(result).toMatchObject({ rejected: [], tasks: { updated: 1, closed: 1 } });
    expect(task.Subject).toBe('Ask for Anna');
    expect(task.Description).toContain('They want oak.');
    expect(held(world, OPEN_TASK).Owner).toEqual({ id: NEW_OWNER });
    expect(held(world, STALE_TASK).Status).toBe('Completed');
  });

  const taskOf = (world: World, id: string) => {
    const task = world.crm.tasks().find(({ Description: text }) => String(text).endsWith(`ref: ${REF(id)}`));
    if (!task) throw new Error(`no task of ${id}`);
    return task;
  };
  const LOYAL = SCORES.map((score) => ({ ...score, phase: 'loyal' as const, phaseSince: '2026-02-01' }));

  test('gets our new words when its facts change, around what they wrote', async () => {
    const world = await start();
    await world.apply(await world.plan(SCORES));
    const task = taskOf(world, TOP);
    task.Description = `They want oak.\r\n${String(task.Description).replaceAll('\n', '\r\n')}`;

    const result = await world.apply(await world.plan(LOYAL));

    expect(result.rejected).toEqual([]);
    const lines = String(task.Description).split('\n');
    expect(lines[0]).toBe('They want oak.');
    expect(lines).toContain('Phase: Loyal since 1 Feb 2026');
    expect(lines.filter((line) => line.startsWith('Phase:'))).toHaveLength(1);
    expect(lines.at(-1)).toBe(`ref: ${REF(TOP)}`);
    expect(await itemsOf(database.store, await world.plan(LOYAL), 'all')).toEqual([]);
  });

  test('keeps their words where they rewrote ours, and is not asked again', async () => {
    const world = await start();
    await world.apply(await world.plan(SCORES));
    const task = taskOf(world, TOP);
    task.Description = `All settled with Anna.\n\nref: ${REF(TOP)}`;

    await world.apply(await world.plan(LOYAL));

    expect(task.Description).toBe(`All settled with Anna.\n\nref: ${REF(TOP)}`);
    expect(await itemsOf(database.store, await world.plan(LOYAL), 'all')).toEqual([]);
  });

  test('is known as completed, and is completed, by what the org calls it', async () => {
    const world = await start();
    const option = (actual: string, display: string) => ({
      actual,
      display,
      reference: actual,
      isUsed: true,
    });
    const status = { apiName: 'Status', picklist: [option('Completed', 'Afgerond')] };
    await database.store.metadata.set(world.connection.id, 'fields:Tasks', [status], new Date());
    held(world, OPEN_TASK).Status = 'Afgerond';

    await world.apply(await world.plan(SCORES));

    const reminders = await database.store.reminders.all(world.connection.id);
    expect(reminders.find(({ cvRef }) => cvRef === REF(GOOD))?.state).toBe('closed_by_person');
    expect(held(world, STALE_TASK).Status).toBe('Completed');
  });
});

describe('a lost answer', () => {
  const WITH_KEY = allFields();
  const WITHOUT_KEY = allFields(['cv_ref']);

  // Calls in order: Accounts, Contacts, Deals, new tasks, changed tasks, closed tasks.
  test.each([0, 1, 2, 3, 4, 5])(
    'of write %i is not repeated when the write took effect',
    async (position) => {
      const world = await start();
      world.crm.faults.push(...Array<null>(position).fill(null), 'lose_after');

      const result = await world.apply(await world.plan(SCORES));

      expect(result).toMatchObject({
        written: 6,
        rejected: [],
        tasks: { created: 2, updated: 1, closed: 1 },
      });
      expect(refs(world)).toEqual(ALL_REFS);
      expect(new Set(world.crm.writes.values())).toEqual(new Set([1]));
      expect(await itemsOf(database.store, await world.plan(SCORES), 'all')).toEqual([]);
    },
  );

  test.each([0, 1, 2, 3, 4, 5])('of write %i is made good when the write was lost too', async (position) => {
    const world = await start();
    world.crm.faults.push(...Array<null>(position).fill(null), 'lose_before');

    const result = await world.apply(await world.plan(SCORES));

    expect(result).toMatchObject({ written: 6, rejected: [], tasks: { created: 2, updated: 1, closed: 1 } });
    expect(refs(world)).toEqual(ALL_REFS);
    expect(await itemsOf(database.store, await world.plan(SCORES), 'all')).toEqual([]);
  });

  test.each([
    ['with a unique key', WITH_KEY, true],
    ['with a key that is not unique', WITH_KEY, false],
    ['without the key field', WITHOUT_KEY, false],
  ])('of a create that takes effect late makes no second task, %s', async (_, fields, refIsUnique) => {
    const world = await start({ fields, refIsUnique });
    world.crm.faults.push(null, null, null, { lateMs: 40_000 });

    const result = await world.apply(await world.plan(SCORES));
    world.crm.commitAll();

    expect(result.tasks.created).toBe(2);
    expect(refs(world)).toEqual(ALL_REFS);
    expect(await itemsOf(database.store, await world.plan(SCORES), 'all')).toEqual([]);
  });

  test('of a field write that takes effect a second later is not repeated', async () => {
    const world = await start();
    world.crm.faults.push({ lateMs: 1_000 });

    await world.apply(await world.plan(SCORES));

    expect(new Set(world.crm.writes.values())).toEqual(new Set([1]));
  });

  test('with an existing task of a person in between finds only ours', async () => {
    const world = await start({ fields: WITHOUT_KEY });
    world.crm.modules.get('Tasks')?.rows.set('5725767000000500009', {
      id: '5725767000000500009',
      Subject: 'Mine',
      Status: 'Not Started',
      What_Id: { id: TOP },
      Description: 'ref: something else',
      Created_Time: '2026-02-10T06:00:00+00:00',
    });
    world.crm.faults.push(null, null, null, 'lose_after');

    await world.apply(await world.plan(SCORES));

    expect(refs(world)).toEqual([...ALL_REFS, 'ref: something else'].sort());
  });
});

describe('a task that is there already', () => {
  test('is taken over by its unique key instead of made again', async () => {
    const world = await start();
    world.crm.modules.get('Tasks')?.rows.set('5725767000000500007', {
      id: '5725767000000500007',
      Status: 'Not Started',
      CV_Ref: REF(TOP),
      Description: `ref: ${REF(TOP)}`,
    });

    const result = await world.apply(await world.plan(SCORES));

    expect(result.rejected).toEqual([]);
    const reminders = await database.store.reminders.all(world.connection.id);
    expect(reminders.find((reminder) => reminder.cvRef === REF(TOP))).toMatchObject({
      taskId: '5725767000000500007',
      state: 'open',
    });
    expect(world.crm.tasks().filter((task) => task.CV_Ref === REF(TOP))).toHaveLength(1);
  });

  test('and completed by a person counts as closed by a person', async () => {
    const world = await start();
    world.crm.modules.get('Tasks')?.rows.set('5725767000000500007', {
      id: '5725767000000500007',
      Status: 'Completed',
      CV_Ref: REF(TOP),
      Description: `ref: ${REF(TOP)}`,
    });

    await world.apply(await world.plan(SCORES));

    const reminders = await database.store.reminders.all(world.connection.id);
    expect(reminders.find((reminder) => reminder.cvRef === REF(TOP))?.state).toBe('closed_by_person');
  });

  test('or was, by the store, is not made again although the plan is older and nothing in Zoho forbids it', async () => {
    const world = await start({ fields: allFields(['cv_ref']) });
    const planId = await world.plan(SCORES);
    const [known] = await database.store.reminders.all(world.connection.id);
    const customer = { module: 'Accounts', id: TOP } as const;
    const closed = { state: 'closed_by_person', closedOn: '2026-02-10' } as const;
    if (known) {
      await database.store.reminders.save(world.connection.id, [
        { ...known, ...closed, cvRef: REF(TOP), customer, taskId: '5725767000000500007' },
      ]);
    }

    const result = await world.apply(planId);

    expect(result).toMatchObject({ skipped: 1, tasks: { created: 1 } });
    expect(refs(world)).not.toContain(`ref: ${REF(TOP)}`);
  });

  test('is made all the same when the org has lost its key field', async () => {
    const world = await start();
    const tasks = world.crm.modules.get('Tasks');
    if (tasks) tasks.fields = tasks.fields.filter((field) => field.api_name !== 'CV_Ref');

    const result = await world.apply(await world.plan(SCORES));

    expect(result.tasks.created).toBe(2);
    expect(refs(world)).toEqual(ALL_REFS);
    expect(result.rejected.map(({ field }) => field)).toEqual(['CV_Ref', 'CV_Ref']);
  });
});

describe('what ends an apply', () => {
  const AUTH = { code: 'INVALID_TOKEN', details: {}, message: 'invalid oauth token', status: 'error' };

  test('a refused sign-in: what is done stands, the rest is counted and done by the next apply', async () => {
    const world = await start();
    const planId = await world.plan(SCORES);
    world.crm.faults.push(null, { status: 401, body: AUTH }, { status: 401, body: AUTH });

    const stopped = await world.apply(planId);

    expect(stopped).toMatchObject({ written: 3, rejected: [], stopped: { error: { code: 'zoho_auth' } } });
    expect(stopped.remaining).toBe(3 + 4);
    expect(await database.store.intents.unfinished(world.connection.id)).toEqual([]);

    const resumed = await world.apply(planId);

    expect(resumed).toMatchObject({ written: 3, remaining: 0, stopped: null });
    expect(new Set(world.crm.writes.values())).toEqual(new Set([1]));
    expect(refs(world)).toEqual(ALL_REFS);
  });

  test('an outage after a lost answer leaves an open question that the next apply settles first', async () => {
    const world = await start();
    const planId = await world.plan(SCORES);
    world.crm.faults.push(null, null, null, 'lose_before', 'lose_before', 'lose_after');

    const stopped = await world.apply(planId);
    const made = world.crm.tasks().length;

    expect(made).toBe(4);
    expect(stopped.tasks.created).toBe(2);
    expect(stopped.stopped).toBeNull();
  });

  test('three lost writes in a row: the rest waits, nothing is lost or doubled', async () => {
    const world = await start();
    const planId = await world.plan(SCORES);
    world.crm.faults.push('lose_before', 'lose_before', 'lose_before');

    const stopped = await world.apply(planId);
    const unfinished = await database.store.intents.unfinished(world.connection.id);
    const resumed = await world.apply(planId);

    expect(stopped).toMatchObject({ written: 0, stopped: { error: { code: 'zoho_unavailable' } } });
    expect(unfinished).toHaveLength(3);
    expect(resumed).toMatchObject({ written: 6, remaining: 0, stopped: null });
    expect(refs(world)).toEqual(ALL_REFS);
  });
});

test('a plan older than the last write writes only what still differs', async () => {
  const world = await start();
  const older = await world.plan(SCORES);
  await world.apply(await world.plan(SCORES));
  const before: FieldValue = world.crm.calls.length;

  const result = await world.apply(older);

  expect(result).toMatchObject({ written: 0, rejected: [], tasks: { created: 0 } });
  expect(refs(world)).toEqual(ALL_REFS);
  expect(new Set(world.crm.writes.values())).toEqual(new Set([1]));
  expect(world.crm.calls.slice(before).filter((call) => call.startsWith('POST Tasks'))).toEqual([]);
});
