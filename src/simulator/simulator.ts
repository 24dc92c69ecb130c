import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import express, { type Express } from 'express';
import { bulkReadRouter } from './bulk-read.ts';
import { bulkWriteRouter } from './bulk-write.ts';
import { createChannelBook } from './channels.ts';
import { createSimClock, type SimClock } from './clock.ts';
import type { SimContext } from './context.ts';
import type { ControlApi } from './control.ts';
import { createControl } from './control-api.ts';
import { controlRouter } from './control-routes.ts';
import { coqlRouter } from './coql-routes.ts';
import type { CoqlCatalog } from './coql-types.ts';
import { createCreditLedger, creditsOfDay } from './credits.ts';
import { createEndpoint } from './endpoint.ts';
import { type ActiveFault, createFaultBook, garbledRows } from './faults.ts';
import { fieldRouter } from './field-routes.ts';
import { metadataRouter } from './metadata-routes.ts';
import { type AccessDeps, findModule } from './module-access.ts';
import { createNotifier } from './notifier.ts';
import { oauthRouter } from './oauth-routes.ts';
import { orgRouter } from './org-routes.ts';
import { createOrgState } from './org-state.ts';
import { createRecordLife } from './record-life.ts';
import { recordRouter } from './record-routes.ts';
import { createRecordWriter } from './record-writer.ts';
import { createReportBook } from './report.ts';
import { readyFields } from './requests.ts';
import { rowSource, type Viewer } from './row-values.ts';
import { DEFAULT_SCOPES } from './scopes.ts';
import type { OrgSeed } from './seed.ts';
import { loadRecords } from './seed-rows.ts';
import type { SimUser } from './state.ts';
import { DEFAULT_SWITCHES, type Switches, setSwitches } from './switches.ts';
import { createTokenBook } from './token-book.ts';
import { createValueIndex } from './value-index.ts';
import { watchRouter } from './watch-routes.ts';

/** Time enough for a self client's code to be copied by hand. */
const START_CODE_MS = 600_000;

export interface SimulatorOptions {
  seed: OrgSeed;
  /** 0: any that is free. */
  port?: number;
  clientId?: string;
  clientSecret?: string;
  refreshToken?: string;
  grantCode?: string;
  /** Scopes of the refresh token and grant code that are valid at start. */
  scopes?: readonly string[];
  /** Registered redirect URIs; without them every URI on this machine is taken. */
  redirectUris?: readonly string[];
  switches?: Partial<Switches>;
  /** Left out: real time that can be shifted. */
  clock?: SimClock;
}

/** Accounts server, API domain and everything else under one origin on 127.0.0.1. */
export interface Simulator {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Valid at start, like the grant code. */
  refreshToken: string;
  grantCode: string;
  /** The same as under /__control/, in-process. */
  control: ControlApi;
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const {
    seed,
    port = 0,
    clientId = `1000.${randomText(12)}`,
    clientSecret = randomText(20),
    scopes = DEFAULT_SCOPES,
  } = options;
  const clock = options.clock ?? createSimClock();
  const state = createOrgState(seed);
  const seedIds = loadRecords(state, seed, clock.nowMs());
  const switches: Switches = { ...DEFAULT_SWITCHES };
  setSwitches(switches, options.switches ?? {});
  let url = '';
  // People come in through the control API, which is made last.
  const people: { intervene: SimContext['intervene'] } = { intervene: () => undefined };
  const { context, channels } = createContext({
    ...{ state, clock, switches },
    url: () => url,
    intervene: (fault) => people.intervene(fault),
  });
  const { tokens } = context;
  const user = state.consentingUser;
  const given = options.refreshToken === undefined ? {} : { refreshToken: options.refreshToken };
  const { refreshToken } = tokens.grant({ clientId, user, scopes, ...given });
  const { code: grantCode = '' } =
    tokens.issueCode({
      clientId,
      redirectUri: null,
      user,
      scopes,
      offline: true,
      lifeMs: START_CODE_MS,
      ...(options.grantCode === undefined ? {} : { code: options.grantCode }),
    }) ?? {};
  const control = createControl({ ...context, clientId, seedIds });
  people.intervene = (fault) => intervene(control, fault);
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(controlRouter(control));
  app.use(
    oauthRouter({
      state,
      switches,
      tokens,
      clock,
      faults: context.faults,
      report: context.report,
      intervene: context.intervene,
      client: { id: clientId, secret: clientSecret },
      redirectUris: options.redirectUris ?? null,
      url: () => url,
    }),
  );
  mountApi(app, context, channels);
  const server = createServer(app);
  url = await listen(server, port);
  const close = () => closeServer(server, clock);
  return { url, clientId, clientSecret, refreshToken, grantCode, control, close };
}

function createContext(base: Pick<SimContext, 'state' | 'clock' | 'switches' | 'url' | 'intervene'>): {
  context: SimContext;
  channels: ReturnType<typeof createChannelBook>;
} {
  const { state, clock, switches } = base;
  const nowMs = () => clock.nowMs();
  const [report, faults, channels] = [createReportBook(), createFaultBook(), createChannelBook()];
  const tokens = createTokenBook({ nowMs, switches });
  const { edition, users } = state.org;
  const ceiling = () => switches.dailyCredits ?? creditsOfDay(edition, users);
  const ledger = createCreditLedger({ nowMs, ceiling });
  const viewer = (timeZone: string): Viewer => ({
    state,
    timeZone,
    showsDisplayValues: switches.picklistAnswer === 'display',
    garbled: garbledRows(faults.list()),
  });
  const writing = { state, switches, index: createValueIndex(), nowMs };
  const writer = createRecordWriter(writing);
  const shared = { ...base, report, faults, tokens, ledger, viewer };
  const context: SimContext = {
    ...shared,
    writer,
    writing: { ...writing, writer },
    life: createRecordLife(writing),
    notifier: createNotifier({ ...shared, channels }),
    newToken: () => randomText(32),
    catalog: (user) => catalogOf({ state, switches }, user, nowMs),
    source: (timeZone) => rowSource(viewer(timeZone)),
    endpoint: createEndpoint({ ...shared, slots: { all: 0, sub: 0 } }),
  };
  return { context, channels };
}

function intervene(control: ControlApi, { edit = [], remove = [], act }: ActiveFault): void {
  for (const { module, data } of edit) control.writeRecords(module, data);
  for (const { module, ids } of remove) control.deleteRecords(module, ids);
  act?.();
}

function catalogOf(deps: AccessDeps, user: SimUser, nowMs: () => number): CoqlCatalog {
  return {
    module: (name) => {
      const module = findModule(deps, name, user);
      if (module === undefined) return null;
      const fields = readyFields(module, nowMs()).map(
        ({ apiName, dataType: data_type, lookup }) =>
          [apiName, lookup === null ? { data_type } : { data_type, lookup }] as const,
      );
      return { fields: new Map(fields) };
    },
  };
}

function mountApi(app: Express, context: SimContext, channels: ReturnType<typeof createChannelBook>): void {
  app.use('/crm', express.raw({ type: () => true, limit: '30mb' }));
  app.use(
    orgRouter(context),
    fieldRouter(context),
    metadataRouter(context),
    coqlRouter(context),
    watchRouter(context, channels),
    bulkReadRouter(context),
    bulkWriteRouter(context),
    recordRouter(context),
  );
  app.use((_request, response) => {
    const message = 'Please check if the URL trying to access is a correct one';
    response.status(404).json({ code: 'INVALID_URL_PATTERN', details: {}, message, status: 'error' });
  });
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address !== 'object' || address === null) reject(new Error('the server has no port'));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}

function closeServer(server: Server, clock: SimContext['clock']): Promise<void> {
  clock.stop();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

const randomText = (bytes: number) => randomBytes(bytes).toString('hex');
