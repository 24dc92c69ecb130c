import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, ModuleName, RecordId } from '../domain.ts';
import type { LeadRows } from '../leads.ts';
import type { ActivityRecord, LeadRecord } from '../records.ts';
import { isOneOf, linkedBy, selectArrays } from './dialect.ts';
import type { LeadsStore, LikeableLead } from './lead-stores.ts';
import { LEADS, readRows } from './linked-rows.ts';
import { instant, maybe, text } from './record-cells.ts';
import { RECORD_TABLES } from './record-tables.ts';
import { chunksOf, MAX_ROWS } from './rows.ts';

/** Leads with what was done about them. */
export function leadsStore(db: Db): LeadsStore {
  return {
    async *inKeyOrder(connection, chunk, hasActivities) {
      for (let after = ''; ; ) {
        const leads = await readRows(
          db,
          LEADS.table,
          sql`where r.connection_id = ${connection} and r.id > ${after} and r.deleted_at is null
            order by r.id limit ${chunk}`,
        );
        const last = leads.at(-1);
        if (!last) return;
        yield await withActivities(db, connection, leads, hasActivities);
        after = last.id;
      }
    },

    async *unconverted(connection) {
      for (let after = ''; ; ) {
        const rows = await selectArrays(
          db,
          sql`select l.id, l.created_at, l.company, l.domain, l.status from leads l
            where l.connection_id = ${connection} and l.id > ${after} and l.deleted_at is null
              and not l.converted and (l.company is not null or l.domain is not null)
            order by l.id limit ${MAX_ROWS}`,
        );
        const leads = rows.map(
          (row): LikeableLead => ({
            id: text(row[0]),
            createdAt: instant(row[1]),
            company: maybe(row[2]),
            domain: maybe(row[3]),
            status: maybe(row[4]),
          }),
        );
        const last = leads.at(-1);
        if (!last) return;
        yield leads;
        after = last.id;
      }
    },

    async byIds(connection, ids) {
      const found: LeadRows[] = [];
      for (const piece of chunksOf([...ids].sort(), MAX_ROWS)) {
        const leads = await readRows(
          db,
          LEADS.table,
          sql`where r.connection_id = ${connection} and ${isOneOf(db, 'r.id', piece)} and r.deleted_at is null
            order by r.id`,
        );
        found.push(...(await withActivities(db, connection, leads, () => true)));
      }
      return found;
    },

    async of(connection, module, ids) {
      const found = new Set<RecordId>();
      for (const piece of chunksOf(ids, MAX_ROWS)) {
        for (const id of await leadsOf(db, connection, module, piece)) found.add(id);
      }
      return [...found].sort();
    },
  };
}

/** Some orgs note a lead where a contact stands. */
async function withActivities(
  db: Db,
  connection: ConnectionId,
  leads: readonly LeadRecord[],
  hasActivities: (lead: LeadRecord) => boolean,
): Promise<LeadRows[]> {
  const byLead = new Map<RecordId, ActivityRecord[]>(leads.map((lead) => [lead.id, []]));
  const ids = leads.filter(hasActivities).map((lead) => lead.id);
  if (ids.length > 0) {
    const activities = await readRows(
      db,
      RECORD_TABLES.Tasks,
      sql`where r.deleted_at is null and ${linkedBy(db, 'activities', 'r', connection, [
        { column: 'what_id', ids },
        { column: 'who_id', ids },
      ])} order by r.id`,
    );
    for (const activity of activities) {
      const { whatId, whoId } = activity;
      if (whatId !== null) byLead.get(whatId)?.push(activity);
      if (whoId !== null && whoId !== whatId) byLead.get(whoId)?.push(activity);
    }
  }
  return leads.map((lead) => ({ lead, activities: byLead.get(lead.id) ?? [] }));
}

const ACTIVITY_MODULES: ReadonlySet<ModuleName> = new Set(['Tasks', 'Calls', 'Events', 'Notes']);

async function leadsOf(
  db: Db,
  connection: ConnectionId,
  module: ModuleName,
  ids: readonly RecordId[],
): Promise<RecordId[]> {
  if (module === 'Leads') {
    const rows = await selectArrays(
      db,
      sql`select l.id from leads l where l.connection_id = ${connection} and ${isOneOf(db, 'l.id', ids)}`,
    );
    return rows.map(([id]) => id as RecordId); // the column is text
  }
  if (!ACTIVITY_MODULES.has(module)) return [];
  const rows = await selectArrays(
    db,
    sql`select l.id from activities v join leads l
      on l.connection_id = v.connection_id and l.id in (v.what_id, v.who_id)
      where v.connection_id = ${connection} and v.module = ${module} and ${isOneOf(db, 'v.id', ids)}`,
  );
  return rows.map(([id]) => id as RecordId); // the column is text
}
