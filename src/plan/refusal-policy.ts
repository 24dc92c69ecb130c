import type { FieldValues } from '../domain.ts';

/** When a write that Zoho refused is tried again, and what a person can do about it. */

type Retry =
  /** By every run: the refusal was about the moment. */
  | 'next_run'
  /** By itself, but ever more seldom: a day, two, four, then once a week. */
  | 'later'
  /** As soon as there is another value to write. */
  | 'new_value'
  /** Only by `zcv retry-failed`: somebody must change rights or the org first. */
  | 'by_hand';

interface Policy {
  readonly retry: Retry;
  readonly repair: string;
}

const LATER = (repair: string): Policy => ({ retry: 'later', repair });
const NEW_VALUE = (repair: string): Policy => ({ retry: 'new_value', repair });
const BY_HAND = (repair: string): Policy => ({ retry: 'by_hand', repair });
const RIGHTS = BY_HAND(
  'give the connected user the right to edit this module and field (Setup > Security Control > Profiles), then: zcv retry-failed RUN',
);

const POLICIES: Readonly<Record<string, Policy>> = {
  RECORD_LOCKED: LATER('somebody locked the record or merges it: unlock it in Zoho'),
  NOT_APPROVED: LATER('the record waits for an approval: approve or reject it in Zoho'),
  RECORD_IN_BLUEPRINT: LATER('the record is in a blueprint that guards this field: take the field out of it'),
  BLOCKED_RECORD: LATER('Zoho has blocked the record: look at it there'),
  NO_PERMISSION: RIGHTS,
  AUTHORIZATION_FAILED: RIGHTS,
  OAUTH_SCOPE_MISMATCH: BY_HAND(
    'connect again with all scopes of docs/scopes.md, then: zcv retry-failed RUN',
  ),
  NOT_SUPPORTED: BY_HAND('this org does not offer the module or field through the API'),
  INVALID_MODULE: BY_HAND('show the module to the profile of the connected user, then: zcv retry-failed RUN'),
  INVALID_DATA: NEW_VALUE(
    'the field does not take this value, or the record is gone: compare its type, length and rules with docs/fields.md',
  ),
  DUPLICATE_DATA: NEW_VALUE(
    'another record holds this value and the field is unique: make it not unique, or merge them',
  ),
  MANDATORY_NOT_FOUND: NEW_VALUE('the org asks for another field on this record: fill it in Zoho'),
  LIMIT_EXCEEDED: NEW_VALUE('the value is larger than the field takes: make the field longer'),
  DEPENDENT_FIELD_MISSING: NEW_VALUE('the field depends on another one that is empty: fill that in Zoho'),
  DEPENDENT_MISMATCH: NEW_VALUE(
    'the value does not fit that of another field: look at the dependency in Zoho',
  ),
  MULTIPLE_OR_MULTI_ERRORS: NEW_VALUE('several fields were refused: the message names them'),
};
const UNKNOWN: Policy = {
  retry: 'next_run',
  repair: 'the next run tries again; if it stays, look up the code of Zoho',
};

export function refusalPolicy(code: string): Policy {
  return POLICIES[code] ?? UNKNOWN;
}

const DAY_MS = 86_400_000;
const MOST_DAYS = 7;

/** True while asking Zoho again would only cost credits. One refusal alone may be chance: the next run always asks. */
export function isHeldBack(
  refusal: {
    readonly code: string;
    readonly attempts: number;
    readonly attempted: FieldValues;
    readonly lastAt: Date;
  },
  wanted: FieldValues,
  now: Date,
): boolean {
  if (refusal.attempts < 2) return false;
  switch (refusalPolicy(refusal.code).retry) {
    case 'next_run':
      return false;
    case 'by_hand':
      return true;
    case 'later': {
      const waitDays = Math.min(MOST_DAYS, 2 ** (refusal.attempts - 2));
      return now.getTime() < refusal.lastAt.getTime() + waitDays * DAY_MS;
    }
    case 'new_value':
      return isSame(refusal.attempted, wanted);
  }
}

export function isSame(left: FieldValues, right: FieldValues): boolean {
  const text = (values: FieldValues) => JSON.stringify(Object.entries(values).sort());
  return text(left) === text(right);
}
