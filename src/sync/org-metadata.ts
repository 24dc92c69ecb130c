import type { Connection } from '../domain.ts';
import type { Store } from '../store/store.ts';
import type { SyncDeps } from './module-input.ts';

/** What rarely changes is asked once a day, and at once where Zoho's answers do not fit what was known. */

const FRESH_MS = 24 * 3_600_000;

export interface Known<T> {
  readonly value: T;
  /** False: Zoho said so in this run. */
  readonly isRemembered: boolean;
}

/** `refresh`: what is remembered is not good enough. Nothing is remembered of an answer that failed. */
export async function remembered<T>(
  deps: Pick<SyncDeps, 'clock'> & { readonly store: Pick<Store, 'metadata'> },
  connection: Connection,
  { name, refresh }: { name: string; refresh: boolean },
  ask: () => Promise<T>,
): Promise<Known<T>> {
  const now = deps.clock.now();
  const known = refresh ? null : await deps.store.metadata.get<T>(connection.id, name);
  if (known && now.getTime() - known.readAt.getTime() < FRESH_MS)
    return { value: known.body, isRemembered: true };
  const value = await ask();
  await deps.store.metadata.set(connection.id, name, value, now);
  return { value, isRemembered: false };
}
