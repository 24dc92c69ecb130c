import type { ZohoClient } from './client.ts';
import type { ZohoRow } from './rows.ts';

export type { ZohoRow } from './rows.ts';

export interface ListQuery {
  readonly fields: readonly string[];
  readonly ids?: readonly string[];
  readonly pageToken?: string;
  readonly sortBy?: 'id' | 'Created_Time' | 'Modified_Time';
  readonly sortOrder?: 'asc' | 'desc';
  readonly modifiedSince?: Date;
  readonly converted?: 'true' | 'false' | 'both';
}
export type RowResult =
  | {
      readonly ok: true;
      readonly id: string;
      readonly action: 'insert' | 'update' | null;
      readonly modifiedAt: Date | null;
    }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly field: string | null;
      readonly details: unknown;
      /** DUPLICATE_DATA: the record that already holds the value, where Zoho names it. */
      readonly duplicateId?: string;
    };
export declare function listRecords(
  client: ZohoClient,
  module: string,
  query: ListQuery,
): Promise<{ rows: ZohoRow[]; nextPageToken: string | null }>;
export declare function getRecords(
  client: ZohoClient,
  module: string,
  ids: readonly string[],
  fields: readonly string[],
): Promise<ZohoRow[]>;
export declare function listDeleted(
  client: ZohoClient,
  module: string,
  since: Date,
): AsyncGenerator<{ id: string; deletedAt: Date }[]>;
export declare function countRecords(client: ZohoClient, module: string): Promise<number>;
export declare function updateRecords(
  client: ZohoClient,
  module: string,
  rows: readonly ZohoRow[],
): Promise<RowResult[]>;
export declare function createRecords(
  client: ZohoClient,
  module: string,
  rows: readonly Record<string, unknown>[],
): Promise<RowResult[]>;
export declare function deleteRecords(
  client: ZohoClient,
  module: string,
  ids: readonly string[],
): Promise<RowResult[]>;
