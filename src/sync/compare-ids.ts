import type { RecordId } from '../domain.ts';
import { cheapestRead } from '../zoho/prices.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { instantOf } from '../zoho/values.ts';
import type { Columns } from './columns.ts';
import { rereadRecords } from './deletions.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { fillPieces, readByAny, waysOf } from './read-pages.ts';

/** All ids that Zoho has beside all that are stored: what neither changes nor deletions told. */

export interface Difference {
  /** In Zoho and not here: never read, or restored. */
  readonly missing: number;
  /** Here and no longer in Zoho. */
  readonly extra: number;
  /** Here with another time of change. */
  readonly stale: number;
  /** So many that reading the whole module again costs less than reading each: nothing was mended. */
  readonly isTooMuch: boolean;
}

// Rows that one call by id gives.
const IDS_A_CALL = 50;

/** Compares, and reads again by id whatever differs. Memory grows with the differences, which a full read bounds. */
export async function compareIds(
  deps: SyncDeps,
  input: ModuleInput,
  columns: Columns,
  { expected, tally }: { readonly expected: number; readonly tally: Tally },
): Promise<Difference> {
  const { connection, module } = input;
  const startedAt = deps.clock.now();
  const asked = {
    ...columns,
    fields: columns.fields.filter((name) => name === 'Modified_Time' || name === columns.names.converted),
  };
  const price = { rows: expected, columns: columns.fields.length, ways: waysOf(module, expected) };
  const most = (cheapestRead(deps.zoho.prices, price).credits / deps.zoho.prices.listPage) * IDS_A_CALL;
  const aside = new Set(await deps.store.quarantine.ids(connection.id, module));
  let missing: RecordId[] = [];
  let stale: RecordId[] = [];
  const idPrice = { ...price, columns: 1 };
  await readByAny(
    deps,
    { module, columns: asked },
    cheapestRead(deps.zoho.prices, idPrice).way,
    async (by) => {
      missing = [];
      stale = [];
      for await (const { rows } of fillPieces(deps, by, { module, columns: asked, expected, from: null })) {
        const met = await deps.store.comparison.meet(
          connection.id,
          module,
          rows.map(timesOf),
          deps.clock.now(),
        );
        // What was set aside is not stored, and has not changed since.
        missing.push(...met.missing.filter((id) => !aside.has(id)));
        stale.push(...met.stale.filter((id) => !aside.has(id)));
      }
    },
  );
  const extra: RecordId[] = [];
  for await (const ids of deps.store.comparison.unmet(connection.id, module, startedAt)) extra.push(...ids);
  const counts = { missing: missing.length, extra: extra.length, stale: stale.length };
  const differing = [...missing, ...stale, ...extra];
  if (differing.length > most) return { ...counts, isTooMuch: true };
  if (differing.length > 0) await rereadRecords(deps, input, differing, tally);
  await deps.store.cursors.noteIdsChecked(connection.id, module, startedAt);
  return { ...counts, isTooMuch: false };
}

function timesOf(row: ZohoRow): { id: RecordId; modifiedAt: Date | null } {
  try {
    return { id: row.id, modifiedAt: instantOf(row.Modified_Time) };
  } catch {
    // A time that cannot be read sets its row aside when it is read whole.
    return { id: row.id, modifiedAt: null };
  }
}
