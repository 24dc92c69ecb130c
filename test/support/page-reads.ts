import type { Page, Request, Route } from 'playwright-core';

/** What a page asks of the API, and answers that are held back, broken or dropped instead. */

/** Of every page: who is signed in, the connection, a visit of an operator. Live events are no answer that one waits for. */
const OF_THE_FRAME = /^\/api\/v1\/(me|connections\/[^/]+(\/live|\/support-visits)?)$/;
/** Longer than the pause before the last try of a read (TanStack Query: 1 s, then 2 s). */
const RETRY_MS = 4_000;
/** Without a new request for so long, a page has asked all it asks. */
const QUIET_MS = 60;

/** `GET /plans/{id}/changes`: the same for every connection and id. */
export function readOf(request: Request): string {
  const path = new URL(request.url()).pathname.replace(/^\/api\/v1(\/connections\/[^/]+)?/, '');
  return `${request.method()} ${path.replace(/\/\d+/g, '/{id}')}`;
}

function isRead(request: Request): boolean {
  const { pathname } = new URL(request.url());
  return request.method() === 'GET' && pathname.startsWith('/api/v1/') && !OF_THE_FRAME.test(pathname);
}

export interface Reads {
  /** From now on: what is asked, and not yet answered. */
  readonly asked: Set<string>;
  readonly open: Set<Request>;
  /** Until nothing is under way any more. */
  settled(): Promise<void>;
  /** What becomes of the reads that `which` names, until `restore`. */
  instead(
    act: (route: Route, read: string) => Promise<void>,
    which?: (read: string) => boolean,
  ): Promise<void>;
  restore(): Promise<void>;
  /** The tries that follow a failed one come at once, not seconds later. */
  skipPauses(): Promise<void>;
}

export async function readsOf(page: Page): Promise<Reads> {
  await page.clock.install();
  const asked = new Set<string>();
  const open = new Set<Request>();
  let changedAt = Date.now();
  page.on('request', (request) => {
    if (!isRead(request)) return;
    asked.add(readOf(request));
    open.add(request);
    changedAt = Date.now();
  });
  const end = (request: Request) => {
    if (open.delete(request)) changedAt = Date.now();
  };
  page.on('requestfinished', end).on('requestfailed', end);
  return {
    asked,
    open,
    async settled() {
      while (open.size > 0 || Date.now() - changedAt < QUIET_MS) await page.waitForTimeout(QUIET_MS / 2);
    },
    async instead(act, which = () => true) {
      await page.route('**/api/v1/**', async (route) => {
        const read = readOf(route.request());
        if (isRead(route.request()) && which(read)) await act(route, read);
        else await route.fallback();
      });
    },
    async restore() {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    },
    async skipPauses() {
      await page.clock.fastForward(RETRY_MS);
    },
  };
}
