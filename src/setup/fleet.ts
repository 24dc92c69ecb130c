import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import type { FleetFacts } from '../store/fleet-stores.ts';
import type { SettingsVersion } from '../store/settings-stores.ts';
import type { Store } from '../store/store.ts';
import { ourCeiling } from '../zoho/prices.ts';

/** One row a connection, with what is wrong with it, worst first. */

/** For whoever says it in other words than ours. */
export const TROUBLE_CODES = [
  ...([
    'reconnect',
    'critical_alerts',
    'parked',
    'dead_jobs',
    'stale',
    'never_synced',
    'held_plans',
  ] as const),
  ...(['credits', 'channel_expired', 'warnings', 'newer_settings', 'unmatched'] as const),
] as const;
type TroubleCode = (typeof TROUBLE_CODES)[number];

export interface FleetRow {
  readonly connection: string;
  readonly org: string;
  readonly edition: string;
  readonly dataCentre: string;
  readonly mode: Connection['mode'];
  readonly state: Connection['state'];
  readonly lastRunAt: string | null;
  /** Hours since a sync was done; null: never. */
  readonly freshnessHours: number | null;
  readonly nextRunAt: string | null;
  readonly creditsToday: number;
  readonly creditPercent: number;
  readonly tokenAgeHours: number | null;
  readonly channelExpiresAt: string | null;
  readonly unmatched: number | null;
  readonly criticalAlerts: number;
  readonly warnings: number;
  readonly heldPlans: number;
  readonly deadJobs: number;
  readonly settingsVersion: number;
  readonly runVersion: number | null;
  /** Words for what is wrong, worst first. */
  readonly trouble: readonly string[];
  /** The same as codes, with the number in it. */
  readonly causes: readonly { readonly code: TroubleCode; readonly value: number | null }[];
  /** The higher the sooner somebody should look. */
  readonly weight: number;
}

const HOUR_MS = 3_600_000;
// A nightly sync that was missed shows the next morning.
const STALE_HOURS = 26;
const NEARLY_SPENT_PERCENT = 90;

interface FleetDeps {
  readonly store: Pick<Store, 'fleet' | 'settings'>;
  readonly clock: Clock;
  readonly settings: {
    creditCeilingPercent(name: string, stored: SettingsVersion | null): number;
  };
}

/** Every connection, those in trouble first. */
export async function fleetNow({ store, clock, settings }: FleetDeps): Promise<FleetRow[]> {
  const now = clock.now();
  const [facts, stored] = [await store.fleet.all(now), await store.settings.allCurrent()];
  const ceilingPercentOf = ({ id, name }: Connection) =>
    settings.creditCeilingPercent(name, stored.get(id) ?? null);
  return fleetRows(facts, { now, ceilingPercentOf });
}

/** `ceilingPercentOf` is of the settings of each connection. */
export function fleetRows(
  facts: readonly FleetFacts[],
  input: { readonly now: Date; readonly ceilingPercentOf: (connection: Connection) => number },
): FleetRow[] {
  const rows = facts.map((of) => rowOf(of, input.now, input.ceilingPercentOf(of.connection)));
  return rows.sort((a, b) => b.weight - a.weight || (a.connection < b.connection ? -1 : 1));
}

function rowOf(facts: FleetFacts, now: Date, ceilingPercent: number): FleetRow {
  const { connection, doneAt, alerts } = facts;
  const hours = (at: Date | null | undefined) =>
    at ? Math.max(0, Math.round(((now.getTime() - at.getTime()) / HOUR_MS) * 10) / 10) : null;
  const ceiling = ourCeiling(connection.org.edition, connection.org.users, ceilingPercent);
  const creditPercent = ceiling > 0 ? Math.round((facts.creditsSpent / ceiling) * 100) : 0;
  const freshnessHours = hours(doneAt.sync);
  const ended = Object.values(doneAt).map((at) => at.getTime());
  const troubles: readonly (readonly [boolean, number, string, TroubleCode, number?])[] = [
    [connection.state === 'reconnect_needed', 1_000, 'reconnect needed', 'reconnect'],
    [
      alerts.critical > 0,
      300 + alerts.critical,
      `critical alerts: ${alerts.critical}`,
      'critical_alerts',
      alerts.critical,
    ],
    [connection.state === 'parked', 200, 'waits for credits', 'parked'],
    [
      facts.deadJobs > 0,
      100 + Math.min(50, facts.deadJobs),
      `dead jobs: ${facts.deadJobs}`,
      'dead_jobs',
      facts.deadJobs,
    ],
    [
      freshnessHours !== null && freshnessHours > STALE_HOURS,
      80,
      `last sync ${freshnessHours} h ago`,
      'stale',
      freshnessHours ?? 0,
    ],
    [freshnessHours === null, 60, 'never synced', 'never_synced'],
    [facts.heldPlans > 0, 50, `held plans: ${facts.heldPlans}`, 'held_plans', facts.heldPlans],
    [creditPercent >= NEARLY_SPENT_PERCENT, 40, `credits ${creditPercent} %`, 'credits', creditPercent],
    [
      facts.channelExpiresAt !== null && facts.channelExpiresAt <= now,
      30,
      'channel expired',
      'channel_expired',
    ],
    [
      alerts.warning > 0,
      20 + Math.min(9, alerts.warning),
      `warnings: ${alerts.warning}`,
      'warnings',
      alerts.warning,
    ],
    [
      facts.runVersion !== null && facts.runVersion < facts.settingsVersion,
      10,
      'newer settings wait for a run',
      'newer_settings',
    ],
    [(facts.unmatched ?? 0) > 0, 5, `unmatched: ${facts.unmatched}`, 'unmatched', facts.unmatched ?? 0],
  ];
  const found = troubles.filter(([is]) => is).sort((a, b) => b[1] - a[1]);
  return {
    connection: connection.name,
    org: connection.org.name,
    edition: connection.org.edition,
    dataCentre: connection.location,
    mode: connection.mode,
    state: connection.state,
    lastRunAt: ended.length === 0 ? null : new Date(Math.max(...ended)).toISOString(),
    freshnessHours,
    nextRunAt: facts.nextRunAt?.toISOString() ?? null,
    creditsToday: facts.creditsSpent,
    creditPercent,
    tokenAgeHours: hours(facts.tokenAt),
    channelExpiresAt: facts.channelExpiresAt?.toISOString() ?? null,
    unmatched: facts.unmatched,
    criticalAlerts: alerts.critical,
    warnings: alerts.warning,
    heldPlans: facts.heldPlans,
    deadJobs: facts.deadJobs,
    settingsVersion: facts.settingsVersion,
    runVersion: facts.runVersion,
    trouble: found.map(([, , words]) => words),
    causes: found.map(([, , , code, value]) => ({ code, value: value ?? null })),
    weight: found.reduce((sum, [, weight]) => sum + weight, 0),
  };
}
