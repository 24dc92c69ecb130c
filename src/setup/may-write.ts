import type { Connection } from '../domain.ts';
import { InputError } from '../errors.ts';

/**
 * Whatever writes into an org asks this first: nothing is written where the connection is linked to be read only. A wrong
 * use and no failure: nothing will change by trying again.
 */
export function requireWritable({ name, mode, state }: Pick<Connection, 'name' | 'mode' | 'state'>): void {
  if (mode !== 'read-only') return;
  throw new InputError(
    state === 'standby'
      ? `Connection "${name}" stands by in a restored copy; when the original has stopped for good: zcv restore --activate`
      : `Connection "${name}" is read-only; to let it write: zcv connection set --connection ${name} --mode manual`,
  );
}
