import { afterEach, expect, test } from 'vitest';
import type { OpenReminder } from '../../src/changes.ts';
import { reconcileReminders } from '../../src/jobs/reconcile-reminders.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const aReminder = (taskId: string, customerId: string): OpenReminder => ({
  cvRef: `cv-contact_gap-${customerId}-1`,
  customer: { module: 'Accounts', id: customerId },
  reason: 'contact_gap',
  episode: 1,
  taskId,
  state: 'open',
  createdOn: '2026-01-10',
  closedOn: null,
  ownerId: null,
  dueDay: '2026-01-12',
  subject: 'Call',
  priority: 'Normal',
});

test('a task that was deleted before any sync saw it is closed by a person; one that stands stays open', async () => {
  const world = await aWorld({ seed: aSeed() });
  worlds.push(world);
  const connection = await world.connected();
  const zoho = await world.deps.zohoFor(connection);
  const [kept, gone] = world.simulator.control.writeRecords('Tasks', [
    { Subject: 'Kept' },
    { Subject: 'Gone' },
  ]).ids;
  if (!kept || !gone) throw new Error('no tasks were made');
  world.simulator.control.deleteRecords('Tasks', [gone]);
  const { reminders } = world.deps.store;
  await reminders.save(connection.id, [
    aReminder(kept, '5725767000000000001'),
    aReminder(gone, '5725767000000000002'),
  ]);

  await reconcileReminders({ ...world.deps, zohoFor: () => zoho }, connection);

  const states = new Map((await reminders.all(connection.id)).map((one) => [one.taskId, one]));
  expect(states.get(kept)).toMatchObject({ state: 'open', closedOn: null });
  expect(states.get(gone)).toMatchObject({
    state: 'closed_by_person',
    closedOn: expect.stringMatching(/^\d{4}-/),
  });
});

test('where tasks may not be read, every reminder stays as it is', async () => {
  const world = await aWorld({
    seed: aSeed(),
    scopes: [
      'ZohoCRM.modules.accounts.ALL',
      'ZohoCRM.users.READ',
      'ZohoCRM.org.READ',
      'ZohoCRM.settings.ALL',
    ],
  });
  worlds.push(world);
  const connection = await world.connected();
  const zoho = await world.deps.zohoFor(connection);
  const { reminders } = world.deps.store;
  await reminders.save(connection.id, [aReminder('5725767000000000099', '5725767000000000001')]);

  await reconcileReminders({ ...world.deps, zohoFor: () => zoho }, connection);

  expect(await reminders.all(connection.id)).toMatchObject([{ state: 'open' }]);
});
