import type { ZohoClient } from '../zoho/client.ts';
import { coql, scanModule } from '../zoho/coql.ts';
import { listRecords, type ZohoRow } from '../zoho/records.ts';
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
export function listedRows(
  zoho: ZohoClient,
  module: string,
  fields: readonly string[],
  most: number,
): Promise<SomeRows> {
  return firstOf(listPages(zoho, module, fields), most);
}

async function* listPages(
  zoho: ZohoClient,
  module: string,
  fields: readonly string[],
): AsyncGenerator<readonly ZohoRow[]> {
  let pageToken: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRecords>> = await listRecords(zoho, module, {
      fields,
      sortBy: 'Modified_Time',
      sortOrder: 'desc',
      ...(pageToken === null ? {} : { pageToken }),
    });
    yield page.rows;
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
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
