import { type Channel, type ChannelBook, hasEvent, isMet } from './channels.ts';
import type { SimClock } from './clock.ts';
import type { FaultBook } from './faults.ts';
import type { ReportBook } from './report.ts';
import { showValue, type Viewer } from './row-values.ts';
import type { OrgState, SimUser } from './state.ts';
import type { Switches } from './switches.ts';
import type { TokenBook } from './token-book.ts';

const TIMEOUT_MS = 5_000;
/** How long a notification waits for the next one that overtakes it. */
const HELD_MS = 300;
const EVENT_OF = { insert: 'create', update: 'edit', delete: 'delete' } as const;

export interface Change {
  id: string;
  fields: readonly string[];
}

interface ChangeSet {
  module: string;
  operation: 'insert' | 'update' | 'delete';
  user: SimUser;
  /** Written with `trigger: []`. */
  isQuiet: boolean;
  changes: readonly Change[];
}

export interface Notifier {
  /** Tells the channels of what one call changed. */
  changed(set: ChangeSet): void;
  /** Resolves when nothing is under way. */
  settle(): Promise<void>;
}

export interface NotifierDeps {
  state: OrgState;
  switches: Switches;
  clock: SimClock;
  channels: ChannelBook;
  tokens: TokenBook;
  faults: FaultBook;
  report: ReportBook;
  url(): string;
  viewer(timeZone: string): Viewer;
}

type Post = { url: string; body: Record<string, unknown> };

export function createNotifier(deps: NotifierDeps): Notifier {
  let tail: Promise<void> = Promise.resolve();
  let held: Post[] = [];
  let open = 0;
  const deliver = (post: Post) => {
    open += 1;
    tail = tail
      .then(() => deliverPost(deps, post))
      .finally(() => {
        open -= 1;
      });
  };
  const release = () => {
    const posts = held;
    held = [];
    posts.forEach(deliver);
  };
  const send = (post: Post, module: string) => {
    const occasion = { method: 'POST', path: new URL(post.url).pathname, module, isNotification: true };
    const kinds = deps.faults.strike(occasion).map(({ kind }) => kind);
    if (kinds.includes('notification-lost')) return deps.report.notified('withheld');
    if (kinds.includes('notification-reordered')) {
      held.push(post);
      deps.clock.later(HELD_MS, release);
      return;
    }
    deliver(post);
    if (kinds.includes('notification-doubled')) deliver(post);
    release();
  };
  return {
    changed: (set) => {
      if (set.changes.length === 0 || (set.isQuiet && !deps.switches.notifyUntriggered)) return;
      for (const channel of liveChannels(deps)) {
        for (const part of chunks(concerning(channel, set), deps.switches.notifyMaxIds))
          send(postFor(deps, channel, { ...set, changes: part }), set.module);
        const parents = relatedSet(deps.state, channel, set);
        if (parents !== null) send(postFor(deps, channel, parents), parents.module);
      }
    },
    settle: async () => {
      release();
      while (open > 0) await tail;
    },
  };
}

/** A channel ends with its time, and with the consent of its user. */
function liveChannels({ channels, tokens, clock }: NotifierDeps): Channel[] {
  const consenting = new Set(tokens.grants().map(({ user }) => user.id));
  const nowMs = clock.nowMs();
  return [...channels.all()].filter(({ expiresMs, userId }) => expiresMs > nowMs && consenting.has(userId));
}

function concerning(channel: Channel, { module, operation, changes }: ChangeSet): readonly Change[] {
  if (!hasEvent(channel, module, EVENT_OF[operation])) return [];
  const condition = channel.conditions.get(module);
  if (condition === undefined || operation !== 'update') return changes;
  return changes.filter(({ fields }) => isMet(condition.tree, new Set(fields)));
}

/** A new activity or note is an action on the record it hangs on, told to channels that did not opt out. */
function relatedSet(state: OrgState, channel: Channel, set: ChangeSet): ChangeSet | null {
  if (!channel.onRelated || set.operation !== 'insert') return null;
  const parents = set.changes.flatMap(({ id }) => {
    const { What_Id, Parent_Id } = state.row(id)?.values ?? {};
    return state.row(String(What_Id ?? Parent_Id)) ?? [];
  });
  const module = parents[0]?.module;
  if (module === undefined || !hasEvent(channel, module, 'edit') || channel.conditions.has(module))
    return null;
  const ids = new Set(parents.filter((row) => row.module === module).map((row) => row.id));
  return { ...set, module, operation: 'update', changes: [...ids].map((id) => ({ id, fields: [] })) };
}

function* chunks<T>(items: readonly T[], size: number): Iterable<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

function postFor(deps: NotifierDeps, channel: Channel, set: ChangeSet): Post {
  const { module, operation, changes } = set;
  const values = channel.withValues
    ? {
        affected_values: changes.map((change) => ({
          record_id: change.id,
          values: valuesOf(deps, set, change),
        })),
      }
    : {};
  return {
    url: channel.notifyUrl,
    body: {
      server_time: deps.clock.nowMs(),
      ...values,
      query_params: Object.fromEntries(new URL(channel.notifyUrl).searchParams),
      module,
      resource_uri: `${deps.url()}/crm/v8/${module}`,
      ids: changes.map(({ id }) => id),
      affected_fields: changes.map(({ id, fields }) => ({ [id]: fields })),
      operation,
      channel_id: channel.id,
      token: channel.token,
    },
  };
}

function valuesOf({ state, viewer }: NotifierDeps, set: ChangeSet, { id, fields }: Change) {
  if (set.operation === 'delete')
    return { Modified_By: { id: set.user.id, name: set.user.name }, Record_Status__s: 'Trash' };
  const row = state.row(id);
  const known = state.modules.get(set.module)?.fields;
  return Object.fromEntries(
    fields.flatMap((name) => {
      const field = known?.get(name);
      if (row === undefined || field === undefined) return [];
      return [[name, showValue(viewer(set.user.timeZone), row, field)]];
    }),
  );
}

/** Only hosts on this machine are called: a simulator does not reach out into the world. */
async function deliverPost({ clock, switches, report }: NotifierDeps, { url, body }: Post): Promise<void> {
  await clock.wait(switches.notifyDelayMs);
  if (!isLoopback(url)) return report.notified('withheld');
  for (let attempt = 1; attempt <= switches.notifyAttempts; attempt++) {
    const isTaken = await post(url, body);
    report.notified(isTaken ? 'sent' : 'failed');
    if (isTaken) return;
  }
}

async function post(url: string, body: unknown): Promise<boolean> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

export function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
