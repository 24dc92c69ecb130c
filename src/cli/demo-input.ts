import type { App } from '../app.ts';
import { dayOf } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { runLine } from '../jobs/run-line.ts';
import type { Simulator } from '../simulator/simulator.ts';

/**
 * One input on its way: a salesperson notes goodwill on the card in Zoho and asks for a recalculation; the next run reads
 * the one record, lowers its budget and writes that.
 */

const GIVEN = '5.00';

export interface DemoInput {
  readonly customer: string;
  readonly module: string;
  readonly recordId: string;
  /** What the person wrote, field by API name. */
  readonly written: { readonly Goodwill_Given: string; readonly Recalculation_Asked: string };
  /** Records of the module that the sync after it found changed. */
  readonly readAgain: number;
  /** Goodwill Budget as it stands in Zoho. */
  readonly before: number | null;
  readonly after: number | null;
  /** Records and field changes of the plan that followed, and records that were written. */
  readonly planned: { readonly records: number; readonly fieldChanges: number };
  readonly recordsWritten: number;
}

type Row = Readonly<Record<string, unknown>>;

/** Who has most to give away: there a gift is seen best. Null where the org has not our fields. */
function bestBudget(rows: readonly Row[]): Row | null {
  const known = rows.filter((row) => typeof row.Goodwill_Budget === 'number');
  return known.toSorted((a, b) => Number(b.Goodwill_Budget) - Number(a.Goodwill_Budget))[0] ?? null;
}

const budgetOf = (row: Row | null | undefined) =>
  typeof row?.Goodwill_Budget === 'number' ? row.Goodwill_Budget : null;

export async function showInput(
  app: App,
  connection: Connection,
  { control }: Simulator,
): Promise<DemoInput | null> {
  const module = 'Accounts';
  const row = bestBudget(control.records(module));
  if (row === null) return null;
  const recordId = String(row.id);
  const now = app.clock.now();
  const written = {
    Goodwill_Given: `${dayOf(now, connection.org.timeZone)} ${GIVEN} a parcel came late`,
    Recalculation_Asked: now.toISOString().slice(0, 19),
  };
  control.writeRecords(module, [{ id: recordId, ...written }]);
  const { sync, plan, apply } = await runLine(await app.depsOf(connection), {
    connection,
    full: false,
    apply: true,
    asOf: null,
  });
  return {
    customer: String(row.Account_Name),
    module,
    recordId,
    written,
    readAgain: sync?.modules.find((one) => one.module === module)?.changed ?? 0,
    before: budgetOf(row),
    after: budgetOf(control.records(module).find(({ id }) => id === recordId)),
    planned: { records: plan?.records ?? 0, fieldChanges: plan?.fieldChanges ?? 0 },
    recordsWritten: apply?.written ?? 0,
  };
}

export function inputText(input: DemoInput): string {
  const { customer, module, written, readAgain, planned, recordsWritten } = input;
  const [before, after] = [input.before, input.after].map((amount) => amount?.toFixed(2) ?? 'empty');
  return [
    `An input on its way: on the card of ${customer} somebody notes goodwill of ${GIVEN} and asks for a recalculation`,
    `  in Zoho: Goodwill Given "${written.Goodwill_Given}" · Recalculation Asked "${written.Recalculation_Asked}"`,
    `  the next run: changed in ${module} ${readAgain} · field changes ${planned.fieldChanges} on records ${planned.records} · written ${recordsWritten}`,
    `  Goodwill Budget in Zoho: ${before} → ${after}`,
  ].join('\n');
}
