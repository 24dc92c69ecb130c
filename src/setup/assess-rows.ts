import type { ZohoClient } from '../zoho/client.ts';
import { coql, scanModule } from '../zoho/coql.ts';
import { PAGES_BY_NUMBER } from '../zoho/list-by-time.ts';
import { type ListQuery, listRecords, type ZohoRow } from '../zoho/records.ts';
import { integerOf } from '../zoho/values.ts';
import { isRefused } from './refusal.ts';

/** Reading for assess: a part of a module, by a query or, where queries are refused, by the list. */

export interface SomeRows {
  readonly rows: readonly ZohoRow[];
  /** False: there are more, which nobody looked at. */
  readonly isWhole: boolean;
}

export async function someRows(
  zoho: ZohoClient,
  module: string,
  fields: readonly string[],
  most: number,
): Promise<SomeRows> {
  try {
    return await firstOf(scanModule(zoho, { module, fields, order: 'id' }), most);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return listedRows(zoho, module, fields, most);
  }
}

/** By the list, the records that changed last first. */
export async function listedRows(
  zoho: ZohoClient,
  module: string,
  fields: readonly string[],
  most: number,
): Promise<SomeRows> {
  const rows: ZohoRow[] = [];
  const query = { fields, sortBy: 'Modified_Time', sortOrder: 'desc' } as const;
  let place: Pick<ListQuery, 'page' | 'pageToken'> = {};
  for (let page = 1; ; page += 1) {
    const { nextPageToken, more, rows: found } = await listRecords(zoho, module, { ...query, ...place });
    rows.push(...found);
    if (!more) return { rows, isWhole: true };
    const isEnd = nextPageToken === null && page >= PAGES_BY_NUMBER;
    if (isEnd || rows.length >= most) return { rows, isWhole: false };
    place = nextPageToken === null ? { page: page + 1 } : { pageToken: nextPageToken };
  }
}

async function firstOf(pages: AsyncIterable<readonly ZohoRow[]>, most: number): Promise<SomeRows> {
  const rows: ZohoRow[] = [];
  for await (const page of pages) {
    if (rows.length >= most) return { rows, isWhole: false };
    rows.push(...page);
  }
  return { rows, isWhole: true };
}

/** How many records a condition holds for; one credit. */
export async function countWhere(zoho: ZohoClient, module: string, where: string): Promise<number> {
  const { rows } = await coql(zoho, `select COUNT(id) as records from ${module} where ${where}`, 1);
  return integerOf(rows[0]?.records) ?? 0;
}
