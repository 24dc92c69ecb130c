/** What can be changed on the page of rules: numbers that decide who stands where. All others: `zcv settings set`. */
export const GROUPS = {
  tiers: ['topPercent', 'goldPercent', 'bufferPercent', 'lowerAfterDays', 'minHistoryDays'],
  contactDays: ['top', 'good', 'marginal', 'loss_making'],
  phases: ['newDays', 'loyalMonths', 'leavingRatio', 'lostRatio', 'lostDays', 'winBackMonths', 'dormantDays'],
  money: ['defaultMarginPercent', 'accountSharePercent', 'capitalCostPercent'],
  goodwillPercent: ['gold', 'top', 'good'],
  leads: ['firstTouchDays', 'everyDays', 'matureDays'],
} as const;
export type Group = keyof typeof GROUPS;
export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[]; // the keys of this very object

export const SETTINGS = 'GET /connections/{connection}/settings';
export const VERSIONS = 'GET /connections/{connection}/settings/versions';
export const DIFF = 'GET /connections/{connection}/settings/diff';
