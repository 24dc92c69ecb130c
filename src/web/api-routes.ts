import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Settings } from '../rules.ts';
import type { Store } from '../store/store.ts';
import { connectionRoutes } from './api/connection-routes.ts';
import { planRoutes } from './api/plan-routes.ts';
import type { ApiRoute } from './api-route.ts';

/** Every route of /api/v1: the router mounts this list, and the OpenAPI document and the tests read it. */

export interface ApiDeps {
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly settingsOf: (connection: Connection) => Promise<Settings>;
}

export function apiRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [...connectionRoutes(deps), ...planRoutes(deps)];
}
