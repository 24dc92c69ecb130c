import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Settings } from '../rules.ts';
import type { FleetRow } from '../setup/fleet.ts';
import type { Store } from '../store/store.ts';
import type { Access } from './access.ts';
import { alertRoutes } from './api/alert-routes.ts';
import { auditRoutes } from './api/audit-routes.ts';
import { connectLinkRoutes } from './api/connect-link-routes.ts';
import { connectionRoutes } from './api/connection-routes.ts';
import { customerListRoutes } from './api/customer-list-routes.ts';
import { customerNoteRoutes } from './api/customer-note-routes.ts';
import { customerRoutes } from './api/customer-routes.ts';
import { customerViewRoutes } from './api/customer-view-routes.ts';
import { disconnectRoutes } from './api/disconnect-routes.ts';
import { eventRoutes } from './api/event-routes.ts';
import { fleetRoutes } from './api/fleet-routes.ts';
import { importRoutes } from './api/import-routes.ts';
import { jobRoutes } from './api/job-routes.ts';
import { leadRoutes } from './api/lead-routes.ts';
import { liveRoutes } from './api/live-routes.ts';
import { mailRoutes } from './api/mail-routes.ts';
import { mappingRoutes } from './api/mapping-routes.ts';
import { meRoutes } from './api/me-routes.ts';
import { memberRoutes } from './api/member-routes.ts';
import { overviewRoutes } from './api/overview-routes.ts';
import { planRoutes } from './api/plan-routes.ts';
import { qualityRoutes } from './api/quality-routes.ts';
import { referralTreeRoutes } from './api/referral-tree-routes.ts';
import { reminderRoutes } from './api/reminder-routes.ts';
import { runRoutes } from './api/run-routes.ts';
import { scheduleRoutes } from './api/schedule-routes.ts';
import { setUpRoutes } from './api/set-up-routes.ts';
import { settingsFormRoutes } from './api/settings-form-routes.ts';
import { settingsRoutes } from './api/settings-routes.ts';
import { supportRoutes } from './api/support-routes.ts';
import { tokenRoutes } from './api/token-routes.ts';
import { webhookRoutes } from './api/webhook-routes.ts';
import type { ApiRoute } from './api-route.ts';
import type { ApiSchedules, ApiStoredSettings, ApiWork } from './api-work.ts';
import type { LiveStreams } from './live-streams.ts';

/** Every route of /api/v1: the router mounts this list, and the OpenAPI document and the tests read it. */

export interface ApiDeps {
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly settingsOf: (connection: Connection) => Promise<Settings>;
  /** Each setting in force, and where it comes from; secrets are none of them. */
  readonly originsOf: (
    connection: Connection,
  ) => Promise<readonly { readonly key: string; readonly value: unknown; readonly origin: string }[]>;
  readonly work: ApiWork;
  readonly schedules: ApiSchedules;
  readonly storedSettings: ApiStoredSettings;
  /** Every connection, those in trouble first. */
  readonly fleet: () => Promise<readonly FleetRow[]>;
  /** Credits that we may spend in any 24 hours. */
  readonly ceilingOf: (connection: Pick<Connection, 'id' | 'name' | 'org'>) => Promise<number>;
  /** Open streams of events. */
  readonly streams: Pick<LiveStreams, 'open'>;
  /** What routes may know of the browser that calls. */
  readonly browser: Pick<Access, 'csrfToken' | 'sessionOf' | 'setVisit'> & {
    /** Where browsers reach us. */
    ownUrl(): string;
  };
  /** Revokes the access at Zoho and deletes what is stored; `problems` say what is left to do by hand. */
  readonly disconnect: (
    connection: Connection,
  ) => Promise<{ readonly channels: number; readonly revoked: boolean; readonly problems: string[] }>;
}

export function apiRoutes(deps: ApiDeps): readonly ApiRoute[] {
  return [
    ...connectionRoutes(deps),
    ...overviewRoutes(deps),
    ...customerListRoutes(deps),
    ...customerViewRoutes(deps),
    ...customerRoutes(deps),
    ...customerNoteRoutes(deps),
    ...referralTreeRoutes(deps),
    ...reminderRoutes(deps),
    ...leadRoutes(deps),
    ...planRoutes(deps),
    ...runRoutes(deps),
    ...liveRoutes(deps),
    ...qualityRoutes(deps),
    ...settingsRoutes(deps),
    ...settingsFormRoutes(deps),
    ...mappingRoutes(deps),
    ...setUpRoutes(deps),
    ...importRoutes(deps),
    ...scheduleRoutes(deps),
    ...fleetRoutes(deps),
    ...meRoutes(deps),
    ...disconnectRoutes(deps),
    ...memberRoutes(deps),
    ...tokenRoutes(deps),
    ...connectLinkRoutes(deps),
    ...auditRoutes(deps),
    ...jobRoutes(deps),
    ...webhookRoutes(deps),
    ...alertRoutes(deps),
    ...eventRoutes(deps),
    ...mailRoutes(deps),
    ...supportRoutes(deps),
  ];
}
