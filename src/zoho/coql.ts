import type { ZohoClient } from './client.ts';
import type { ZohoRow } from './rows.ts';

export declare function coql(
  client: ZohoClient,
  query: string,
  limit: number,
): Promise<{ rows: ZohoRow[]; more: boolean }>;
export declare function literal(value: string | number | Date | boolean): string;
export declare function scanModule(
  client: ZohoClient,
  input: { module: string; fields: readonly string[]; where?: string; order: 'id' },
): AsyncGenerator<ZohoRow[]>;
export declare function scanChanged(
  client: ZohoClient,
  input: {
    module: string;
    fields: readonly string[];
    from: Date;
    after: { modifiedAt: Date; id: string } | null;
    until: Date;
    where?: string;
  },
): AsyncGenerator<ZohoRow[]>;
