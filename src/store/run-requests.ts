import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, RunId } from '../domain.ts';
import type { SeenCall } from '../zoho/seen-call.ts';
import { pageOf } from './lists.ts';
import { serialOf } from './rows.ts';
import type { Tables } from './tables.ts';
import type { Page } from './view-stores.ts';

/** The calls of Zoho that a run made: how they went, never what they held. */

/** Of those of a run that went well, and again of those that failed; the newest stay. docs/limits.md says so. */
export const MOST_REQUESTS = 500;

export interface RunRequest extends SeenCall {
  /** 1 is the first of the run. */
  readonly seq: number;
}
export interface RunRequestsStore {
  /** Calls of one run, in the order of their numbers. */
  add(connection: ConnectionId, run: RunId, requests: readonly RunRequest[]): Promise<void>;
  /** Newest first. */
  page(
    connection: ConnectionId,
    run: RunId,
    filter: { readonly failed?: boolean | undefined; readonly after: number | null; readonly limit: number },
  ): Promise<Page<RunRequest, number>>;
}

export function runRequestsStore(db: Db): RunRequestsStore {
  const { kysely } = db;
  return {
    async add(connection, run, requests) {
      const runId = serialOf(run);
      const rows = requests.map(({ durationMs, ...request }) => ({
        connection_id: connection,
        run_id: runId,
        duration_ms: durationMs,
        ...request,
      }));
      const newest = rows.at(-1)?.seq ?? 0;
      if (newest === 0) return;
      await kysely.transaction().execute(async (trx) => {
        await trx.insertInto('run_requests').values(rows).execute();
        if (newest <= MOST_REQUESTS) return;
        for (const failed of [false, true]) {
          await trx
            .deleteFrom('run_requests')
            .where('connection_id', '=', connection)
            .where('run_id', '=', runId)
            .where('failed', '=', failed)
            .where('seq', '<=', (of) =>
              of
                .selectFrom('run_requests as kept')
                .select('kept.seq')
                .where('kept.connection_id', '=', connection)
                .where('kept.run_id', '=', runId)
                .where('kept.failed', '=', failed)
                .orderBy('kept.seq', 'desc')
                .limit(1)
                .offset(MOST_REQUESTS),
            )
            .execute();
        }
      });
    },
    async page(connection, run, { failed, after, limit }) {
      let query = kysely
        .selectFrom('run_requests')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('run_id', '=', serialOf(run));
      if (failed !== undefined) query = query.where('failed', '=', failed);
      if (after !== null) query = query.where('seq', '<', after);
      const rows = await query
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute();
      return pageOf(rows, limit, requestOf, ({ seq }) => seq);
    },
  };
}

function requestOf(row: Selectable<Tables['run_requests']>): RunRequest {
  const { seq, at, method, path, module, query, status, code, failed, credits, attempt } = row;
  return {
    ...{ seq, at, path, module, status, code, credits, attempt, durationMs: row.duration_ms },
    // The casts: written from a RunRequest only.
    method: method as RunRequest['method'],
    query: query as RunRequest['query'],
    failed: Boolean(failed),
  };
}
