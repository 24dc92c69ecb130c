import type { BrowserContext, BrowserContextOptions, Browser as Chromium, Page } from 'playwright-core';
import { fieldDeps } from '../../src/cli/fields.ts';
import type { Asked } from '../../src/jobs/asked.ts';
import { runLine } from '../../src/jobs/run-line.ts';
import { superstoreOrg } from '../../src/sample/superstore.ts';
import { applyFields } from '../../src/setup/fields.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { launchChromium } from './chromium.ts';
import { aWebWorld, type Browser, type WebWorld } from './web-world.ts';

/** The admin pages in a real browser, over a real server with the sample firm of the demo in it. One a file of tests. */

export const CONNECTION = 'demo';
const PATIENCE_MS = 30_000;
/** BROWSER_SLOWDOWN=6: every page has a sixth of the processor, as on a busy machine or an old telephone. */
const SLOWDOWN = Number(process.env.BROWSER_SLOWDOWN ?? 1);
/** Administrator, and a colleague who was not invited. */
const USERS = [
  { key: 'ann', name: 'Ann Admin', email: 'ann@office.test', active: true, admin: true },
  { key: 'bob', name: 'Bob Clerk', email: 'bob@office.test', active: true, admin: false },
];

export interface BrowserWorld {
  readonly web: WebWorld;
  readonly chromium: Chromium;
  /** A window of somebody: signed in as that user of the org or as operator, or a stranger (null). Complaints of the page fail `close`. */
  window(as: string | null, options?: BrowserContextOptions): Promise<Window>;
  /** Does what somebody asked for, as the job thread would, which is idle in this world. */
  work(asked: Asked): Promise<void>;
  close(): Promise<void>;
}
interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page wrote to its console as an error, refused styles and scripts among it. */
  readonly complaints: string[];
  /** Opens a page and waits until it shows its heading. */
  open(path: string): Promise<void>;
  close(): Promise<void>;
}
interface WorldOptions {
  readonly seed?: OrgSeed;
  /** Default true: the sample firm was synced and scored. */
  readonly isScored?: boolean;
  /** Our fields were made in the org first, so that a plan has values to write. */
  readonly hasFields?: boolean;
  /** Default true; false: no org is linked yet. */
  readonly isLinked?: boolean;
  /** Jobs are worked on as in the service. Default false. */
  readonly hasJobs?: boolean;
  /** Of the service, besides what the world gives it. */
  readonly env?: NodeJS.ProcessEnv;
}

export async function aBrowserWorld(options: WorldOptions = {}): Promise<BrowserWorld> {
  const { seed, isLinked = true, hasJobs = false, env = {} } = options;
  const sample = seed ?? superstoreOrg({ today: new Date().toISOString().slice(0, 10) });
  const web = await aWebWorld({ ...sample, users: [...sample.users, ...USERS] }, env, hasJobs);
  if (isLinked) await link(web, options);
  const chromium = await launchChromium();
  return {
    web,
    chromium,
    window: async (as, options) =>
      aWindow(chromium, web.url, as === null ? null : await enter(web, as), options),
    async work(asked) {
      const here = await web.app.store.connections.byName(CONNECTION);
      if (here) await web.app.line.runAsked({ connection: here, asked });
    },
    async close() {
      await chromium.close();
      await web.close();
    },
  };
}

/** From now on `bob` may look, and nothing else. */
export async function inviteViewer({ app }: WebWorld, connection: string): Promise<void> {
  const at = app.clock.now();
  const expiresAt = new Date(at.getTime() + 3_600_000);
  const bob = { email: 'bob@office.test', role: 'viewer', createdBy: 'operator:ops' } as const;
  await app.store.people.invite({ connection, ...bob, at, expiresAt });
}

async function link(web: WebWorld, { isScored = true, hasFields = false }: WorldOptions): Promise<void> {
  const { connection } = await web.app.connect({
    name: CONNECTION,
    refreshToken: web.simulator.refreshToken,
  });
  if (hasFields)
    await applyFields(await fieldDeps(web.app, connection), { connection, sets: ['essential'], max: null });
  if (!isScored) return;
  await runLine(await web.app.depsOf(connection), { connection, full: true, apply: false, asOf: null });
}

function enter(web: WebWorld, as: string): Promise<Browser> {
  return as === 'operator' ? web.operator() : web.signedIn(as);
}

async function aWindow(
  chromium: Chromium,
  base: string,
  visitor: Browser | null,
  options: BrowserContextOptions = {},
): Promise<Window> {
  const context = await chromium.newContext({ baseURL: base, locale: 'en-GB', ...options });
  const cookies = [...(visitor?.cookies ?? [])];
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: base })));
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS * SLOWDOWN);
  if (SLOWDOWN > 1) await slowDown(page);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return {
    page,
    context,
    complaints,
    async open(path) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
    close: () => context.close(),
  };
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
}
