import type { Connection } from '../domain.ts';
import { ConflictError } from '../errors.ts';

/** Whatever writes records asks this first: nothing is written to an org that is linked to be read only. */
export function requireWritable(connection: Connection): void {
  if (connection.mode !== 'read-only') return;
  throw new ConflictError(
    `${connection.name} is read-only; to write: zcv connection set --connection ${connection.name} --mode manual`,
  );
}
