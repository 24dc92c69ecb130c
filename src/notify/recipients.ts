import type { Clock } from '../clock.ts';
import type { Connection, Language } from '../domain.ts';
import { NotFoundError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { closeWhenAllArrive } from './send-mails.ts';

/** What an administrator does with recipients of mail; the command line and the API both go through here. */

interface Deps {
  readonly store: Pick<Store, 'mailing' | 'alerts'>;
  readonly clock: Clock;
}

/** Whoever had asked for no more mail gets it again: somebody has asked for it anew. */
export async function addRecipient(
  { store }: Pick<Deps, 'store'>,
  connection: Connection,
  recipient: {
    readonly address: string;
    readonly language: Language;
    readonly alerts: boolean;
    readonly digest: boolean;
  },
): Promise<void> {
  await store.mailing.setRecipient(connection.id, recipient);
  await store.mailing.optIn(connection.id, recipient.address);
}

/** Throws NotFoundError. */
export async function removeRecipient(deps: Deps, connection: Connection, address: string): Promise<void> {
  if (!(await deps.store.mailing.removeRecipient(connection.id, address)))
    throw new NotFoundError('there is no such recipient; list them with: zcv mail recipients');
  await closeWhenAllArrive(deps, connection);
}
