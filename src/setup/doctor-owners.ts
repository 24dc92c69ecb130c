import type { Connection } from '../domain.ts';
import { listed, phrase } from '../texts/doctor-text.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';

/** People whom rules of the playbook name and who cannot be given a task: it goes to somebody else without a word. */
export async function checkRuleOwners(
  { store, settings }: Pick<DoctorDeps, 'settings'> & { readonly store: Pick<DoctorDeps['store'], 'users'> },
  connection: Connection,
): Promise<Check> {
  const named = settings.playbook
    .filter(({ enabled }) => enabled)
    .flatMap(({ id, owner, escalation }) => [
      { setting: `${id}.owner`, email: owner, as: 'owner' as const },
      { setting: `${id}.escalation.to`, email: escalation?.to ?? '', as: 'escalation' as const },
    ])
    .filter(({ email }) => email.includes('@'));
  if (named.length === 0) return ok('rule_owners', 'owners.nobody', {});
  const users = await store.users.all(connection.id);
  if (users.length === 0) return ok('rule_owners', 'owners.unread', {});
  const active = new Set(users.flatMap((user) => (user.active ? [user.id] : [])));
  const ids = await store.users.byEmail(connection.id, [...new Set(named.map(({ email }) => email))]);
  const wrong = named.flatMap(({ setting, email, as }) => {
    const id = ids.get(email);
    if (id !== undefined && active.has(id)) return [];
    return [phrase(`${id === undefined ? 'no' : 'inactive'}_${as}`, { setting, email })];
  });
  if (wrong.length === 0) return ok('rule_owners', 'owners.active', {});
  return finding('rule_owners', 'warn', 'owners.wrong', { wrong: listed(wrong, ' · ') });
}
