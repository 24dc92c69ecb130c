import type { Connection } from '../domain.ts';
import type { Store } from '../store/store.ts';
import type { RangeMemory } from '../zoho/coql.ts';
import type { SyncDeps } from './module-input.ts';

// Zoho may learn it, and asking costs a credit.
const ASK_AGAIN_MS = 24 * 3_600_000;
const NAME = 'coql:two-ranges';

type Deps = Pick<SyncDeps, 'clock'> & { readonly store: Pick<Store, 'metadata'> };

/** Whether the server of this connection refused two bounds on one column within the last day. */
export async function rangeMemory({ store, clock }: Deps, { id }: Connection): Promise<RangeMemory> {
  const refused = await store.metadata.get(id, NAME);
  let isRefused = refused !== null && clock.now().getTime() - refused.readAt.getTime() < ASK_AGAIN_MS;
  return {
    get isRefused() {
      return isRefused;
    },
    async refuse() {
      isRefused = true;
      await store.metadata.set(id, NAME, {}, clock.now());
    },
  };
}
