import type { Connection } from '../domain.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

/** People whom rules of the playbook name and who cannot be given a task: it goes to somebody else without a word. */
export async function checkRuleOwners(
  { store, settings }: Pick<DoctorDeps, 'settings'> & { readonly store: Pick<DoctorDeps['store'], 'users'> },
  connection: Connection,
): Promise<Check> {
  const named = settings.playbook
    .filter(({ enabled }) => enabled)
    .flatMap(({ id, owner, escalation }) => [
      { setting: `${id}.owner`, email: owner, instead: 'its tasks go to the owner of the record' },
      {
        setting: `${id}.escalation.to`,
        email: escalation?.to ?? '',
        instead: 'its tasks stay with their owner',
      },
    ])
    .filter(({ email }) => email.includes('@'));
  if (named.length === 0) return ok('rule_owners', 'Rules of the playbook name nobody by e-mail address');
  const users = await store.users.all(connection.id);
  if (users.length === 0) return ok('rule_owners', 'Users of the org are not read yet; zcv sync reads them');
  const active = new Set(users.flatMap((user) => (user.active ? [user.id] : [])));
  const ids = await store.users.byEmail(connection.id, [...new Set(named.map(({ email }) => email))]);
  const wrong = named.flatMap(({ setting, email, instead }) => {
    const id = ids.get(email);
    if (id !== undefined && active.has(id)) return [];
    const what = id === undefined ? 'is no user of the org' : 'is no active user of the org';
    return [`${setting}: ${email} ${what}, ${instead}`];
  });
  if (wrong.length === 0) return ok('rule_owners', 'Whom rules of the playbook name is an active user');
  return {
    id: 'rule_owners',
    status: 'warn',
    message: wrong.join(' · '),
    repair:
      'Name an active user of the CRM in playbook.yaml; whoever was added or activated just now is known after zcv sync',
  };
}
