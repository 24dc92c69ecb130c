import packaged from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/** The browser of the tests: the one inside the npm package, or CHROMIUM_PATH. */

// Chromium refuses its sandbox to root, which a container's only user often is; the pages it opens are our own.
const ARGS = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--hide-scrollbars'];

export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM_PATH ?? (await packaged.executablePath());
  return chromium.launch({ executablePath, args: ARGS });
}
