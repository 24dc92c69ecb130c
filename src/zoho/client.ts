import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Governor } from './governor.ts';
import type { HostPolicy } from './hosts.ts';
import type { RetryPolicy } from './retry.ts';
import type { TokenSource } from './tokens.ts';

export interface ZohoRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** "/crm/v8/…", or an absolute URL on a trusted host. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credits: number;
  /** Takes one of Zoho's scarcer sub-concurrency slots. */
  readonly sub?: boolean;
  /** May be repeated when its answer was lost. Default: GET and COQL yes, everything else no. */
  readonly idempotent?: boolean;
  readonly responseType?: 'json' | 'stream';
}
export interface ZohoAnswer {
  readonly status: number;
  /** null on 204 and 304; a Readable for responseType stream. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}
export interface ZohoClient {
  request(request: ZohoRequest): Promise<ZohoAnswer>;
  readonly usage: () => { calls: number; credits: number };
}
export declare function createZohoClient(deps: {
  tokens: Pick<TokenSource, 'current' | 'replace'>;
  governor: Governor;
  hosts: HostPolicy;
  clock: Clock;
  log: Log;
  retry?: Partial<RetryPolicy>;
}): ZohoClient;
