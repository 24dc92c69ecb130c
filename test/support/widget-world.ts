import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { build } from 'vite';
import { openDb } from '../../src/db.ts';
import { superstoreOrg } from '../../src/sample/superstore.ts';
import { migrate } from '../../src/store/migrate.ts';
import { aCaller } from '../contract/simulator-caller.ts';
import { launchChromium } from './chromium.ts';
import { type Crm, crmOf, type WidgetCall } from './crm-answers.ts';
import { aLineWorld, type LineWorld } from './line-world.ts';
import { wholeLine } from './write-stage.ts';

/**
 * The built widget in a real browser, inside a page that plays Zoho CRM, over the sample firm after its write-back. The
 * addresses are Zoho's own, answered by the test: nothing leaves this machine.
 */

export const TODAY = '2026-03-02';
const CRM = 'https://crm.zoho.eu';
const WIDGET = 'https://sample-widget.zappsusercontent.eu';
const SDK = 'https://live.zwidgets.com/js-sdk/1.5/ZohoEmbededAppSDK.min.js';
const PATIENCE_MS = 30_000;
const TYPES: { readonly [extension: string]: string } = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};
const beside = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

export interface Scene {
  readonly file?: 'widget.html' | 'worklist.html';
  /** Data of PageLoad; null: Zoho sends none. */
  readonly page: unknown;
  readonly locale?: string;
  /** Answers instead of the org's; `next` asks the org. */
  readonly crm?: (call: WidgetCall, next: Crm) => ReturnType<Crm>;
  /** The page around never says hello. */
  readonly isDeaf?: boolean;
  readonly isSdkBlocked?: boolean;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly browser?: BrowserContextOptions;
}

export interface Shown {
  readonly page: Page;
  readonly frame: Frame;
  /** What the widget asked, in order. */
  readonly calls: WidgetCall[];
  /** Errors of the console, refused scripts and styles among them. */
  readonly complaints: string[];
  /** Requests to anywhere else than the page, the widget and the SDK. */
  readonly strays: string[];
  close(): Promise<void>;
}

export interface WidgetWorld {
  readonly world: LineWorld;
  readonly app: string;
  show(scene: Scene): Promise<Shown>;
  /** Syncs, scores, plans and writes once more. */
  runLine(): Promise<void>;
  close(): Promise<void>;
}

async function buildApp(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'zcv-widget-'));
  const configFile = fileURLToPath(new URL('../../vite.widget.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  return folder;
}

export async function aWidgetWorld(): Promise<WidgetWorld> {
  const app = await buildApp();
  const folder = mkdtempSync(join(tmpdir(), 'zcv-widget-db-'));
  const db = await openDb(`file:${join(folder, 'widget.db')}`);
  await migrate(db);
  const world = await aLineWorld(db, {
    org: superstoreOrg({ today: TODAY }),
    startMs: Date.parse(`${TODAY}T06:00:00Z`),
    seed: 1,
    sets: ['essential', 'full', 'people', 'leads', 'deals', 'cases', 'inputs'],
  });
  await wholeLine(world, true);
  const caller = await aCaller(world.simulator);
  const chromium = await launchChromium();
  return {
    world,
    app,
    show: (scene) => aScene(chromium, app, crmOf(caller), scene),
    runLine: async () => {
      await world.time.advance(60_000);
      await wholeLine(world, true);
    },
    async close() {
      await chromium.close();
      await world.close();
      await db.close();
      for (const one of [app, folder]) rmSync(one, { recursive: true });
    },
  };
}

async function aScene(chromium: Browser, app: string, org: Crm, scene: Scene): Promise<Shown> {
  const { file = 'widget.html', page: data, locale = 'en_GB', isDeaf = false } = scene;
  const context = await chromium.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    ...scene.browser,
  });
  await context.clock.setFixedTime(new Date(`${TODAY}T09:30:00Z`));
  const complaints: string[] = [];
  const strays: string[] = [];
  const calls: WidgetCall[] = [];
  await context.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.href === SDK)
      return scene.isSdkBlocked
        ? route.abort()
        : route.fulfill({ contentType: 'text/javascript', body: beside('sdk-stand-in.js') });
    if (url.origin === CRM)
      return route.fulfill({ contentType: 'text/html', body: beside('crm-parent.html') });
    if (url.origin !== WIDGET) {
      strays.push(url.href);
      return route.abort();
    }
    if (url.pathname === '/app/config.json' && scene.config) return route.fulfill({ json: scene.config });
    const body = readFileSync(join(app, url.pathname.replace('/app/', '')));
    return route.fulfill({ contentType: TYPES[extname(url.pathname)] ?? 'text/plain', body });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.exposeFunction('crm', (call: WidgetCall) => {
    calls.push(call);
    return scene.crm ? scene.crm(call, org) : org(call);
  });
  const widget = `${WIDGET}/app/${file}?serviceOrigin=${encodeURIComponent(CRM)}`;
  const told = encodeURIComponent(JSON.stringify({ widget, page: data, locale, isDeaf }));
  await page.goto(`${CRM}/crm/tab/Accounts#${told}`);
  const frame = await frameOf(page);
  await frame.locator('.card, .worklist, .state:not([data-state="loading"])').first().waitFor();
  return { page, frame, calls, complaints, strays, close: () => context.close() };
}

async function frameOf(page: Page): Promise<Frame> {
  const element = await page.waitForSelector('iframe');
  const frame = await element.contentFrame();
  if (!frame) throw new Error('the page shows no widget');
  return frame;
}
