import { randomUUID } from 'node:crypto';

/** What can go wrong, and how it looks from outside. */
export const FAULTS = {
  'rate-limited': '429, with Retry-After when retryAfter (seconds) is given',
  'server-error': 'status (500) with a JSON body',
  html: 'status (503) with an HTML page',
  reset: 'the connection is dropped before anything happens',
  'reset-mid-body': 'the call is done, its answer breaks off in the middle',
  slow: 'the answer comes ms (1000) later; when: after does the work at once',
  'lost-answer': 'the call is done, the connection is dropped without an answer',
  'late-commit': 'the connection is dropped at once, the write is done ms (1000) later all the same',
  'half-failed': 'every every-th (2) row of a write fails with code (INVALID_DATA)',
  locked: 'writes of the records ids fail with RECORD_LOCKED',
  refused:
    'writes of the records ids fail with code (INVALID_DATA) and message; with field only those that name it',
  'truncated-zip': 'the result of a bulk read breaks off inside the zip, in a complete HTTP answer',
  'not-a-zip': 'the result of a bulk read is text, in a complete HTTP answer that calls itself a zip',
  'not-json': 'the call is not done and answers 200 with a text that is not JSON',
  'failed-job': 'a created bulk job ends in FAILURE, one that writes in FAILED',
  'endless-job': 'a created bulk write job never ends',
  'skipped-rows':
    'every every-th (2) row of a created bulk write job is skipped with code (CANNOT_PROCESS) at column message (id); code UNPROCESSED leaves them unprocessed',
  'edit-between-pages': 'after the call people write and delete records, as edit, remove and act say',
  'garbled-row': 'while it is set, reads show values instead of those of the records ids',
  'expired-token': 'the access token of the call dies',
  'revoked-grant': 'the refresh token behind the access token of the call is revoked',
  'notification-doubled': 'a notification is delivered twice',
  'notification-reordered': 'a notification is delivered after the next one',
  'notification-lost': 'a notification is not delivered',
} as const;

export type FaultKind = keyof typeof FAULTS;

export interface FaultSpec {
  kind: FaultKind;
  /** `path` is a regular expression over the path without query; `module` an API name. */
  match?: { method?: string; path?: string; module?: string };
  /** How often it strikes; without it until cleared. */
  times?: number;
  /** Calls that match and pass before it strikes. */
  after?: number;
  /** 0 to 1 for each call that matches; drawn from `seed`. */
  probability?: number;
  seed?: number;
  retryAfter?: number;
  status?: number;
  ms?: number;
  when?: 'before' | 'after';
  every?: number;
  code?: string;
  message?: string;
  ids?: readonly string[];
  /** API name that the refusal is about. */
  field?: string;
  /** Field → what is shown; `id` as well. */
  values?: Readonly<Record<string, unknown>>;
  /** Rows as for writing records through the control API. */
  edit?: readonly { module: string; data: readonly Record<string, unknown>[] }[];
  remove?: readonly { module: string; ids: readonly string[] }[];
  /** In-process only. */
  act?: () => void;
}

export interface ActiveFault extends FaultSpec {
  id: string;
  matched: number;
  struck: number;
}

/** What a call looks like to a fault. */
interface Occasion {
  method: string;
  path: string;
  module: string | null;
  isNotification?: boolean;
}

export interface FaultBook {
  add(spec: FaultSpec): string;
  clear(id?: string): void;
  list(): ActiveFault[];
  /** The faults that strike this call, counted as struck. */
  strike(occasion: Occasion): ActiveFault[];
}

const WRITE_ONLY: readonly FaultKind[] = ['half-failed', 'locked', 'refused', 'late-commit'];
/** Calls that these kinds can mean at all; others do not use up their `times`. */
const CALLS: Readonly<Partial<Record<FaultKind, RegExp>>> = {
  'truncated-zip': /^GET (\/crm\/bulk\/.+\/result|\/v8\/crm\/.+\.zip)$/,
  'not-a-zip': /^GET \/crm\/bulk\/.+\/result$/,
  'garbled-row': /^$/,
  'failed-job': /^POST \/crm\/bulk\//,
  'endless-job': /^POST \/crm\/bulk\/v8\/write$/,
  'skipped-rows': /^POST \/crm\/bulk\/v8\/write$/,
};

export function createFaultBook(): FaultBook {
  const faults = new Map<string, ActiveFault & { draw: () => number; pattern: RegExp | null }>();
  return {
    add: (spec) => {
      const id = randomUUID();
      const pattern = spec.match?.path === undefined ? null : new RegExp(spec.match.path);
      faults.set(id, { ...spec, id, matched: 0, struck: 0, draw: seededDraw(spec.seed ?? 1), pattern });
      return id;
    },
    clear: (id) => (id === undefined ? faults.clear() : faults.delete(id)),
    list: () => [...faults.values()].map(({ draw: _draw, pattern: _pattern, ...fault }) => fault),
    strike: (occasion) => [...faults.values()].filter((fault) => isStruck(fault, fault, occasion)),
  };
}

function isStruck(
  fault: ActiveFault,
  { draw, pattern }: { draw: () => number; pattern: RegExp | null },
  { method, path, module, isNotification = false }: Occasion,
): boolean {
  if (fault.kind.startsWith('notification-') !== isNotification) return false;
  if (WRITE_ONLY.includes(fault.kind) && method === 'GET') return false;
  if (CALLS[fault.kind]?.test(`${method} ${path}`) === false) return false;
  const { match = {} } = fault;
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (pattern !== null && !pattern.test(path)) return false;
  // The token endpoint is disturbed only by name: a storm of 429 on the API leaves refreshing alone.
  if (path.startsWith('/oauth/') && !fault.match?.path?.includes('oauth')) return false;
  if (match.module !== undefined && match.module !== module) return false;
  fault.matched += 1;
  if (fault.matched <= (fault.after ?? 0)) return false;
  if (fault.times !== undefined && fault.struck >= fault.times) return false;
  if (fault.probability !== undefined && draw() >= fault.probability) return false;
  fault.struck += 1;
  return true;
}

/** What the faults `garbled-row` show, by id; null when there are none. */
export function garbledRows(
  faults: readonly ActiveFault[],
): ReadonlyMap<string, Readonly<Record<string, unknown>>> | null {
  const garbled = faults.filter(({ kind }) => kind === 'garbled-row');
  if (garbled.length === 0) return null;
  return new Map(garbled.flatMap(({ ids = [], values = {} }) => ids.map((id) => [id, values] as const)));
}

/** mulberry32: small, and the same draws for the same seed. */
function seededDraw(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
