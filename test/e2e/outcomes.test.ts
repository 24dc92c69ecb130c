import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { addDays } from '../../src/days.ts';
import { aSeed } from '../contract/setup-world.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { cvRefOf, recordsOf } from '../support/org.ts';
import { type VirtualDays, virtualDays } from '../support/virtual-days.ts';

/** A few weeks of reminders on a virtual clock, then what is told of them. Steps build on each other. */

vi.setConfig({ testTimeout: 120_000 });

const FROM = '2025-03-03';
let days: VirtualDays;
let home: CliHome;

beforeAll(async () => {
  const account = (name: string) => ({
    $key: name,
    Account_Name: name,
    Owner: { $user: 'ann' },
    Created_Time: '2024-01-08T09:00:00+01:00',
  });
  const deal = (of: string, daysAgo: number) => ({
    $key: `${of} ${daysAgo}`,
    Deal_Name: `${of} ${daysAgo}`,
    Account_Name: { $ref: of },
    Amount: 3000,
    Stage: 'Closed Won',
    Pipeline: 'Standard (Standard)',
    Closing_Date: addDays(FROM, -daysAgo),
    Owner: { $user: 'ann' },
    Created_Time: `${addDays(FROM, -daysAgo)}T09:00:00+01:00`,
  });
  const call = (of: string) => ({
    ...{ $key: `call ${of}`, Subject: 'Order talk', Call_Type: 'Outbound', Call_Duration: '05:00' },
    ...{
      Call_Start_Time: `${addDays(FROM, -130)}T10:00:00+01:00`,
      What_Id: { $ref: of },
      $se_module: 'Accounts',
    },
  });
  const firms = ['Vermeer', 'Nowak', 'Hansen'];
  days = await virtualDays({
    from: FROM,
    seed: aSeed({
      records: {
        Accounts: firms.map(account),
        Calls: firms.map(call),
        Deals: firms.flatMap((of) => [400, 340, 280, 220, 160, 100, 40].map((daysAgo) => deal(of, daysAgo))),
      },
    }),
  });
  home = aCliHome(days.simulator, days.env);
});
afterAll(async () => {
  home.remove();
  await days.close();
});

const taskOf = (firm: string) => {
  const id = days.simulator.control.idOf(firm);
  return recordsOf(days.simulator, 'Tasks').find((task) => cvRefOf(task)?.includes(id));
};

test('a reminder followed by a call was not needed any more, one ticked off was done, one left alone is ignored', async () => {
  await days.nightly();
  days.at('10:00');
  const { control } = days.simulator;
  control.writeRecords('Calls', [
    {
      ...{ Subject: 'Order talk', Call_Type: 'Outbound', Call_Duration: '05:00' },
      ...{ Call_Start_Time: '2025-03-04T09:00:00+01:00', Call_Duration_in_seconds: 300 },
      ...{ What_Id: { id: control.idOf('Vermeer') }, $se_module: 'Accounts' },
    },
  ]);
  control.writeRecords('Tasks', [{ id: taskOf('Nowak')?.id, Status: 'Completed' }]);
  for (let night = 0; night < 30; night++) await days.nightly();

  const stats = await home.run('playbook', 'stats', '--json');

  expect(stats.json()).toMatchObject({
    since: null,
    rules: [
      {
        title: 'Stay in touch',
        ...{ reason: 'contact_gap', made: 3, open: 0, done: 1, ignored: 1, deleted: 0, needGone: 1 },
        ...{ touchKnown: 3, touched: 1, resultKnown: 0 },
        percent: { done: null, touched: null },
      },
    ],
  });
});

test('the table says what is too little to say, and since leaves out what was made before', async () => {
  const all = await home.run('playbook', 'stats');
  const none = await home.run('playbook', 'stats', '--since', '2025-05-01');

  expect(all.stdout).toMatch(/Stay in touch +3 +0 +1 \(–\) +1 \(–\) +0 +1 +1 of 3 \(–\)/);
  expect(all.stdout).toContain('fewer than 10, too few to say');
  expect(none.stdout).toContain('No reminder made since 2025-05-01');
});

test('the list has the rules in the order of the file, each with its title and what holds where it says nothing', async () => {
  const json = await home.run('playbook', 'list', '--json');
  const text = await home.run('playbook', 'list');
  const { playbook } = days.app.config.settings.plan;
  const rules = json.json<{ id: string; title: string; coolDown: number }[]>();

  expect(rules.map(({ id }) => id)).toEqual(playbook.map(({ id }) => id));
  expect(rules.find(({ id }) => id === 'contact_gap')).toMatchObject({
    title: 'Stay in touch',
    coolDown: 14,
  });
  expect(text.stdout.match(/^ ?\d+ {2}\w+/gm)).toHaveLength(playbook.length);
});

test('a plan with nothing in it has no changes', async () => {
  const plans = (await home.run('plan', 'list', '--json')).json<
    { planId: string; pending: number; done: number; leftOut: number }[]
  >();
  const empty = plans.find(({ pending, done, leftOut }) => pending + done + leftOut === 0);

  const shown = await home.run('plan', 'show', empty?.planId ?? 'none is empty');

  expect(shown.stdout).toMatch(/: no changes\n$/);
});

test('a digest tells each owner what stands open, in its language; an unknown owner is named with those there are', async () => {
  const json = await home.run('digest', '--owner', 'Ann Admin', '--json');
  const text = await home.run('digest', '--lang', 'nl');
  const nobody = await home.run('digest', '--owner', 'Nobody');

  expect(json.json()).toMatchObject({
    ownerName: 'Ann Admin',
    until: days.today(),
    customers: 3,
    tasks: { open: 1, overdue: { count: 1 } },
  });
  expect(text.stdout).toContain('Taken:');
  expect(nobody).toMatchObject({ code: 2 });
  expect(nobody.stderr).toContain('there are: Ann Admin');
  expect(await days.app.store.digests.latest(days.connection.id)).toHaveLength(2);
});
