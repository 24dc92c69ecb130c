import type { ModuleName, RecordId } from '../domain.ts';
import type { Delivery, DeliveryOutcome } from '../store/webhook-stores.ts';
import type { ChangedRecords } from './run-line.ts';

/** Which records a piece of deliveries has to be read for, and what is known of the others. */

/** What tells our own doing from that of people. */
export interface Echo {
  /** API names of the fields of a module that nobody but us fills. */
  readonly ours: (module: ModuleName) => ReadonlySet<string>;
  /** Tasks that we made. */
  readonly madeByUs: ReadonlySet<RecordId>;
}
export interface Piece {
  readonly changed: ChangedRecords[];
  readonly records: number;
  readonly echoes: number;
  readonly outcomes: ReadonlyMap<DeliveryOutcome, readonly string[]>;
}

// Parents first, so that what hangs on a new account finds it.
const NOTIFIED: readonly ModuleName[] = [
  ...(['Accounts', 'Contacts', 'Leads', 'Deals', 'Cases', 'Events', 'Calls', 'Tasks'] as const),
  ...(['Quotes', 'Sales_Orders', 'Invoices'] as const),
];
// Zoho may name these among the fields that a write of ours changed.
const STAMPS: ReadonlySet<string> = new Set(['Modified_Time', 'Modified_By', 'Last_Activity_Time']);

/** Our name of a module that scores rest on; `named`: what the org calls ours. */
export function notifiedModule(
  theirs: string,
  named: { readonly [M in ModuleName]?: string } = {},
): ModuleName | undefined {
  return NOTIFIED.find((module) => (named[module] ?? module) === theirs);
}

export function pieceOf(
  deliveries: readonly Delivery[],
  moduleOf: (name: string) => ModuleName | undefined,
  echo: Echo,
): Piece {
  const isDeleted = new Map<ModuleName, Map<RecordId, boolean>>();
  const outcomes = new Map<DeliveryOutcome, string[]>();
  let echoes = 0;
  for (const { key, body } of deliveries) {
    const module = moduleOf(body.module);
    const heard = module === undefined ? [] : body.ids.filter((id) => !isEcho(module, body, id, echo));
    const outcome = module === undefined ? 'ignored' : heard.length === 0 ? 'echo' : 'read';
    outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), key]);
    if (module === undefined) continue;
    echoes += body.ids.length - heard.length;
    const known = isDeleted.get(module) ?? new Map<RecordId, boolean>();
    isDeleted.set(module, known);
    // In order of arrival: the last word about a record counts, and reading it again settles it.
    for (const id of heard) known.set(id, body.operation === 'delete');
  }
  const changed = NOTIFIED.flatMap((module): ChangedRecords[] => {
    const known = isDeleted.get(module);
    if (!known || known.size === 0) return [];
    const ids = [...known.keys()];
    return [{ module, ids, deleted: ids.filter((id) => known.get(id)) }];
  });
  const records = changed.reduce((sum, { ids }) => sum + ids.length, 0);
  return { changed, records, echoes, outcomes };
}

/** True only where it is sure: a field that people could have changed as well is read. */
function isEcho(module: ModuleName, body: Delivery['body'], id: RecordId, echo: Echo): boolean {
  if (body.operation === 'insert') return module === 'Tasks' && echo.madeByUs.has(id);
  const fields = body.operation === 'update' ? (body.fields?.[id] ?? []) : [];
  const ours = echo.ours(module);
  return fields.some((name) => ours.has(name)) && fields.every((name) => ours.has(name) || STAMPS.has(name));
}
