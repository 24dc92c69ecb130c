import { type JobName, SHORT_JOBS } from '../../src/jobs/queue.ts';
import { type Cost, costOf, type Org } from './scaling-model.ts';

/** The queue's contract (ADR 0032) in virtual time: turns by connection, one job of each at work, a slot for short jobs. */

/** `changes`: null where the time since the job before tells how many. */
export interface Arrival {
  readonly at: number;
  readonly org: number;
  readonly kind: JobName;
  readonly changes: number | null;
}
interface Waiting extends Arrival {
  changes: number | null;
}
export interface Outcome {
  /** From due to start, in ms. */
  readonly lags: Map<JobName, number[]>;
  readonly merged: number;
  readonly deepest: { depth: number; at: number };
  /** By minute. */
  readonly rows: Float64Array;
  readonly cpuMs: Float64Array;
  /** Time of the slots that take long jobs. */
  readonly slotMs: Float64Array;
  readonly creditsByOrg: Float64Array;
  /** When an org first had no credits left; -1: never. */
  readonly dryAt: Float64Array;
  readonly unfinished: number;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const isShort = new Set<string>(SHORT_JOBS);

/** Least key first. */
class Heap<T> {
  readonly #items: { key: number; value: T }[] = [];
  peekKey(): number {
    return this.#items[0]?.key ?? Number.POSITIVE_INFINITY;
  }
  push(key: number, value: T): void {
    const items = this.#items;
    let index = items.push({ key, value }) - 1;
    for (let up = (index - 1) >> 1; index > 0; up = (index - 1) >> 1) {
      const above = items[up];
      const own = items[index];
      if (!above || !own || above.key <= own.key) return;
      items[up] = own;
      items[index] = above;
      index = up;
    }
  }
  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (!top || !last || items.length === 0) return top?.value;
    items[0] = last;
    for (let index = 0; ; ) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        const [a, b] = [items[child], items[least]];
        if (a && b && a.key < b.key) least = child;
      }
      const [here, there] = [items[index], items[least]];
      if (least === index || !here || !there) return top.value;
      items[index] = there;
      items[least] = here;
      index = least;
    }
  }
}

interface Turn {
  readonly waiting: Waiting[];
  isBusy: boolean;
  /** Lower was served longer ago. */
  served: number;
  readonly spent: { at: number; credits: number }[];
  spentNow: number;
  readonly readAt: Map<JobName, number>;
}
interface Slot {
  readonly worker: number;
  readonly onlyShort: boolean;
}
interface Ending {
  readonly slot: Slot;
  readonly org: number;
}

/** Arrivals in order of time; each worker has one core, which its jobs share, and three slots. */
export function simulate(
  orgs: readonly Org[],
  arrivals: readonly Arrival[],
  { workers, slots, start, end }: { workers: number; slots: number; start: number; end: number },
): Outcome {
  const minutes = Math.ceil((end - start) / MINUTE);
  const turns = orgs.map(
    (): Turn => ({
      waiting: [],
      isBusy: false,
      served: 0,
      spent: [],
      spentNow: 0,
      readAt: new Map(),
    }),
  );
  const outcome = {
    lags: new Map<JobName, number[]>(),
    merged: 0,
    deepest: { depth: 0, at: start },
    rows: new Float64Array(minutes),
    cpuMs: new Float64Array(minutes),
    slotMs: new Float64Array(minutes),
    creditsByOrg: new Float64Array(orgs.length),
    dryAt: new Float64Array(orgs.length).fill(-1),
    unfinished: 0,
  };
  const ready = { any: new Heap<number>(), short: new Heap<number>() };
  const endings = new Heap<Ending>();
  const free: Slot[] = Array.from({ length: workers * slots }, (_, index) => ({
    worker: index % workers,
    onlyShort: slots > 1 && index < workers,
  }));
  const running = new Array<number>(workers).fill(0);
  let depth = 0;
  let served = 0;

  const offer = (org: number, turn: Turn): void => {
    if (turn.isBusy || turn.waiting.length === 0) return;
    ready.any.push(turn.served, org);
    if (turn.waiting.some(({ kind }) => isShort.has(kind))) ready.short.push(turn.served, org);
  };
  const take = (onlyShort: boolean): { org: number; job: Waiting } | null => {
    const heap = onlyShort ? ready.short : ready.any;
    for (;;) {
      const key = heap.peekKey();
      const org = heap.pop();
      const turn = org === undefined ? undefined : turns[org];
      if (org === undefined || !turn) return null;
      if (turn.isBusy || turn.served !== key) continue;
      const place = turn.waiting.findIndex(({ kind }) => !onlyShort || isShort.has(kind));
      const job = turn.waiting.splice(place, place < 0 ? 0 : 1)[0];
      if (job) return { org, job };
    }
  };
  const begin = (now: number, slot: Slot, org: number, job: Waiting): void => {
    const [turn, owner] = [turns[org], orgs[org]];
    if (!turn || !owner) return;
    depth -= 1;
    served += 1;
    turn.isBusy = true;
    turn.served = served;
    const lags = outcome.lags.get(job.kind) ?? [];
    outcome.lags.set(job.kind, lags);
    lags.push(now - job.at);
    const sinceMs = now - (turn.readAt.get(job.kind) ?? now - 3_600_000);
    turn.readAt.set(job.kind, now);
    let cost: Cost = costOf(job.kind, owner, job.changes ?? Math.round((owner.changesADay * sinceMs) / DAY));
    while ((turn.spent[0]?.at ?? now) < now - DAY) turn.spentNow -= turn.spent.shift()?.credits ?? 0;
    if (turn.spentNow + cost.credits > owner.ceiling) {
      if (outcome.dryAt[org] === -1) outcome.dryAt[org] = now;
      // Parked: the job looks at the ledger and ends.
      cost = { cpuMs: 5, waitMs: 0, credits: 0, rows: 3 };
    }
    turn.spent.push({ at: now, credits: cost.credits });
    turn.spentNow += cost.credits;
    outcome.creditsByOrg[org] = (outcome.creditsByOrg[org] ?? 0) + cost.credits;
    const sharing = (running[slot.worker] ?? 0) + 1;
    running[slot.worker] = sharing;
    const lasts = cost.cpuMs * sharing + cost.waitMs;
    spreadOver(outcome.rows, now - start, lasts, cost.rows);
    spreadOver(outcome.cpuMs, now - start, lasts, cost.cpuMs);
    if (!slot.onlyShort) spreadOver(outcome.slotMs, now - start, lasts, lasts);
    endings.push(now + lasts, { slot, org });
  };
  const fill = (now: number): void => {
    for (let index = 0; index < free.length; ) {
      const slot = free[index];
      const found = slot ? take(slot.onlyShort) : null;
      if (!slot || !found) index += 1;
      else {
        free.splice(index, 1);
        begin(now, slot, found.org, found.job);
      }
    }
  };

  let next = 0;
  for (;;) {
    const arrival = arrivals[next];
    const arrivesAt = arrival?.at ?? Number.POSITIVE_INFINITY;
    const now = Math.min(arrivesAt, endings.peekKey());
    if (now >= end) break;
    if (arrival && arrivesAt <= endings.peekKey()) {
      next += 1;
      const turn = turns[arrival.org];
      const same = turn?.waiting.find(({ kind }) => kind === arrival.kind);
      if (same) {
        outcome.merged += 1;
        if (same.changes !== null) same.changes += arrival.changes ?? 0;
      } else if (turn) {
        turn.waiting.push({ ...arrival });
        depth += 1;
        if (depth > outcome.deepest.depth) outcome.deepest = { depth, at: now };
        offer(arrival.org, turn);
      }
    } else {
      const ending = endings.pop();
      const turn = ending ? turns[ending.org] : undefined;
      if (ending && turn) {
        free.push(ending.slot);
        running[ending.slot.worker] = (running[ending.slot.worker] ?? 1) - 1;
        turn.isBusy = false;
        offer(ending.org, turn);
      }
    }
    if (free.length > 0) fill(now);
  }
  outcome.unfinished = depth;
  return outcome;
}

function spreadOver(minutes: Float64Array, from: number, lastsMs: number, amount: number): void {
  const first = Math.floor(from / MINUTE);
  const last = Math.min(minutes.length - 1, Math.floor((from + lastsMs) / MINUTE));
  for (let minute = first; minute <= last; minute += 1) {
    const part = amount / Math.max(1, last - first + 1);
    minutes[minute] = (minutes[minute] ?? 0) + part;
  }
}
