import type { UndoSummary } from '../jobs/run-undo.ts';

/** What a person reads before and after an undo. */

const WHY: { readonly [W in UndoSummary['skipped'][number]['why']]: string } = {
  changed: 'somebody changed it since',
  later_run: 'a later run of ours wrote it; undo that one first',
  record_gone: 'the record is gone',
  field_gone: 'the field is no longer in the org',
  completed: 'somebody completed it',
  deleted: 'it was deleted; restore it from the recycle bin in Zoho',
  no_before: 'what stood there before was not noted',
};
const MOST_NAMED = 20;

const number = (value: number): string => value.toLocaleString('en');

export function undoText(undo: UndoSummary): string {
  const { restored, values, tasksDeleted, tasksRestored, skipped, rejected } = undo;
  const what = [
    `${number(values)} values of ${number(restored)} records put back`,
    `${number(tasksDeleted)} reminders deleted`,
    `${number(tasksRestored)} reminders put back`,
    `${number(skipped.length)} left`,
  ];
  const head = undo.preview
    ? `Undo of run ${undo.undone} would leave: ${what.join(', ')}`
    : `Undid run ${undo.undone} as run ${undo.runId}: ${what.join(', ')}`;
  const left = skipped.slice(0, MOST_NAMED).map((one) => {
    const held = one.held === null ? '' : ` (now ${JSON.stringify(one.held).slice(0, 60)})`;
    return `  left ${[one.module, one.recordId, one.field].filter(Boolean).join(' ')}: ${WHY[one.why]}${held}`;
  });
  const refused = rejected
    .slice(0, MOST_NAMED)
    .map((row) => `  rejected ${row.module} ${row.recordId}: ${row.code} ${row.message}`);
  const unnamed = skipped.length + rejected.length - left.length - refused.length;
  return [
    head,
    priceText(undo),
    ...(undo.already > 0 ? [`  ${number(undo.already)} values and reminders are as they were before`] : []),
    ...left,
    ...refused,
    ...(unnamed > 0 ? [`  … and ${number(unnamed)} more (--json lists all)`] : []),
    ...(undo.stopped
      ? [`! stopped: ${undo.stopped.message}; ${number(undo.remaining)} remain, run it again later`]
      : []),
    ...(undo.preview ? [] : ['  plans are held until you approve one: zcv plan, then zcv plan approve ID']),
  ].join('\n');
}

function priceText({ preview, price, credits, creditsLeft, calls }: UndoSummary): string {
  if (!preview) return `  ${number(calls)} calls, ${number(credits)} credits`;
  const needed = price ?? 0;
  const enough =
    needed <= creditsLeft
      ? ''
      : `; only ${number(creditsLeft)} may be spent today: it stops there, and running it again goes on`;
  return `  price: ${number(needed)} credits${enough}`;
}
