import type { FieldKey, Minor } from '../domain.ts';
import type { ApplySummary } from '../jobs/run-apply.ts';
import type { LineResult } from '../jobs/run-line.ts';
import type { PlanSummary } from '../jobs/run-plan.ts';
import type { ReconcileSummary } from '../jobs/run-reconcile.ts';
import type { ScoreSummary } from '../jobs/run-scoring.ts';
import type { SyncSummary } from '../jobs/run-sync.ts';
import { grouped } from '../money.ts';
import { emptyReason, fieldLabel } from '../texts/labels.ts';
import { picklistLabel } from '../texts/picklists.ts';
import { fill } from '../texts/template.ts';
import { partsText } from './parts-text.ts';
import { instalmentText, priceText } from './price-text.ts';
import { counts, seconds, table } from './render.ts';

/** What a person reads after each hop of the line. */

export function syncText(sync: SyncSummary): string {
  const rows = sync.modules.map((module) => [
    module.module,
    module.mode,
    module.method ?? '',
    module.read,
    module.changed,
    module.deleted,
    module.quarantined,
    module.error ?? '',
  ]);
  const head = ['module', 'mode', 'method', 'read', 'changed', 'deleted', 'set aside', 'error'];
  const price = `${sync.calls} calls, ${sync.credits} credits, ${seconds(sync.durationMs)}`;
  return [`Sync: ${price}`, table(head, rows), ...sync.warnings.map((warning) => `! ${warning}`)].join('\n');
}

export function reconcileText(reconcile: ReconcileSummary): string {
  const rows = reconcile.modules.map((row) => [
    row.module,
    row.compared ?? 'not read yet',
    row.counted ?? '',
    row.stored,
    row.missing,
    row.extra,
    row.stale,
    row.readAgain ? 'read again' : row.repaired,
    row.error ?? '',
  ]);
  const head = ['module', 'compared', 'in Zoho', 'here', 'missing', 'extra', 'stale', 'repaired', 'error'];
  const price = `${reconcile.calls} calls, ${reconcile.credits} credits, ${seconds(reconcile.durationMs)}`;
  const warnings = reconcile.warnings.map((warning) => `! ${warning}`);
  return [`Reconcile: ${price}`, table(head, rows), ...warnings].join('\n');
}

/** The count stands first: some reasons end in a number of their own. */
function emptyText(reasons: { readonly [code: string]: number }): string {
  return Object.entries(reasons)
    .map(([code, count]) => `${count.toLocaleString('en')} ${emptyReason(code, 'en')}`)
    .join(' · ');
}
function byLabel(of: { readonly [field: string]: number }): { [label: string]: number } {
  return Object.fromEntries(Object.entries(of).map(([field, count]) => [labelOf(field), count]));
}
// The summaries count by field key; as keys of a record they have lost that type.
const labelOf = (field: string) => fieldLabel(field as FieldKey, 'en');

function timeText({ known, activities }: ScoreSummary['timeCoverage']): string[] {
  if (activities === 0) return [];
  return [
    `  time is known for ${known.toLocaleString('en')} of ${activities.toLocaleString('en')} activities and cases`,
  ];
}

export function scoreText(score: ScoreSummary, currency: string): string {
  const empty = Object.entries(score.unfilled).map(
    ([field, reasons]) => `  ${labelOf(field)} empty: ${emptyText(reasons ?? {})}`,
  );
  return [
    `Score as of ${score.asOf}: ${score.customers.toLocaleString('en')} customers, ${seconds(score.durationMs)}`,
    `  tiers: ${tierCounts(score.tiers)} (gold ${score.gold})`,
    `  phases: ${counts(score.phases)} (win-back ${score.winBack})`,
    ...shareText(score, currency),
    `  purchase model: ${modelText(score.model)}`,
    ...futureText(score, currency),
    `  contact due: ${score.contactDue}`,
    `  cost basis: ${counts(score.costBasis)}`,
    ...timeText(score.timeCoverage),
    ...(Object.keys(score.issues).length > 0 ? [`  noticed: ${counts(score.issues)}`] : []),
    ...(score.unmatchedDeals > 0 ? [`  deals no customer explains: ${score.unmatchedDeals}`] : []),
    ...(score.unmatchedDocuments > 0
      ? [`  documents no customer explains: ${score.unmatchedDocuments}`]
      : []),
    ...unmatchedText(score),
    ...referralText(score),
    ...leadText(score, currency),
    ...empty,
  ].join('\n');
}

const ENGLISH = { language: 'en', currency: 'EUR' } as const;
function money(amount: Minor, currency: string): string {
  return fill('{amount:money}', { amount }, { ...ENGLISH, currency });
}

function shareText({ shareCurve }: ScoreSummary, currency: string): string[] {
  const [tenth, fifth] = shareCurve?.best ?? [];
  if (!shareCurve || tenth?.sharePercent == null || fifth?.sharePercent == null) return [];
  const { peak, loss } = shareCurve;
  const best = `  the best 10 % bring ${tenth.sharePercent} % of the profit, the best 20 % ${fifth.sharePercent} %`;
  if (loss.customers === 0) return [best];
  const lost = `${loss.customers.toLocaleString('en')} customers lose ${money(loss.amount, currency)} again`;
  return [`${best}; the peak is ${peak.sharePercent} %, ${lost}`];
}

function modelText({ name, status, testErrorPercent: error }: ScoreSummary['model']): string {
  const test = fill('[; in its test the total came out {error:off}]', { error }, ENGLISH);
  return `${name ?? 'none'} (${status}${test})`;
}

const MOST_NAMED = 5;
/** Who is worth keeping today and expected to be worth less: a list for the person who can still do something. */
function futureText({ future, gold }: ScoreSummary, currency: string): string[] {
  const { tiers, falling, goldFalling, first } = future;
  if (Object.values(tiers).every((count) => count === 0)) return [];
  const named = first.slice(0, MOST_NAMED).map((one) => {
    const today = `${picklistLabel('tier', one.tier, 'en')}${one.gold ? ' (gold)' : ''}`;
    const then = one.futureTier === null ? '' : picklistLabel('tier', one.futureTier, 'en');
    const profit = `${money(one.profit12, currency)} → ${one.expectedProfit12 === null ? '' : money(one.expectedProfit12, currency)}`;
    return `    ${one.name}: ${today} → ${then}, profit ${profit}`;
  });
  const more = falling > named.length ? ['    all of them: zcv export --falling'] : [];
  return [
    `  tiers of the next 12 months, by today's limits: ${tierCounts(tiers)}`,
    `  gold today (${gold}), by the same limits: ${tierCounts(future.gold)}`,
    `  Top or Good and expected to fall: ${falling}, of these gold ${goldFalling}`,
    ...named,
    ...more,
  ];
}

function tierCounts({ top, good, marginal, loss_making, none }: ScoreSummary['tiers']): string {
  return counts({
    Top: top,
    Good: good,
    Marginal: marginal,
    'Loss-making': loss_making,
    'No business': none,
  });
}

function leadText({ leads }: ScoreSummary, currency: string): string[] {
  const { scored, onTime, due, overdue, closed, converted, valued } = leads;
  if (scored + converted === 0) return [];
  const states = { 'on time': onTime, due, overdue, closed, 'converted before': converted };
  const worth = `expected value ${grouped(leads.expectedValue)} ${currency} of ${valued.toLocaleString('en')} leads`;
  const { lead_closed: _, ...unknown } = leads.unfilled.expected_lead_value;
  const missing = Object.entries(unknown).map(([why, count]) => `${count} ${LEAD_WORTH_UNKNOWN[why] ?? why}`);
  return [`  leads: ${counts(states)}; ${[worth, ...missing].join(', ')}`];
}
const LEAD_WORTH_UNKNOWN: { readonly [why: string]: string } = {
  no_lead_history: 'without: no lead is old enough to tell how many become customers',
  no_lead_became_customer: 'without: no lead is known to have become a customer that bought',
  no_buyers: 'without: no customer is known whose profit could be counted',
};

function referralText({ referrals: { ignored, unknown } }: ScoreSummary): string[] {
  if (ignored + unknown === 0) return [];
  return [
    `  referrals not credited: ${ignored} go round in a circle, ${unknown} name nobody who is a customer`,
  ];
}

function unmatchedText({ unmatchedImports }: ScoreSummary): string[] {
  return Object.entries(unmatchedImports).flatMap(([kind, money]) =>
    money.map(
      ({ currency, lines, amount }) =>
        `  imported ${kind} no customer explains: ${grouped(amount)} ${currency} in ${lines.toLocaleString('en')} lines`,
    ),
  );
}

export function planText(plan: PlanSummary): string {
  const { create, update, close, suppressed } = plan.tasks;
  return [
    `Plan ${plan.planId}: ${plan.fieldChanges.toLocaleString('en')} field changes on ${plan.records.toLocaleString('en')} records`,
    `  by field: ${counts(byLabel(plan.byField))}`,
    `  because: ${counts(plan.byCause)}`,
    `  tasks: create ${create}, update ${update}, close ${close}, suppressed ${suppressed}${suppressed > 0 ? ` (${counts(plan.suppressed)})` : ''}`,
    `  saved by materiality: ${plan.savedByMateriality} writes`,
    ...priceText(plan),
    ...(plan.keptEdits.fields > 0
      ? [
          `  changed by people and left as they are: ${plan.keptEdits.fields} values${plan.keptEdits.reported > 0 ? `, ${plan.keptEdits.reported} of them listed by: zcv plan --diff` : ''}`,
        ]
      : []),
    ...(Object.keys(plan.refusedBefore).length > 0
      ? [
          `  refused before, so not asked again: ${counts(plan.refusedBefore)} (zcv doctor; zcv retry-failed RUN)`,
        ]
      : []),
    ...(plan.unmappedFields.length > 0
      ? [`! not in the org, so not written: ${plan.unmappedFields.join(', ')} (zcv fields plan)`]
      : []),
    ...(plan.held ? [`! held: ${plan.held.message}; approve with: zcv plan approve ${plan.planId}`] : []),
  ].join('\n');
}

/** What to do with a plan that was only made; null when it writes nothing or its own text says what to do. */
export function nextAfterPlan(plan: PlanSummary, connection: string): string | null {
  const { create, update, close } = plan.tasks;
  if (plan.held || plan.fieldChanges + create + update + close === 0) return null;
  const option = connection === 'default' ? '' : ` --connection ${connection}`;
  return `Nothing was written yet. Every change: zcv plan --diff${option}; write them: zcv apply --yes${option}`;
}

export function applyText(apply: ApplySummary): string {
  const { created, updated, closed } = apply.tasks;
  const rejected = apply.rejected.slice(0, 20).map((row) => {
    const what = [row.module, row.recordId, row.field].filter(Boolean).join(' ');
    return `  rejected ${what}: ${row.code} ${row.message}`;
  });
  const more =
    apply.rejected.length > 20 ? [`  … and ${apply.rejected.length - 20} more (--json lists all)`] : [];
  return [
    `Applied plan ${apply.planId} as run ${apply.runId}: ${apply.written.toLocaleString('en')} records written, ${apply.skipped} skipped, ${apply.rejected.length} rejected`,
    `  tasks: created ${created}, updated ${updated}, closed ${closed}`,
    `  ${apply.calls} calls, ${apply.credits} credits; to take it back: zcv undo ${apply.runId}`,
    ...partsText(apply),
    ...(apply.keptEdits > 0
      ? [`  changed by people meanwhile and left as they are: ${apply.keptEdits} values`]
      : []),
    ...apply.edited
      .slice(0, 20)
      .map(
        ({ name, field, theirs, ours }) =>
          `  left to its editor: ${field} of ${name} is ${String(theirs)}; ours would be ${String(ours)}`,
      ),
    ...rejected,
    ...more,
    ...(apply.leftOut > 0
      ? [`  left out: ${apply.leftOut.toLocaleString('en')} changes that were not approved`]
      : []),
    ...repairText(apply),
    ...instalmentText(apply),
    ...(apply.stopped ? [`! stopped: ${apply.stopped.message}; ${apply.remaining} changes remain`] : []),
  ].join('\n');
}

export function lineText(line: LineResult, currency: string): string {
  return [
    ...(line.sync ? [syncText(line.sync)] : []),
    ...(line.score ? [scoreText(line.score, currency)] : []),
    ...(line.plan ? [planText(line.plan)] : []),
    ...(line.apply ? [applyText(line.apply)] : []),
  ].join('\n\n');
}

/** Once a code: what a person can do about what Zoho refused. */
function repairText({ rejected, runId }: ApplySummary): string[] {
  const repairs = new Map(rejected.map(({ code, repair }) => [code, repair]));
  const lines = [...repairs].map(([code, repair]) => `  ${code}: ${repair.replace('RUN', runId)}`);
  return lines.length > 0 ? ['  what to do:', ...lines] : [];
}
