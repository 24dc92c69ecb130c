import type { Connection } from '../domain.ts';
import type { Digest } from '../notify/compose-digest.ts';
import { fetchUsers } from '../zoho/metadata.ts';
import type { LineDeps } from './line.ts';

/**
 * Messages of the week: the digest of everybody to whoever asked for it, and each owner's own where settings say so.
 * The same week told anew is not sent again. Answers how many are new.
 */
export async function mailDigests(
  { store, clock, settings, zohoFor }: Pick<LineDeps, 'store' | 'clock' | 'settings' | 'zohoFor'>,
  connection: Connection,
  digests: readonly Digest[],
): Promise<number> {
  const whole = digests.find(({ ownerId }) => ownerId === null);
  if (!whole) return 0;
  const { until } = whole;
  const mailOf = (ownerId: string | null) =>
    ({ key: `digest/${until}/${ownerId ?? 'all'}`, kind: 'digest', about: { until, ownerId } }) as const;
  const readers = (await store.mailing.recipients(connection.id)).filter(({ digest }) => digest);
  const mails = readers.map(({ address, language }) => ({ ...mailOf(null), address, language }));
  if (settings.notify.mail.digestToOwners) {
    const owners = new Set(digests.flatMap(({ ownerId }) => ownerId ?? []));
    // We keep no address of them, only what tells whether one is theirs: Zoho is asked when it is needed.
    for (const { id, email, active } of await fetchUsers(zohoFor(connection)))
      if (active && email !== null && owners.has(id))
        mails.push({ ...mailOf(id), address: email, language: settings.plan.language });
  }
  return store.mailing.add(connection.id, mails, [], clock.now());
}
