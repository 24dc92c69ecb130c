import { expect, test } from 'vitest';
import type { Connection } from '../../../src/domain.ts';
import type { DoctorDeps } from '../../../src/setup/check.ts';
import { checkRuleOwners } from '../../../src/setup/doctor-owners.ts';

const KIM = { id: '1', name: 'Kim', active: true, managerId: null };
const LEA = { id: '2', name: 'Lea', active: false, managerId: null };
const IDS = new Map([
  ['kim@firm.test', KIM.id],
  ['lea@firm.test', LEA.id],
]);

type Rule = Partial<DoctorDeps['settings']['playbook'][number]>;
function check(rule: Rule, users = [KIM, LEA]) {
  const playbook = [{ id: 'own', enabled: true, owner: 'record', ...rule }];
  const store = { users: { all: async () => users, byEmail: async () => IDS } };
  const deps = { store, settings: { playbook } } as unknown as DoctorDeps; // all that is asked
  return checkRuleOwners(deps, { id: 'c' } as Connection);
}
const escalatedTo = (to: string): Rule => ({ escalation: { afterWorkingDays: 2, to } });

test.each<[string, Rule, string]>([
  ['an owner who is unknown', { owner: 'x@firm.test' }, 'own.owner: x@firm.test is no user of the org'],
  [
    'an owner who left',
    { owner: 'lea@firm.test' },
    'own.owner: lea@firm.test is no active user of the org, its tasks go to the owner of the record',
  ],
  [
    'whom it is escalated to',
    escalatedTo('lea@firm.test'),
    'own.escalation.to: lea@firm.test is no active user of the org, its tasks stay with their owner',
  ],
])('%s is named with what happens instead', async (_name, rule, words) => {
  const found = await check(rule);

  expect(found).toMatchObject({ id: 'rule_owners', status: 'warn' });
  expect(found.message).toContain(words);
  expect(found.repair).toContain('playbook.yaml');
});

test.each<[string, Rule]>([
  ['an active user', { owner: 'kim@firm.test', ...escalatedTo('kim@firm.test') }],
  ['words that name nobody in particular', { owner: 'stand_in', ...escalatedTo('manager') }],
  ['a rule that is switched off', { owner: 'x@firm.test', enabled: false }],
])('%s is in order', async (_name, rule) => {
  expect(await check(rule)).toMatchObject({ status: 'ok', repair: null });
});

test('before users were read nobody is judged', async () => {
  const found = await check({ owner: 'x@firm.test' }, []);

  expect(found).toMatchObject({ status: 'ok', message: expect.stringContaining('not read yet') });
});
