import type { ModuleMeta } from './metadata.ts';

/** Zoho's own history of the stages of deals: a module that it fills itself, and does not show to everybody. */

export const STAGE_HISTORY = 'DealHistory';

/** Null: it can be read. */
export function historyProblem(modules: readonly ModuleMeta[]): string | null {
  const found = modules.find(({ apiName }) => apiName === STAGE_HISTORY);
  if (!found) return `the org does not show ${STAGE_HISTORY}`;
  if (!found.apiSupported) return `Zoho offers no API for ${STAGE_HISTORY} in this org`;
  return found.viewable ? null : `the connected user may not see ${STAGE_HISTORY}`;
}
