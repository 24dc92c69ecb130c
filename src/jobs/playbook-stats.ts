import { addDays } from '../days.ts';
import type { Connection, Day } from '../domain.ts';
import type { RuleCounts } from '../store/outcome-stores.ts';
import { asOfDay, type LineDeps } from './line.ts';

interface RuleStats extends RuleCounts {
  /** Shares in per cent of those of which it is known; null: too few to say. */
  readonly percent: {
    readonly done: number | null;
    readonly ignored: number | null;
    readonly touched: number | null;
    readonly bought: number | null;
    readonly improved: number | null;
  };
}
export interface PlaybookStats {
  readonly since: Day | null;
  readonly asOf: Day;
  readonly touchDays: number;
  readonly resultDays: number;
  readonly ignoredDays: number;
  readonly minCount: number;
  readonly rules: readonly RuleStats[];
}

/** What became of the reminders of each rule, from what each run has noted; nothing is computed anew. */
export async function playbookStats(
  deps: Pick<LineDeps, 'clock' | 'settings'> & {
    readonly store: Pick<LineDeps['store'], 'outcomes' | 'baselines'>;
  },
  { connection, since }: { connection: Connection; since: Day | null },
): Promise<PlaybookStats> {
  const { outcomes: rules } = deps.settings.plan;
  // Nothing that came after the last scoring was looked at.
  const scored = await deps.store.baselines.latest(connection.id);
  const asOf = asOfDay(deps, connection, scored?.asOf ?? null);
  const counts = await deps.store.outcomes.count(connection.id, {
    since,
    touchBefore: addDays(asOf, -rules.touchDays - 1),
    resultBefore: addDays(asOf, -rules.resultDays - 1),
  });
  const share = (part: number, of: number) => (of < rules.minCount ? null : Math.round((100 * part) / of));
  return {
    ...{ since, asOf, ...rules },
    rules: counts.map((row) => {
      const told = row.made - row.open;
      return {
        ...row,
        percent: {
          done: share(row.done, told),
          ignored: share(row.ignored, told),
          touched: share(row.touched, row.touchKnown),
          bought: share(row.bought, row.resultKnown),
          improved: share(row.improved, row.resultKnown),
        },
      };
    }),
  };
}
