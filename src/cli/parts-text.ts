import type { ApplySummary } from '../jobs/run-apply.ts';

/** How the first records of a canary came out, and the reminders that an apply of fields only left. */

const MOST_NAMED = 10;

export function partsText({ canary, tasksLeft, planId, remaining }: ApplySummary): string[] {
  return [...canaryText(canary, planId, remaining), ...tasksText(tasksLeft, planId)];
}

function canaryText(canary: ApplySummary['canary'], planId: string, remaining: number): string[] {
  if (!canary) return [];
  const { records, rejected, differing, passed } = canary;
  const head = `  canary: ${records} records written and read back, ${differing.length} values differ, ${rejected} rejected`;
  const named = differing
    .slice(0, MOST_NAMED)
    .map(
      ({ module, recordId, field, written, held }) =>
        `  ! ${module} ${recordId} ${field}: wrote ${JSON.stringify(written)}, Zoho holds ${JSON.stringify(held)}`,
    );
  if (passed) return [`${head}; the rest was written`];
  return [
    head,
    ...named,
    `! stopped after the first records; ${remaining} changes remain. Mend what differs (a workflow, a rule, another integration), then: zcv plan approve ${planId} and zcv apply --plan ${planId}, or zcv plan reject ${planId}`,
  ];
}

function tasksText(left: ApplySummary['tasksLeft'], planId: string): string[] {
  if (left.length === 0) return [];
  const named = left
    .slice(0, MOST_NAMED)
    .map(({ action, module, recordId, name }) => `  left to ${action}: ${module} ${recordId} ${name}`);
  const more =
    left.length > MOST_NAMED ? [`  … and ${left.length - MOST_NAMED} more (--json lists all)`] : [];
  return [
    `  fields only: ${left.length} reminders stay in the plan; to write them: zcv apply --plan ${planId} --yes`,
    ...named,
    ...more,
  ];
}
