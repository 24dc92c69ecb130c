/** A record as it is kept. Lookups and owners are ids, datetimes epoch milliseconds of a whole second. */
export interface Row {
  id: string;
  module: string;
  values: Record<string, unknown>;
  createdMs: number;
  modifiedMs: number;
  createdBy: string;
  modifiedBy: string;
  /** Counts changes, so that stale entries of the time index can be told. */
  version: number;
  gone: boolean;
}

interface TimeEntry {
  row: Row;
  at: number;
  version: number;
}

/** Ids are decimal texts without leading zeros, so the longer one is the larger number. */
export function compareRowIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

const byTime = (a: TimeEntry, b: TimeEntry) => a.at - b.at || compareRowIds(a.row.id, b.row.id);

/** Rows of one module: by id, and in the order of (Modified_Time, id) from the first time that is asked for. */
export class RowTable {
  private readonly byId = new Map<string, Row>();
  private ordered: Row[] = [];
  private isSorted = true;
  private goneCount = 0;
  private times: TimeEntry[] | null = null;
  private recent: TimeEntry[] = [];

  get size(): number {
    return this.byId.size;
  }

  get(id: string): Row | undefined {
    return this.byId.get(id);
  }

  add(row: Row): void {
    const last = this.ordered.at(-1);
    if (last !== undefined && compareRowIds(last.id, row.id) > 0) this.isSorted = false;
    this.byId.set(row.id, row);
    this.ordered.push(row);
    if (this.times !== null) this.recent.push(timeEntry(row));
  }

  /** To be called after modifiedMs was set. */
  touch(row: Row): void {
    row.version += 1;
    if (this.times !== null) this.recent.push(timeEntry(row));
  }

  remove(row: Row): void {
    row.gone = true;
    this.byId.delete(row.id);
    this.goneCount += 1;
    if (this.goneCount <= 1000 || this.goneCount * 2 < this.ordered.length) return;
    this.ordered = this.ordered.filter(({ gone }) => !gone);
    this.goneCount = 0;
  }

  /** All rows, ascending by number of id. */
  values(): Iterable<Row> {
    return this.fromId(null, false);
  }

  /** Rows beyond `after` (exclusive) in ascending or descending numeric order of id. */
  *fromId(after: string | null, descending: boolean): Iterable<Row> {
    const rows = this.sorted();
    const step = descending ? -1 : 1;
    let at = descending ? rows.length - 1 : 0;
    if (after !== null) at = descending ? firstNotBelow(rows, after) - 1 : firstAbove(rows, after);
    for (let row = rows[at]; row !== undefined; at += step, row = rows[at]) if (!row.gone) yield row;
  }

  /** Rows in the order of (Modified_Time, id) beyond a place (exclusive); `id: null` begins with that instant. */
  *fromTime(after: { ms: number; id: string | null } | null, descending: boolean): Iterable<Row> {
    const entries = this.timeIndex();
    const step = descending ? -1 : 1;
    let at = descending ? entries.length - 1 : 0;
    if (after !== null) {
      const { ms, id } = after;
      const isAtOrBelow = (entry: TimeEntry) =>
        entry.at < ms || (entry.at === ms && id !== null && compareRowIds(entry.row.id, id) <= 0);
      const isBelow = (entry: TimeEntry) =>
        entry.at < ms || (entry.at === ms && (id === null || compareRowIds(entry.row.id, id) < 0));
      at = descending ? partition(entries, isBelow) - 1 : partition(entries, isAtOrBelow);
    }
    for (let entry = entries[at]; entry !== undefined; at += step, entry = entries[at]) {
      if (isCurrent(entry)) yield entry.row;
    }
  }

  private sorted(): Row[] {
    if (!this.isSorted) this.ordered.sort((a, b) => compareRowIds(a.id, b.id));
    this.isSorted = true;
    return this.ordered;
  }

  private timeIndex(): TimeEntry[] {
    if (this.times === null) {
      // The sort is stable, so rows of one second stay in the order of their ids.
      this.times = this.sorted()
        .filter(({ gone }) => !gone)
        .map(timeEntry)
        .sort((a, b) => a.at - b.at);
      return this.times;
    }
    if (this.recent.length > 0) {
      const recent = this.recent.sort(byTime);
      this.recent = [];
      const [last, first] = [this.times.at(-1), recent[0]];
      const isLater = last === undefined || first === undefined || byTime(last, first) <= 0;
      for (const entry of recent) this.times.push(entry);
      const isStale = this.times.length > 2 * this.byId.size + 1000;
      // A new array, not a change in place: a page that is being read keeps its order.
      if (!isLater || isStale) this.times = this.times.filter(isCurrent);
      if (!isLater) this.times.sort(byTime);
    }
    return this.times;
  }
}

const timeEntry = (row: Row): TimeEntry => ({ row, at: row.modifiedMs, version: row.version });
const isCurrent = ({ row, version }: TimeEntry) => !row.gone && version === row.version;

function partition<T>(sorted: readonly T[], isBefore: (item: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = sorted[middle];
    if (item !== undefined && isBefore(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

const firstNotBelow = (rows: readonly Row[], id: string) =>
  partition(rows, (row) => compareRowIds(row.id, id) < 0);
const firstAbove = (rows: readonly Row[], id: string) =>
  partition(rows, (row) => compareRowIds(row.id, id) <= 0);
