/** Which settings differ between two plans, and in the words of the settings file. */
export interface ChangedRule {
  /** As in the file: money.defaultMarginPercent. */
  readonly setting: string;
  readonly old: string;
  readonly new: string;
}

/** Amounts are kept in hundredths; the file has them in units. */
const AMOUNTS =
  /^(money\.unitCosts\.|contributions\.values\.|tiers\.(goodMinProfit|lossTolerance)$|phases\.winBackCost$|rfm\.limits\.money)/;

export function changedRules(before: unknown, now: unknown): ChangedRule[] {
  const [left, right] = [flat(before), flat(now)];
  return [...new Set([...left.keys(), ...right.keys()])].sort().flatMap((setting) => {
    const [old, next] = [shown(setting, left.get(setting)), shown(setting, right.get(setting))];
    return old === next ? [] : [{ setting, old, new: next }];
  });
}

function flat(value: unknown, path = ''): Map<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [
      ...flat(inner, path === '' ? name : `${path}.${name}`),
    ]),
  );
}

function shown(setting: string, value: unknown): string {
  if (value === undefined) return 'not set';
  if (typeof value === 'number' && AMOUNTS.test(setting)) return (value / 100).toFixed(2);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
