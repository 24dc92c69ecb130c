import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import type { FormerContact } from '../records.ts';
import { selectArrays } from './dialect.ts';
import { isWithin, type Stretch } from './linked-rows.ts';

/** Contacts that were deleted from their accounts: they may have been whom we spoke with. */

/** Most orgs never delete one, and need not be asked with every page. */
export async function hasFormerContacts(db: Db, connection: ConnectionId): Promise<boolean> {
  const rows = await selectArrays(
    db,
    sql`select 1 from contacts
      where connection_id = ${connection} and account_id is not null and deleted_at is not null limit 1`,
  );
  return rows.length > 0;
}

export async function formerContactsOf(
  db: Db,
  connection: ConnectionId,
  stretch: Stretch,
): Promise<(FormerContact & { readonly accountId: RecordId })[]> {
  const rows = await selectArrays(
    db,
    sql`select r.account_id, r.id, r.name, r.deleted_at from contacts r
      where r.connection_id = ${connection} and ${isWithin(db, 'r.account_id', stretch)}
      and r.deleted_at is not null order by r.id`,
  );
  return rows.map(([accountId, id, name, deletedAt]) => ({
    // The columns are text (an account that is within a stretch is named), text, text and timestamptz.
    accountId: accountId as RecordId,
    id: id as RecordId,
    name: name as string,
    deletedAt: deletedAt as Date,
  }));
}
