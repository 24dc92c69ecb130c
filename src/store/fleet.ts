import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { connectionOf } from './connections.ts';
import type { FleetFacts, FleetStore } from './fleet-stores.ts';

const DAY_MS = 86_400_000;
// Zoho's access tokens live an hour.
const TOKEN_LIFE_MS = 3_600_000;

const Scored = z.object({ unmatchedDeals: z.number(), unmatchedDocuments: z.number().default(0) });

/** All connections, each table asked once and grouped by connection. */
export function fleetStore(db: Db): FleetStore {
  const { kysely } = db;
  const grouped = async <T>(query: RawBuilder<{ of: ConnectionId; kind: string; value: T }>) =>
    Map.groupBy((await query.execute(kysely)).rows, ({ of }) => of);
  const instant = (value: Date | string): Date => (value instanceof Date ? value : new Date(value));
  return {
    async all(now) {
      const since = new Date(now.getTime() - DAY_MS);
      const rows = await kysely.selectFrom('connections').selectAll().orderBy('name').execute();
      const done = await grouped(sql<{ of: ConnectionId; kind: string; value: Date }>`
        select connection_id as "of", kind, max(finished_at) as value from runs
        where state = 'done' group by connection_id, kind`);
      const scored = await grouped(sql<{ of: ConnectionId; kind: string; value: string }>`
        select r.connection_id as "of", r.kind as kind, r.summary as value from runs r join (
          select max(id) as id from runs where kind = 'score' and state = 'done'
          and cast(input as text) not like '%"customers"%' group by connection_id) newest on newest.id = r.id`);
      const next = await grouped(sql<{ of: ConnectionId; kind: string; value: Date }>`
        select connection_id as "of", '' as kind, min(next_run_at) as value from schedules
        where enabled = ${true} and next_run_at is not null group by connection_id`);
      const spent = await grouped(sql<{ of: ConnectionId; kind: string; value: number }>`
        select connection_id as "of", '' as kind, sum(credits) as value from credit_ledger
        where minute > ${since} group by connection_id`);
      const channels = await grouped(sql<{ of: ConnectionId; kind: string; value: Date }>`
        select connection_id as "of", '' as kind, min(expires_at) as value from channels group by connection_id`);
      const alerts = await grouped(sql<{ of: ConnectionId; kind: string; value: number }>`
        select connection_id as "of", severity as kind, count(*) as value from alerts
        where closed_at is null group by connection_id, severity`);
      const held = await grouped(sql<{ of: ConnectionId; kind: string; value: number }>`
        select connection_id as "of", '' as kind, count(*) as value from plans
        where state = 'held' group by connection_id`);
      const dead = await grouped(sql<{ of: ConnectionId; kind: string; value: number }>`
        select connection_id as "of", '' as kind, count(*) as value from jobs
        where state = 'dead' and connection_id is not null group by connection_id`);
      const versions = await grouped(sql<{ of: ConnectionId; kind: string; value: number }>`
        select connection_id as "of", '' as kind, max(version) as value from settings
        where state = 'published' group by connection_id`);
      const used = await grouped(sql<{ of: ConnectionId; kind: string; value: number }>`
        select connection_id as "of", base_hash as kind, version as value from settings_in_use`);
      const count = (
        of: Map<ConnectionId, { kind: string; value: number }[]>,
        id: ConnectionId,
        kind?: string,
      ) => Number(of.get(id)?.find((row) => kind === undefined || row.kind === kind)?.value ?? 0);
      const day = (of: Map<ConnectionId, { value: Date }[]>, id: ConnectionId) => {
        const value = of.get(id)?.[0]?.value;
        return value === undefined ? null : instant(value);
      };
      return rows.map((row): FleetFacts => {
        const { id, access_expires_at: expires } = row;
        const summary = scored.get(id)?.[0]?.value;
        const counts = summary === undefined ? null : Scored.safeParse(JSON.parse(summary)).data;
        return {
          connection: connectionOf(row),
          doneAt: Object.fromEntries((done.get(id) ?? []).map(({ kind, value }) => [kind, instant(value)])),
          nextRunAt: day(next, id),
          creditsSpent: count(spent, id),
          tokenAt: expires === null ? null : new Date(expires.getTime() - TOKEN_LIFE_MS),
          channelExpiresAt: day(channels, id),
          unmatched: counts ? counts.unmatchedDeals + counts.unmatchedDocuments : null,
          alerts: { critical: count(alerts, id, 'critical'), warning: count(alerts, id, 'warning') },
          heldPlans: count(held, id),
          deadJobs: count(dead, id),
          settingsVersion: count(versions, id),
          runVersion: used.get(id)?.[0]?.value ?? null,
          baseHash: used.get(id)?.[0]?.kind ?? null,
        };
      });
    },
  };
}
