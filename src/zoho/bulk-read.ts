import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { ZohoClient } from './client.ts';
import type { ZohoRow } from './rows.ts';

export declare function bulkRead(
  client: ZohoClient,
  input: { module: string; fields: readonly string[]; criteria?: unknown },
  deps: { clock: Clock; log: Log },
): AsyncGenerator<ZohoRow[]>;
