import { expect, test } from 'vitest';
import type { Connection } from '../../../src/domain.ts';
import { planDiff } from '../../../src/views/plan-diff.ts';
import { SHIPPED_RULES } from '../plan/builders.ts';

const reminder = {
  reason: 'welcome_back',
  cvRef: 'ref',
  taskId: '7',
  customer: { module: 'Accounts', id: '1' },
};
const ITEMS = [
  { kind: 'task', task: { kind: 'create', draft: reminder } },
  { kind: 'task', task: { kind: 'update', reminder, draft: reminder, cause: 'owner' } },
  { kind: 'task', task: { kind: 'close', reminder, cause: 'need_gone' } },
  { kind: 'suppressed', task: { ...reminder, why: 'cap' } },
];

test('every task of a plan, also one that is not made, has id and title of its rule in the language of the org', async () => {
  const items = async function* () {
    yield ITEMS;
  };
  const settings = { plan: { language: 'nl', playbook: SHIPPED_RULES } };
  const deps = { store: { plans: { items } }, settings } as unknown as Parameters<typeof planDiff>[0]; // all that is asked
  const connection = { org: { currency: 'EUR' } } as Connection;

  const lines = await Array.fromAsync(planDiff(deps, connection, 'plan'));

  expect(lines).toEqual(
    ['create', 'update', 'close', 'suppressed'].map((action) => ({
      task: expect.objectContaining({ action, reason: 'welcome_back', title: 'Welkom terug' }),
    })),
  );
});
