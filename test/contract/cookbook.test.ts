import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { fieldDeps } from '../../src/cli/fields.ts';
import { runLine } from '../../src/jobs/run-line.ts';
import { applyFields } from '../../src/setup/fields.ts';
import { templateDocument } from '../../src/setup/rule-templates.ts';
import { storedSettings } from '../../src/stored-settings.ts';
import { customerRows } from '../../src/views/customer-rows.ts';
import { cookbookBlock, cookbookNames, exampleOf, orgOf } from '../support/cookbook-org.ts';
import { aWebWorld } from '../support/web-world.ts';

/** docs/cookbook.md: the settings of each branch are stored for a linked org, and its customers come out as the page says. */

vi.setConfig({ testTimeout: 60_000 });

const BRANCHES = [
  { settings: 'wholesale', example: 'wholesale-example', template: 'wholesale' },
  { settings: 'software', example: 'software-example', template: 'services' },
  { settings: 'services', example: 'services-example', template: 'services' },
  { settings: 'shop', example: 'shop-example', template: 'shop' },
  { settings: 'projects', example: 'projects-example', template: 'projects' },
] as const;
type Branch = (typeof BRANCHES)[number];

interface Outcome {
  readonly customers: { readonly [name: string]: object };
  readonly count: number;
  readonly warnings: readonly string[];
}

/** Links the org of the branch, stores its settings, and runs the line as `zcv run` does. */
async function outcomeOf(branch: Branch): Promise<Outcome> {
  const { app, simulator, close } = await aWebWorld(orgOf(branch));
  try {
    const { connection } = await app.connect({ name: 'default', refreshToken: simulator.refreshToken });
    await applyFields(await fieldDeps(app, connection), { connection, sets: ['inputs'], max: null });
    const change = {
      document: cookbookBlock(branch.settings),
      note: 'cookbook',
      who: 'test',
      isDraft: false,
    };
    await storedSettings(app).saveText(connection, change);
    const deps = await app.depsOf(connection);
    const { sync, plan } = await runLine(deps, { connection, full: true, apply: false, asOf: null });
    const rules = new Map<string, string[]>();
    for await (const items of app.store.plans.items(plan?.planId ?? '', 100, 'all')) {
      for (const item of items) {
        if (item.kind !== 'task' || item.task.kind !== 'create') continue;
        const { customer, reason } = item.task.draft;
        rules.set(customer.id, [...(rules.get(customer.id) ?? []), reason]);
      }
    }
    const customers: Record<string, object> = {};
    let count = 0;
    for await (const { name, record_id, tier, phase, profit_12m } of customerRows(deps, connection, {
      falling: false,
    })) {
      count += 1;
      const tasks = rules.get(String(record_id)) ?? [];
      customers[String(name)] = { tier, phase, profit: Number(profit_12m), tasks: tasks.toSorted() };
    }
    return { customers, count, warnings: sync?.warnings ?? [] };
  } finally {
    await close();
  }
}

test('there is a chapter for each kind of business', () => {
  expect(cookbookNames()).toEqual(BRANCHES.flatMap(({ settings, example }) => [settings, example]));
});

describe.each(BRANCHES)('$settings', (branch) => {
  test(`begins with the template ${branch.template}`, () => {
    expect(parse(cookbookBlock(branch.settings))).toMatchObject(
      parse(templateDocument(branch.template, null)),
    );
  });

  test('customers of the example get the tier, phase, profit and reminders that it says', async () => {
    const wanted = Object.entries(exampleOf(branch.example)).map(([name, { gets }]) => [
      name,
      { ...gets, tasks: gets.tasks.toSorted() },
    ]);

    const { customers, count, warnings } = await outcomeOf(branch);

    const shown = wanted.map(([name]) => [name, customers[String(name)]]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(wanted));
    expect(warnings).toEqual([]);
    expect(count).toBe(30 + wanted.length);
  });
});
