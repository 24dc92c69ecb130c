import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';

/** The `state` of each consent under way: good once, for ten minutes, in the browser that began it. */

const LIFE_MS = 10 * 60_000;
const MAX_OPEN = 1_000;

export interface ConnectStates {
  begin(name: string): { state: string; browserKey: string };
  /** The connection's name, or null when the state is unknown, used, too old or of another browser. */
  redeem(state: string, browserKey: string): { name: string } | null;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function createConnectStates(clock: Clock): ConnectStates {
  const open = new Map<string, { name: string; browser: Buffer; until: number }>();
  return {
    begin(name) {
      const now = clock.now().getTime();
      for (const [state, { until }] of open) if (until <= now) open.delete(state);
      // Someone who begins without end must not fill the memory: the oldest go.
      for (const state of open.keys()) {
        if (open.size < MAX_OPEN) break;
        open.delete(state);
      }
      const state = randomBytes(32).toString('base64url');
      const browserKey = randomBytes(32).toString('base64url');
      open.set(state, { name, browser: digest(browserKey), until: now + LIFE_MS });
      return { state, browserKey };
    },
    redeem(state, browserKey) {
      const found = open.get(state);
      open.delete(state);
      if (!found || found.until <= clock.now().getTime()) return null;
      return timingSafeEqual(found.browser, digest(browserKey)) ? { name: found.name } : null;
    },
  };
}
