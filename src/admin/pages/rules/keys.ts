import type { AnswerOf } from '../../api/call.ts';

/** The parts of the rules, as the page groups them, and the routes it reads. */

/** By the second step of a key, e.g. `tiers` of scoring.tiers.topPercent. A part that stands in no group fails a test. */
export const GROUPS = {
  tiers: ['tiers'],
  phases: ['phases'],
  contact: ['contactDays', 'unresponsive', 'cadence', 'touches'],
  costs: ['money'],
  customers: ['customer', 'purchase', 'currency'],
  worth: ['goodwillPercent', 'effort', 'referral', 'contributions', 'priceOnly'],
  words: ['rfm', 'nextSteps'],
  leads: ['leads'],
  models: ['models'],
} as const;
export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[]; // the keys of this very object

const SETTINGS = 'GET /connections/{connection}/settings';
export const FORM = 'GET /connections/{connection}/settings/form';
export const VERSIONS = 'GET /connections/{connection}/settings/versions';
export const DIFF = 'GET /connections/{connection}/settings/diff';
export const DOCUMENT = 'GET /connections/{connection}/settings/versions/{version}';
/** What reads anew when a draft or a version changes. What two versions say otherwise stays: a draft that is saved again has another number. */
export const CHANGED = [FORM, VERSIONS, SETTINGS] as const;

/** The number of a draft that was discarded is given again. */
export const DISCARDED = [...CHANGED, DIFF, DOCUMENT] as const;

export type Field = AnswerOf<typeof FORM>['items'][number];

export function groupOf({ key }: Pick<Field, 'key'>): Group | undefined {
  const [, part] = key.split('.');
  return GROUP_NAMES.find((group) => GROUPS[group].some((one: string) => one === part));
}

/** `money_unitCosts` of scoring.money.unitCosts.perHour; settings of one section stand together. */
export function sectionOf({ key }: Pick<Field, 'key'>): string {
  const [, ...path] = key.split('.');
  return (path.length > 1 ? path.slice(0, -1) : path).join('_');
}

export const isSame = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
