import { ZohoContractError } from '../errors.ts';
import type { ZohoClient } from './client.ts';
import { type ListQuery, listRecords } from './records.ts';
import type { ZohoRow } from './rows.ts';
import { instantOf } from './values.ts';

/**
 * A list without page tokens. Pages by number end at 2,000 rows, and a record that is edited meanwhile pushes another
 * from one page to the page before it, so each page is the first one of what was modified since the last row.
 */

/** Pages by number serve only where one second holds more rows than a page. */
export const PAGES_BY_NUMBER = 10;
// Whether If-Modified-Since takes the very second along is not said.
const OVERLAP_MS = 1_000;

export interface TimedPage {
  readonly rows: ZohoRow[];
  /** Where to go on after this page; null: this was the last. */
  readonly next: { readonly since: Date | null } | null;
}

export async function* listByTime(
  client: ZohoClient,
  module: string,
  query: Pick<ListQuery, 'fields' | 'converted'>,
  from: Date | null,
): AsyncGenerator<TimedPage> {
  let since = from;
  for (let page = 1; ; ) {
    const { rows, more } = await listRecords(client, module, {
      ...query,
      fields: ['Modified_Time', ...query.fields],
      sortBy: 'Modified_Time',
      sortOrder: 'asc',
      page,
      ...(since === null ? {} : { modifiedSince: since }),
    });
    if (!more) {
      yield { rows, next: null };
      return;
    }
    const end = endOf(rows);
    const isBeyond = end !== null && (since === null || end > since);
    if (isBeyond) [since, page] = [end, 1];
    else page += 1;
    yield { rows, next: { since } };
    if (page > PAGES_BY_NUMBER) throw tooMany(module, since);
  }
}

function endOf(rows: readonly ZohoRow[]): Date | null {
  try {
    const at = instantOf(rows.at(-1)?.Modified_Time);
    return at === null ? null : new Date(at.getTime() - OVERLAP_MS);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function tooMany(module: string, since: Date | null): ZohoContractError {
  const when =
    since === null ? 'without a Modified_Time' : `modified within a second of ${since.toISOString()}`;
  return new ZohoContractError(
    `Zoho names no next page of ${module}, and more than 2,000 records ${when} cannot be listed without; let the connected user read by query or export (scopes ZohoCRM.coql.READ, ZohoCRM.bulk.READ)`,
  );
}
