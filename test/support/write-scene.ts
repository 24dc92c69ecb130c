import type { FaultKind, FaultSpec } from '../../src/simulator/faults.ts';
import { seededRandom } from './seeded-random.ts';

/** What one seeded run of apply goes through: drawn as a whole before it begins, so that a seed says everything. */
export interface Scene {
  readonly seed: number;
  /** The key of our tasks: Zoho keeps it unique, keeps it but not unique, never had it, or loses it on the way. */
  readonly key: KeyKind;
  readonly customers: number;
  /** A first apply goes before, so that there are tasks to update and close and values to repair. */
  readonly hasPast: boolean;
  readonly faults: readonly FaultSpec[];
  readonly strikes: readonly Strike[];
  readonly edits: readonly Edit[];
  /** A worker of its own starts at that step of the first. */
  readonly second: { readonly at: Moment; readonly does: 'apply' | 'run' } | null;
  /** Whose value stands where a person changed a field of ours. */
  readonly onEdit: 'ours' | 'theirs' | 'report';
  /** The process that follows a killed one knows that it is dead; else it waits for the lease. */
  readonly knowsDeath: boolean;
}
type KeyKind = 'unique' | 'plain' | 'missing' | 'lost';

/** The n-th time that a process is about to take a step, or has taken it. */
export interface Moment {
  readonly step: string;
  readonly when: 'before' | 'after';
  readonly nth: number;
}
/** Applies to the process that is started as number `process`, from 0. */
interface Strike extends Moment {
  readonly process: number;
  readonly does: 'kill' | 'freeze';
}
export const EDITS = [
  'our field',
  'their field',
  'task subject',
  'task description',
  'task due date',
  'task priority',
  'task completed',
  'task deleted',
  'owner changed',
  'record deleted',
  'records merged',
] as const;
export type EditKind = (typeof EDITS)[number];
export interface Edit extends Moment {
  readonly kind: EditKind;
  /** 0 to 1: which record. */
  readonly which: number;
}

/** Faults of calls; `late-commit` of up to just under a minute. */
export const CALL_FAULTS = [
  'lost-answer',
  'late-commit',
  'server-error',
  'html',
  'reset',
  'reset-mid-body',
  'rate-limited',
  'half-failed',
  'not-json',
  'expired-token',
] as const satisfies readonly FaultKind[];

export interface Dice {
  next(): number;
  chance(share: number): boolean;
  int(from: number, to: number): number;
  pick<T>(values: readonly T[]): T;
}
export function diceOf(seed: number): Dice {
  const next = seededRandom(seed);
  // Neighbouring seeds begin alike.
  for (let n = 0; n < 8; n++) next();
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    chance: (share) => next() < share,
    int,
    pick: (values) => {
      const value = values[int(0, values.length - 1)];
      if (value === undefined) throw new RangeError('nothing to pick from');
      return value;
    },
  };
}

/** Where a process can be struck: around each commit and each call of an apply. */
const STEPS = [
  'intents.begin',
  'intents.finish',
  'zoho.PUT',
  'zoho.POST',
  'zoho.GET',
  'records.setOurs',
  'reminders.save',
  'plans.markDone',
  'plans.setState',
] as const;

export function drawScene(seed: number, hasUniqueKey: boolean): Scene {
  const dice = diceOf(seed);
  const isCalm = dice.chance(0.04);
  const draws = <T>(most: number, draw: () => T): T[] =>
    isCalm ? [] : Array.from({ length: dice.int(0, most) }, draw);
  const moment = (): Moment => ({
    step: dice.pick(STEPS),
    when: dice.pick(['before', 'after']),
    // Most steps are taken once or twice in an apply of this size.
    nth: dice.chance(0.7) ? 1 : dice.int(2, 5),
  });
  return {
    seed,
    key: hasUniqueKey ? 'unique' : dice.pick(['plain', 'missing', 'lost']),
    customers: dice.chance(0.06) ? dice.int(90, 130) : dice.int(8, 32),
    hasPast: dice.chance(0.6),
    faults: draws(3, () => callFault(dice)),
    strikes: draws(3, () => ({
      ...moment(),
      process: dice.int(0, 2),
      does: dice.chance(0.7) ? 'kill' : 'freeze',
    })),
    edits: draws(4, () => ({ ...moment(), kind: editKind(dice), which: dice.next() })),
    second: !isCalm && dice.chance(0.35) ? { at: moment(), does: dice.chance(0.6) ? 'apply' : 'run' } : null,
    onEdit: dice.chance(0.6) ? 'ours' : dice.pick(['theirs', 'report']),
    knowsDeath: dice.chance(0.7),
  };
}

/** Those that change what is right for other customers are rarer: less can be said about what follows them. */
function editKind(dice: Dice): EditKind {
  const isDeep = dice.chance(0.12);
  return isDeep ? dice.pick(EDITS.slice(6)) : dice.pick(EDITS.slice(0, 6));
}

function callFault(dice: Dice): FaultSpec {
  const kind = dice.pick(CALL_FAULTS);
  const match = dice.pick([
    { method: 'PUT' },
    { method: 'POST', path: '^/crm/v8/Tasks' },
    { method: 'GET', path: '^/crm/v8/(Tasks|Accounts|Contacts)$' },
    {},
  ]);
  const spec = { kind, match, times: dice.int(1, 3), after: dice.int(0, 4) };
  switch (kind) {
    case 'late-commit':
      return { ...spec, match: match.method === 'GET' ? {} : match, ms: dice.int(200, 59_000) };
    case 'half-failed':
      return {
        ...spec,
        match: match.method === 'GET' ? {} : match,
        every: dice.int(1, 4),
        code: dice.pick(['RECORD_LOCKED', 'INVALID_DATA', 'NO_PERMISSION']),
      };
    case 'rate-limited':
      return dice.chance(0.5) ? { ...spec, retryAfter: dice.int(1, 20) } : spec;
    case 'server-error':
      return { ...spec, status: dice.pick([500, 502, 503]) };
    default:
      return spec;
  }
}
