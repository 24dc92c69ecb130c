import type { HoldReason } from '../changes.ts';
import type { ChangedRule } from './changed-rules.ts';

/** What happened since the plan that was applied last: the likely causes of a plan that changes very much. */
export interface SinceLastApplied {
  readonly planId: string;
  readonly on: string;
  /** Null: that plan is of a version that did not note its rules. */
  readonly rules: readonly ChangedRule[] | null;
  /** Records that changed in Zoho, by module. */
  readonly data: { readonly [module: string]: number };
}

const MOST_NAMED = 5;

export function withCause(held: HoldReason, since: SinceLastApplied): HoldReason {
  const rules = since.rules ?? [];
  const named = rules.slice(0, MOST_NAMED).map((rule) => `${rule.setting} ${rule.old} → ${rule.new}`);
  const more = rules.length > MOST_NAMED ? [`and ${rules.length - MOST_NAMED} more settings`] : [];
  const data = Object.entries(since.data).map(([module, count]) => `${module} ${count.toLocaleString('en')}`);
  const settings = rules.length > 0 ? `the settings changed: ${[...named, ...more].join(', ')}` : null;
  const bookings =
    data.length > 0 ? `records changed in Zoho: ${data.join(', ')}` : 'no record changed in Zoho';
  const advice =
    settings === null
      ? 'look at the changed records first (a mass import or edit); mend them and run again, or approve the plan'
      : 'if that was not meant, put the setting back and run again; if it was, approve the plan';
  const unknown = since.rules === null ? 'whether settings changed is not known' : 'no setting changed';
  return {
    ...held,
    message: `${held.message}. Since plan ${since.planId} of ${since.on} ${settings ?? unknown}; ${bookings}. What to do: ${advice}`,
    params: {
      ...held.params,
      settings: rules.map((rule) => `${rule.setting}: ${rule.old} → ${rule.new}`).join('; '),
      changed: data.join(', '),
    },
  };
}
