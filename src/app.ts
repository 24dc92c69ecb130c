import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Clock, systemClock } from './clock.ts';
import { type Config, rereadBase } from './config.ts';
import { ConnectionSettings } from './connection-settings.ts';
import { loadKeys, loadSessionSecret } from './crypto.ts';
import { openDb } from './db.ts';
import type { Connection } from './domain.ts';
import { ConfigError, NotFoundError } from './errors.ts';
import { apiSchedules } from './jobs/api-schedules.ts';
import { apiWork } from './jobs/api-work.ts';
import { type ChannelApi, channelApi } from './jobs/channel-api.ts';
import { checkAlerts } from './jobs/check-alerts.ts';
import { doctorDeps } from './jobs/doctor-deps.ts';
import { refitModels } from './jobs/fit-models.ts';
import type { InstallationWork, LineRunner } from './jobs/handlers.ts';
import { type LineDeps, withLine } from './jobs/line.ts';
import { mailDigests } from './jobs/mail-digests.ts';
import { RequestNotes } from './jobs/note-requests.ts';
import { createQueue, type Queue } from './jobs/queue.ts';
import { runAsked } from './jobs/run-asked.ts';
import { runDigest } from './jobs/run-digest.ts';
import { type LineResult, runForRecords, runLine } from './jobs/run-line.ts';
import { runReconcile } from './jobs/run-reconcile.ts';
import { createDefaultSchedules } from './jobs/schedule-edit.ts';
import { startScoreThread } from './jobs/score-thread.ts';
import { settingsWatch } from './jobs/settings-watch.ts';
import type { JobsDeps } from './jobs/start-jobs.ts';
import { createLog, type Log } from './log.ts';
import { type Observer, unobserved } from './observe.ts';
import { fileBeside, installationWork, reasonNotInForce } from './operations.ts';
import type { NotificationRules, Settings } from './rules.ts';
import { browserConsent } from './setup/browser-consent.ts';
import { type ConnectInput, type ConnectResult, connectOrg } from './setup/connect.ts';
import { disconnectOrg } from './setup/disconnect.ts';
import { runDoctor } from './setup/doctor.ts';
import { fleetNow } from './setup/fleet.ts';
import { configuredClient } from './setup/oauth-client.ts';
import { whenDatabaseIsUp } from './store/database-away.ts';
import { migrate, pendingMigrations, unknownMigrations } from './store/migrate.ts';
import { observedRuns } from './store/observed-runs.ts';
import { createStore, type Store } from './store/store.ts';
import { type StoredSettings, storedSettings } from './stored-settings.ts';
import { startTracing } from './tracing.ts';
import type { ServerDeps } from './web/server.ts';
import type { UploadTarget } from './zoho/bulk-write.ts';
import { createZohoClient, type ZohoClient } from './zoho/client.ts';
import { creditsAvailable } from './zoho/credit-account.ts';
import { Governor } from './zoho/governor.ts';
import { type HostPolicy, hostPolicy, uploadOrigin } from './zoho/hosts.ts';
import type { OAuthClient } from './zoho/oauth.ts';
import { observedClient } from './zoho/observed-client.ts';
import { withOrgNames } from './zoho/org-names.ts';
import { ourCeiling } from './zoho/prices.ts';
import { TokenSource } from './zoho/tokens.ts';

/** The only place that builds parts and hands them to each other. */
export interface App {
  readonly config: Config;
  readonly store: Store;
  readonly hosts: HostPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** Of each connection; `config.settings` are what they have in common. */
  readonly settings: ConnectionSettings;
  readonly storedSettings: StoredSettings;
  /** As they would be with the files of another folder; what is stored is the same. */
  readonly settingsIn: (config: Pick<Config, 'configDir' | 'base'>) => ConnectionSettings;
  /** What each hop of the line of a connection is given, its settings among it. Throws ConfigError. */
  readonly depsOf: (connection: Connection) => Promise<LineDeps>;
  /** Reads the config files anew; where they are wrong it says so in the log, and what was in force stays so. */
  readonly reloadSettings: () => void;
  /** The line as jobs start it. */
  readonly line: LineRunner;
  readonly installation: InstallationWork;
  readonly queue: Queue;
  readonly channelApi: (connection: Connection) => ChannelApi;
  readonly notificationsOf: (connection: Connection) => Promise<NotificationRules>;
  readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
  readonly pendingMigrations: () => Promise<readonly string[]>;
  /** Why no work may begin on this database; null: it may. Only a repair gets to see it. */
  readonly notInForce: string | null;
  /** Signs browser sessions; null: PostgreSQL without SESSION_SECRET, where nobody can sign in. */
  readonly sessionSecret: () => Promise<string | null>;
  /** Links an org with the configured OAuth client and gives it its schedules. */
  readonly connect: (input: Grant) => Promise<ConnectResult>;
  /** Throws NotFoundError that names the connections there are. */
  readonly connection: (name: string) => Promise<Connection>;
  readonly observer: Observer;
  readonly ceilingOf: ServerDeps['ceilingOf'];
  readonly close: () => Promise<void>;
}

/** A grant to link; `accountsUrl` when it is not the configured one. */
type Grant = Omit<ConnectInput, 'clientId' | 'clientSecret' | 'accountsUrl'> & {
  readonly accountsUrl?: string;
  /** One of its own instead of the configured one. */
  readonly client?: OAuthClient;
};

function creditCeiling(settings: Settings, connection: Pick<Connection, 'org'>): number {
  const { edition, users } = connection.org;
  return ourCeiling(edition, users, settings.creditCeilingPercent);
}

function bulkTarget(
  { zoho }: Config,
  settings: Settings,
  { location, apiDomain, org }: Connection,
): UploadTarget | null {
  if (settings.writeBack.bulk === 'off') return null;
  return {
    origin: uploadOrigin(location, { apiDomain, operatorUploadUrl: zoho.uploadUrl }),
    zgid: org.zgid,
  };
}

/** True when `holder` names a process of this host that no longer runs. */
function isHolderGone(holder: string): boolean {
  const [host, pid] = holder.split('/');
  if (host !== hostname() || !pid) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

export interface AppOptions {
  /** Only serve and its worker log to stdout; for commands stdout is data. */
  readonly logTo: 'stdout' | 'stderr';
  /** Words for the person who waits for a command. */
  readonly say?: (text: string) => void;
  /** The system's own when left out; what plays time hands in another. */
  readonly clock?: Clock;
  /** Told what runs, jobs and calls took; nobody when left out. */
  readonly note?: Observer['note'];
  /** What this process or thread is called in traces. All but commands wait for a database that is away, 30 s. */
  readonly part?: 'server' | 'jobs' | 'worker' | 'command';
  /** For what looks at or mends a database on which no work may begin. */
  readonly isRepair?: boolean;
}

/** For jobs a write that was stopped (credits, token) is a failure: the work loop parks or repeats it. */
function whole(result: LineResult): LineResult {
  if (result.stopped) throw result.stopped;
  return result;
}

export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const clock = options.clock ?? systemClock;
  const stream = options.logTo === 'stdout' ? process.stdout : process.stderr;
  const log = createLog({
    ...config.log,
    destination: options.logTo === 'stdout' ? 1 : 2,
    isTerminal: stream.isTTY === true,
  });
  const keys = await loadKeys({
    keys: config.encryptionKeys,
    keyFile: fileBeside(config.databaseUrl, '.key'),
  });
  const open = async () => {
    const db = await openDb(config.databaseUrl);
    try {
      await migrate(db);
      const bare = createStore(db, keys, clock);
      const notInForce = await reasonNotInForce(bare, keys);
      if (notInForce !== null && !options.isRepair) throw new ConfigError(notInForce);
      return { db, bare, notInForce };
    } catch (error) {
      await db.close();
      throw error;
    }
  };
  const isService = options.part !== undefined && options.part !== 'command';
  const { db, bare, notInForce } = isService ? await whenDatabaseIsUp({ clock, log }, open) : await open();
  const tracing =
    config.tracesTo === null ? null : await startTracing(config.tracesTo, options.part ?? 'command');
  const observer: Observer = {
    note: options.note ?? unobserved.note,
    span: tracing?.span ?? unobserved.span,
  };
  const store: Store = { ...bare, runs: observedRuns(bare.runs, observer) };
  const hosts = hostPolicy(config.zoho.accountsUrl, config.zoho.uploadUrl);
  const settingsIn: App['settingsIn'] = ({ configDir, base }) =>
    new ConnectionSettings(store.settings, { dir: configDir, base });
  const settings = settingsIn(config);
  const requests = new RequestNotes({ store, clock, log });
  const clients = new Map<string, { readonly madeFor: string; readonly client: ZohoClient }>();
  const clientFor = (connection: Connection, of: Settings): ZohoClient => {
    const ceiling = creditCeiling(of, connection);
    const madeFor = JSON.stringify([ceiling, of.creditPrices, of.mapping.modules]);
    const known = clients.get(connection.id);
    if (known?.madeFor === madeFor) return known.client;
    const calling = createZohoClient({
      tokens: new TokenSource({ store: store.tokens, hosts, clock, log }, connection.id),
      governor: new Governor({ ledger: store.ledger, clock, log }, { connection: connection.id, ceiling }),
      hosts,
      clock,
      log,
      prices: of.creditPrices,
      onCall: (call) => requests.note(connection.id, call),
    });
    // Observed outside: the names of an org's own modules stay out of traces.
    const client = observedClient(withOrgNames(calling, of.mapping.modules), { observer, clock });
    clients.set(connection.id, { madeFor, client });
    return client;
  };
  const zohoFor = async (connection: Connection) =>
    clientFor(connection, (await settings.of(connection)).settings);
  const shared = {
    store,
    clock,
    log,
    observer,
    requests,
    holder: `${hostname()}/${process.pid}/${randomUUID()}`,
    isHolderGone,
    publicUrl: config.server.publicUrl,
    scoreThreads: {
      count: config.scoreThreads,
      start: (task) => startScoreThread({ databaseUrl: config.databaseUrl, task }),
    },
    ...(options.say ? { say: options.say } : {}),
  } satisfies Partial<LineDeps>;
  const lineDeps = (of: Settings): LineDeps => ({
    ...shared,
    settings: of,
    zohoFor: (connection) => clientFor(connection, of),
    creditsLeft: async (connection) => {
      const now = clock.now();
      const account = await store.ledger.account(connection.id, now);
      return creditsAvailable(account, creditCeiling(of, connection), now);
    },
    creditCeiling: (connection) => creditCeiling(of, connection),
    bulkTo: (connection) => bulkTarget(config, of, connection),
  });
  const watch = settingsWatch({ store, clock, settings });
  const depsOf = async (connection: Connection) => lineDeps(await watch.inUse(connection));
  const connection = async (name: string): Promise<Connection> => {
    const found = await store.connections.byName(name);
    if (found) return found;
    const names = (await store.connections.list()).map((known) => known.name);
    const hint = names.length > 0 ? `there are: ${names.join(', ')}` : 'make it with: zcv connect';
    throw new NotFoundError(`there is no connection ${name}; ${hint}`);
  };
  const doctor = async (of: Connection) =>
    runDoctor(
      doctorDeps({
        ...{ store, clock, log, settings: (await settings.of(of)).settings },
        publicUrl: config.server.publicUrl,
        makesBackups: config.backup.folder !== null,
        smtpUrl: config.smtpUrl,
        zohoFor,
      }),
      of,
    );
  const settingsStored = storedSettings({ store, settings, clock });
  const settingsOfVersion = async (of: Connection, version: number) => {
    const document = await settingsStored.documentOf(of, version);
    return settings.with(of.name, { version, document }).settings;
  };
  return {
    config,
    store,
    hosts,
    clock,
    log,
    settings,
    storedSettings: settingsStored,
    settingsIn,
    depsOf,
    reloadSettings: () => {
      try {
        settings.reload(rereadBase(config));
        log.info({ base: settings.baseHash }, 'settings were read anew');
      } catch (err) {
        log.error({ err }, 'settings cannot be read anew; those before stay in force');
      }
    },
    line: {
      runLine: async (input) => whole(await runLine(await depsOf(input.connection), input)),
      runForRecords: async (input) => whole(await runForRecords(await depsOf(input.connection), input)),
      runReconcile: async (input) => runReconcile(await depsOf(input.connection), input),
      runDigest: async ({ connection: of }) => {
        const deps = await depsOf(of);
        // Linked and never scored: the week has nothing to tell.
        if (!(await deps.store.baselines.latest(of.id))) return;
        const digests = await runDigest(deps, { connection: of });
        if (config.smtpUrl !== null) await mailDigests(deps, of, digests);
      },
      checkAlerts: async (input) => {
        const names = async () => [...(await pendingMigrations(db)), ...(await unknownMigrations(db))];
        const makesBackups = config.backup.folder !== null;
        const deps = { ...(await depsOf(input.connection)), pendingMigrations: names, makesBackups };
        return checkAlerts(deps, input);
      },
      fitModels: async ({ connection: of }) => {
        const deps = await depsOf(of);
        return withLine(deps, of, () => refitModels(deps, of));
      },
      runAsked: async ({ connection: of, asked }) =>
        runAsked({ ...(await depsOf(of)), doctor, settingsOf: settingsOfVersion }, of, asked),
    },
    installation: installationWork({ db, store, clock, log, config }),
    queue: createQueue({ jobs: store.jobs }),
    channelApi: (of) => channelApi(() => zohoFor(of)),
    notificationsOf: async (of) => (await settings.of(of)).settings.notifications,
    zohoFor,
    pendingMigrations: () => pendingMigrations(db),
    notInForce,
    sessionSecret: () => sessionSecretOf(config),
    connect: async ({ client, ...grant }) => {
      const accountsUrl = grant.accountsUrl ?? config.zoho.accountsUrl;
      const input = { ...grant, accountsUrl, ...(client ?? configuredClient(config.zoho, accountsUrl)) };
      const result = await connectOrg(
        { store, hosts, clock, log, modules: settings.ofName(grant.name).settings.mapping.modules },
        input,
      );
      await createDefaultSchedules({ store, clock }, result.connection);
      return result;
    },
    connection,
    observer,
    ceilingOf: async (of) => creditCeiling((await settings.of(of)).settings, of),
    close: async () => {
      await tracing?.stop();
      await db.close();
    },
  };
}

/** What runs by itself is given, in the thread of a server or in a process of its own. */
export function jobsDeps(app: App): JobsDeps {
  return {
    ...app,
    publicUrl: app.config.server.publicUrl,
    modulesOf: async (connection) => (await app.settings.of(connection)).settings.mapping.modules,
    notify: app.config.settings.notify,
    smtpUrl: app.config.smtpUrl,
    // That the settings of a connection are broken is itself told by mail.
    settingsOf: async (connection) =>
      app.settings.of(connection).then(
        ({ settings }) => settings,
        () => app.config.settings,
      ),
  };
}

function sessionSecretOf({ server, databaseUrl }: Config): Promise<string | null> {
  return loadSessionSecret({ secret: server.sessionSecret, file: fileBeside(databaseUrl, '.session') });
}

/** What the server is given: the parts, and what browsers do at Zoho. */
export async function serverDeps(app: App): Promise<ServerDeps> {
  return {
    ...app,
    settingsOf: async (connection) => (await app.settings.of(connection)).settings,
    originsOf: async (connection) => (await app.settings.of(connection)).origins,
    work: apiWork(app.depsOf),
    schedules: apiSchedules(app),
    storedSettings: app.storedSettings,
    fleet: () => fleetNow(app),
    sessionSecret: await app.sessionSecret(),
    consent: browserConsent({ ...app, configured: app.config.zoho }),
    disconnect: (connection) => disconnectOrg(app, connection),
    metricsToken: app.config.server.metricsToken,
    isOAuthProvider: app.config.server.isOAuthProvider,
  };
}
