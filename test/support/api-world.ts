import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { sql } from 'kysely';
import { systemClock } from '../../src/clock.ts';
import { ConnectionSettings } from '../../src/connection-settings.ts';
import { loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import { apiSchedules } from '../../src/jobs/api-schedules.ts';
import { apiWork } from '../../src/jobs/api-work.ts';
import type { LineDeps } from '../../src/jobs/line.ts';
import { createDefaultSchedules, createInstallationSchedules } from '../../src/jobs/schedule-edit.ts';
import type { LeadScore } from '../../src/leads.ts';
import { silentLog } from '../../src/log.ts';
import { minor } from '../../src/money.ts';
import { readBaseTexts, readSettings } from '../../src/settings.ts';
import { fleetNow } from '../../src/setup/fleet.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { storedSettings } from '../../src/stored-settings.ts';
import type { ApiRoute } from '../../src/web/api-route.ts';
import { createApiRouter } from '../../src/web/api-router.ts';
import { type ApiDeps, apiRoutes } from '../../src/web/api-routes.ts';
import { createErrorHandler, handleNotFound } from '../../src/web/error-handler.ts';
import { LiveStreams } from '../../src/web/live-streams.ts';
import type { ApiGuards, AuditEntry, Principal } from '../../src/web/principal.ts';
import {
  AT,
  aConnection,
  aFieldItem,
  anAccount,
  aReminder,
  aScore,
  aState,
  hashed,
} from '../store/builders.ts';
import { recordingQueue } from '../unit/jobs/memory-store.ts';
import { aChannel } from './a-channel.ts';
import { columnsByTable } from './every-table.ts';

/** Two orgs, `mine` and `theirs`, with one of everything in each, behind the API as callers of each kind meet it. */

/** Who calls, by the header `x-caller`. None of them has any role on `theirs`, but the operator. */
export type Caller = 'admin' | 'viewer' | 'reader' | 'stranger' | 'operator';

/** What stands for each `{name}` of a path: of `mine`, and of `theirs`; null where it belongs to no connection. */
interface Ids {
  readonly [param: string]: { readonly mine: string; readonly theirs: string | null };
}

export interface ApiWorld {
  readonly db: Db;
  readonly store: Store;
  readonly routes: readonly ApiRoute[];
  readonly mine: string;
  readonly theirs: string;
  readonly ids: Ids;
  readonly audited: AuditEntry[];
  /** The next end of a connection fails like that. */
  breakNext(why: string): void;
  call(
    as: Caller | null,
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly headers?: Record<string, string> },
  ): Promise<Response>;
  close(): Promise<void>;
}

const CONFIG_DIR = fileURLToPath(new URL('../../config', import.meta.url));
const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

export function aLeadScore(id: string): LeadScore {
  return {
    ...{ key: { module: 'Leads', id }, name: 'Fjord Bikes', ownerId: null, asOf: '2026-03-01' },
    ...{ createdDay: '2026-02-20', source: 'Web', rating: null, status: null, state: 'open' },
    ...{ followUp: 'due', followUpBy: '2026-03-02', rhythmDays: 3, lastFollowUp: null, lastContact: null },
    ...{ lastContactChannel: null, unansweredTouches: 0, nextAppointment: null, expectedValue: minor(9_000) },
    ...{ chance: 0.2, meanProfit: minor(45_000), reasons: [], unfilled: {} },
    history: { leads: 5, converted: 1, became: 1, buyers: 1, profit12: 45_000 },
  };
}

/** One of everything that a path may name. A colleague's new `{name}` gets a line here and is covered by the table. */
export async function fill(
  store: Store,
  name: 'mine' | 'theirs',
  // Records of two orgs may have the same ids.
  customer = name === 'mine' ? '100' : '900',
) {
  const base = aConnection({ name });
  const { id } = await store.connections.create({ ...base, org: { ...base.org, id: `org-of-${name}` } });
  await store.records.save(
    id,
    'Accounts',
    [hashed(anAccount({ id: customer, name: `Firm ${customer}` }))],
    null,
  );
  await store.scores.save(id, [{ score: aScore({ id: customer }), state: aState() }]);
  await store.scores.save(id, [
    {
      score: aScore({
        id: `${customer}1`,
        module: 'Contacts',
        name: `Person ${customer}`,
        tier: 'top',
        gold: true,
      }),
      state: aState(),
    },
  ]);
  await store.baseValues.keep(id, '2026-02-01', AT);
  await store.baseValues.keep(id, '2026-03-01', AT);
  const lead = `${customer}6`;
  await store.leadScores.save(id, [aLeadScore(lead)]);
  await store.reminders.save(id, [
    aReminder({ cvRef: `cv-contact_gap-${customer}-1`, customer: { module: 'Accounts', id: customer } }),
  ]);
  await store.quarantine.add(id, [{ module: 'Deals', recordId: `${customer}3`, reason: 'no stage' }], AT);
  await store.digests.save(id, [{ until: '2026-03-01', ownerId: null, body: { moves: [] } }], AT);
  const run = await store.runs.start(id, 'apply', { full: true }, AT);
  const plan = await store.plans.open(id, run, '2026-03-01');
  await store.plans.append(plan, [aFieldItem(customer, 'Top')]);
  await store.plans.close(plan, { state: 'open', summary: {} });
  await store.runs.finish(run, 'done', {}, AT);
  await store.jobs.enqueue({
    ...{ connection: id, name: 'digest', payload: {}, singletonKey: null, runAt: AT },
  });
  const job = await store.jobs.claim('w');
  if (job?.connection !== id) throw new Error('the job of this connection was expected');
  await store.jobs.bury(job, 'a bug');
  const connection = await store.connections.byId(id);
  if (connection) await createDefaultSchedules({ store, clock: systemClock }, connection);
  const written = { document: 'fields:\n  language: nl\n', note: null, who: 'cli', at: AT, baseHash: 'b' };
  await store.settings.add(id, { ...written, basedOn: 0 });
  await store.settings.saveDraft(id, written);
  const people = { location: 'eu', orgId: `org-of-${name}`, name: `Ann of ${name}` };
  const { id: member } = await store.people.signedIn({ ...people, userId: `user-of-${name}` }, AT);
  const membership = { connection: id, personId: member, role: 'viewer', origin: 'invited' } as const;
  await store.people.setMembership(membership, AT);
  const made = { createdBy: 'operator:ops', at: AT, expiresAt: new Date('2100-01-01T00:00:00Z') };
  const email = `bo@${name}.test`;
  const invited = await store.people.invite({ ...made, connection: id, email, role: 'viewer' });
  const scoped = { ...made, name: 'reports', scope: 'read', connections: [id] } as const;
  const { token } = await store.apiTokens.create(scoped);
  const { client } = await store.oauthClients.add({
    ...{ ...made, connection: id, name: `card of ${name}`, redirectUris: [`https://${name}.test/back`] },
    scopes: ['read', 'inputs'],
  });
  const grant = { id: `grant-of-${name}`, client: client.id, personId: member, data: {} };
  await store.oauthGrants.saveGrant({ ...grant, expiresAt: made.expiresAt }, AT);
  const handedOut = { secret: `of-${name}`, scope: 'read', data: {}, expiresAt: made.expiresAt };
  await store.oauthGrants.saveToken({ ...handedOut, kind: 'AccessToken', grant: grant.id });
  await store.oauthGrants.saveRequest({ ...handedOut, client: client.id });
  const body = {
    module: 'Deals',
    operation: 'update',
    ids: [`${customer}3`],
    fields: { [`${customer}3`]: ['Stage'] },
  };
  await store.channels.save(
    id,
    aChannel({ connection: id, channelId: `${customer}9`, secretHash: `channel of ${name}` }),
  );
  await store.deliveries.add([
    { key: `key of ${name}`, connection: id, channelId: `${customer}9`, receivedAt: AT, body, slow: false },
  ]);
  await store.workflowHooks.add({
    ...{
      connection: id,
      name: 'won-deals',
      secretHash: `hook of ${name}`,
      headerHash: 'header',
      createdAt: AT,
    },
    ...{ rotatedAt: null, heardAt: null },
  });
  const [delivery] = await store.deliveries.list(id, { limit: 1 });
  const drift = {
    code: 'schema_drift',
    severity: 'warning',
    message: 'drift',
    params: { fields: ['Deals.amount'] },
  } as const;
  await store.alerts.raise(id, drift, AT);
  const receiver = { url: `https://hooks.${name}.test/`, types: ['*'], secret: `whsec_${'a'.repeat(43)}=` };
  const endpoint = await store.events.addEndpoint(id, receiver, AT);
  const tested = { type: 'endpoint.test', recordId: null, data: {} };
  await store.events.appendFor(id, endpoint.id, tested, AT);
  const [sent] = await store.events.log(id, { limit: 1 });
  await store.events.noteAttempt(endpoint.id, sent?.id ?? 0, {
    ...{ at: AT, status: 500, error: 'http_500', durationMs: 4 },
    ...{ next: { state: 'failed' }, resumeAt: null },
  });
  const reader = { address: `ann@${name}.test`, language: 'en', alerts: true, digest: true } as const;
  await store.mailing.setRecipient(id, reader);
  const [recipient] = await store.mailing.recipients(id);
  const visit = await store.supportVisits.begin({
    ...{ connection: id, operator: 'ops', reason: `look at ${name}`, at: AT, until: made.expiresAt },
  });
  const ofTop = { who: 'user:admin', name: `Top of ${name}`, shared: true, query: { tier: 'top' } };
  const view = await store.savedViews.add(id, ofTop, AT);
  return {
    view: view.id,
    connection: name,
    visit: visit.id,
    recipient: recipient?.id ?? '',
    customer,
    lead,
    run,
    plan,
    member,
    invitation: invited.id,
    token: token.id,
    oauthClient: client.id,
    deadJob: job.id,
    delivery: String(delivery?.id),
    endpoint: endpoint.id,
    eventDelivery: String(sent?.id),
  };
}

export async function anApiWorld(open: () => Promise<Db>): Promise<ApiWorld> {
  const db = await open();
  const store = createStore(db, keys);
  const [mine, theirs] = [await fill(store, 'mine'), await fill(store, 'theirs')];
  const ids = Object.fromEntries(
    Object.keys(mine).map((param) => {
      const key = param as keyof typeof mine; // its own keys
      return [param, { mine: mine[key], theirs: theirs[key] }];
    }),
  );
  const lasting = { createdBy: 'operator:ops', at: AT, expiresAt: new Date('2100-01-01T00:00:00Z') };
  await createInstallationSchedules({ store, clock: systemClock });
  const link = await store.links.addConnectLink({
    ...{ ...lasting, name: 'client', accountsUrl: null, client: null },
  });
  const fleet = await store.apiTokens.create({
    ...{ ...lasting, name: 'monitor', scope: 'read', connections: 'fleet' },
  });
  const zohoUser = { location: 'eu', org_id: 'org-of-mine', user_id: 'caller', name: 'Caller' };
  await db.kysely
    .insertInto('people')
    .values({ ...zohoUser, id: 'admin', created_at: AT, seen_at: AT })
    .execute();
  const now = systemClock.now();
  await store.sessions.save({
    ...{ idHash: 'a-session', personId: 'admin', operator: null, data: {}, createdAt: now, seenAt: now },
    endsAt: lasting.expiresAt,
  });
  Object.assign(ids, {
    alert: { mine: 'schema_drift', theirs: null },
    link: { mine: link.link.id, theirs: null },
    session: { mine: 'a-session', theirs: null },
    anyToken: { mine: fleet.token.id, theirs: null },
    job: { mine: 'reconcile', theirs: null },
    installationJob: { mine: 'backup', theirs: null },
    version: { mine: '1', theirs: null },
  });
  const audited: AuditEntry[] = [];
  const idOf = async (name: string) => (await store.connections.byName(name))?.id ?? '';
  const [mineId, theirsId] = [await idOf('mine'), await idOf('theirs')];
  const { settings, origins } = readSettings(CONFIG_DIR, [], CONFIG_DIR);
  const base = readBaseTexts(CONFIG_DIR, [], { shippedDir: CONFIG_DIR, patch: null });
  const connectionSettings = new ConnectionSettings(store.settings, { dir: CONFIG_DIR, base });
  if (!settings) throw new Error('the shipped settings are not valid');
  const broken: string[] = [];
  const deps: ApiDeps = {
    store,
    queue: recordingQueue().queue,
    clock: systemClock,
    settingsOf: async () => settings,
    originsOf: async () => origins,
    // None of it calls Zoho.
    work: apiWork(
      async () =>
        ({
          ...{ store, settings, clock: systemClock, log: silentLog },
          creditsLeft: async () => 1_000,
        }) as unknown as LineDeps,
    ),
    schedules: apiSchedules({ store, clock: systemClock }),
    storedSettings: storedSettings({ store, settings: connectionSettings, clock: systemClock }),
    fleet: () => fleetNow({ store, settings: connectionSettings, clock: systemClock }),
    streams: new LiveStreams(systemClock),
    ceilingOf: async () => 1_000,
    browser: {
      ...{ csrfToken: () => 'csrf', sessionOf: () => null, ownUrl: () => 'https://value.example.test' },
      setVisit: async () => undefined,
    },
    disconnect: async () => {
      const why = broken.splice(0)[0];
      if (why !== undefined) throw new Error(why);
      return { channels: 0, revoked: true, problems: [] };
    },
  };
  const routes = apiRoutes(deps);
  const guards: ApiGuards = {
    authenticate: async (req) => principalOf(req.get('x-caller'), mineId),
    checkCsrf: () => undefined,
    audit: async (entry) => {
      audited.push(entry);
      await store.audit.add(entry);
    },
  };
  const app = express();
  app.use('/api/v1', createApiRouter({ store, guards, clock: systemClock }, routes, { checkAnswers: true }));
  app.use(handleNotFound);
  app.use(createErrorHandler(silentLog));
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    db,
    store,
    routes,
    mine: mineId,
    theirs: theirsId,
    ids,
    audited,
    breakNext: (why) => broken.push(why),
    call: (as, method, path, { body, headers } = {}) =>
      fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(as === null ? {} : { 'x-caller': as }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function principalOf(caller: string | undefined, mine: string): Principal | null {
  if (caller === undefined) return null;
  const isOperator = caller === 'operator';
  return {
    kind: caller === 'reader' ? 'token' : isOperator ? 'operator' : 'user',
    id: caller,
    name: `${caller}@firm.test`,
    isOperator,
    roleOn(connection) {
      if (isOperator) return 'admin';
      if (connection !== mine || caller === 'stranger') return null;
      return caller === 'viewer' ? 'viewer' : 'admin';
    },
    scopes: caller === 'reader' ? ['read'] : null,
  };
}

/** Every row of a connection in every table: what nobody but its own people may change. */
export async function rowsOf(db: Db, connection: string): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const table of [...(await columnsByTable(db)).keys()].toSorted()) {
    const found = await sql`select * from ${sql.table(table)} where connection_id = ${connection}`.execute(
      db.kysely,
    );
    rows[table] = found.rows.map((row) => JSON.stringify(row)).toSorted();
  }
  const own = await sql`select * from connections where id = ${connection}`.execute(db.kysely);
  return { ...rows, connections: own.rows };
}
