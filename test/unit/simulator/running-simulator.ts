import { afterEach } from 'vitest';
import type { Edition, OrgSeed, SeedRow } from '../../../src/simulator/seed.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/simulator.ts';

const STAGES = [
  { display: 'Talking', actual: 'Qualification', forecast_type: 'Open', probability: 10 },
  { display: 'Won', actual: 'Closed Won', forecast_type: 'Closed Won', probability: 100 },
  { display: 'Lost', actual: 'Closed Lost', forecast_type: 'Closed Lost', probability: 0 },
] as const;

/** An org with one administrator, Ada, and one clerk, Bob. */
export function anOrg(
  records: OrgSeed['records'] = {},
  more: Partial<Omit<OrgSeed, 'org'>> & { org?: Partial<OrgSeed['org']>; edition?: Edition } = {},
): OrgSeed {
  const { org, edition = 'Enterprise', ...rest } = more;
  return {
    org: {
      company_name: 'Test Org',
      edition,
      users: 5,
      time_zone: 'Europe/Amsterdam',
      iso_code: 'EUR',
      country_code: 'NL',
      ...org,
    },
    users: [
      { key: 'ada', name: 'Ada Admin', email: 'ada@office.test', active: true, admin: true },
      { key: 'bob', name: 'Bob Clerk', email: 'bob@office.test', active: true, admin: false },
      { key: 'gus', name: 'Gus Gone', email: 'gus@office.test', active: false, admin: false },
    ],
    pipelines: [{ name: 'Standard', default: true, stages: STAGES }],
    customFields: {},
    ...rest,
    records,
  };
}

export function accounts(count: number, more: (index: number) => SeedRow = () => ({})): SeedRow[] {
  return Array.from({ length: count }, (_, index) => ({
    $key: `account-${index}`,
    Account_Name: `Account ${index}`,
    Created_Time: '2026-01-05T09:00:00+00:00',
    ...more(index),
  }));
}

// An answer's JSON is looked into by tests that know its shape.
// biome-ignore lint/suspicious/noExplicitAny: the tests themselves say what they expect of it
type Json = any;

interface Reply {
  status: number;
  json: Json;
  headers: Headers;
}

interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  /** Instead of the connection's own access token. */
  token?: string;
}

export interface Running {
  sim: Simulator;
  /** An access token fetched once. */
  token(): Promise<string>;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** The token endpoint with a form body. */
  oauth(input: Record<string, string>): Promise<Reply>;
  refresh(): Promise<Reply>;
  id(key: string): string;
}

const open: Simulator[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((sim) => sim.close()));
});

/** A simulator that is closed after the test. */
export async function running(seed: OrgSeed, options: Omit<SimulatorOptions, 'seed'> = {}): Promise<Running> {
  const sim = await startSimulator({ seed, ...options });
  open.push(sim);
  let pending: Promise<string> | null = null;
  const oauth = (input: Record<string, string>) =>
    reply(fetch(`${sim.url}/oauth/v2/token`, { method: 'POST', body: new URLSearchParams(input) }));
  const client = { client_id: sim.clientId, client_secret: sim.clientSecret };
  const refresh = () => oauth({ ...client, grant_type: 'refresh_token', refresh_token: sim.refreshToken });
  const token = () => {
    pending ??= refresh().then(({ json }) => String(json.access_token));
    return pending;
  };
  const call = async (method: string, path: string, { body, headers, token: own }: CallOptions = {}) => {
    const authorization = `Zoho-oauthtoken ${own ?? (await token())}`;
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    return reply(fetch(sim.url + path, { method, headers: { authorization, ...headers }, ...init }));
  };
  const get = (path: string, headers: Record<string, string> = {}) => call('GET', path, { headers });
  return { sim, token, call, get, oauth, refresh, id: (key) => sim.control.idOf(key) };
}

async function reply(pending: Promise<Response>): Promise<Reply> {
  const response = await pending;
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, json: isJson ? JSON.parse(text) : text, headers: response.headers };
}
