import { isObject } from './row-input.ts';

export const CHANNEL_OPERATIONS = ['create', 'edit', 'delete', 'all'] as const;

/** A tree over the fields whose change is told. */
export type FieldCondition =
  | { field: string }
  | { operator: 'and' | 'or'; group: readonly [FieldCondition, FieldCondition] };

export interface Channel {
  id: string;
  userId: string;
  /** `Deals.edit` … */
  events: string[];
  expiresMs: number;
  token: string | null;
  notifyUrl: string;
  withValues: boolean;
  onRelated: boolean;
  /** By module; as it was sent, for showing it again. */
  conditions: Map<string, { shown: unknown; tree: FieldCondition }>;
}

/** Channels belong to the user who made them. */
export interface ChannelBook {
  get(userId: string, id: string): Channel | undefined;
  put(channel: Channel): void;
  remove(channel: Channel): void;
  all(): Iterable<Channel>;
}

export function createChannelBook(): ChannelBook {
  const channels = new Map<string, Channel>();
  const key = (userId: string, id: string) => `${userId}/${id}`;
  return {
    get: (userId, id) => channels.get(key(userId, id)),
    put: (channel) => channels.set(key(channel.userId, channel.id), channel),
    remove: (channel) => channels.delete(key(channel.userId, channel.id)),
    all: () => channels.values(),
  };
}

export function hasEvent(channel: Channel, module: string, operation: 'create' | 'edit' | 'delete'): boolean {
  return channel.events.includes(`${module}.${operation}`) || channel.events.includes(`${module}.all`);
}

export function isMet(condition: FieldCondition, changed: ReadonlySet<string>): boolean {
  if ('field' in condition) return changed.has(condition.field);
  const [left, right] = condition.group;
  return condition.operator === 'and'
    ? isMet(left, changed) && isMet(right, changed)
    : isMet(left, changed) || isMet(right, changed);
}

/** Two objects a group level, so larger selections nest; null when the tree is built otherwise. */
export function parseCondition(input: unknown): FieldCondition | null {
  if (!isObject(input)) return null;
  if (input.field !== undefined) {
    const name = isObject(input.field) ? input.field.api_name : null;
    return typeof name === 'string' && input.group === undefined ? { field: name } : null;
  }
  const { group_operator: operator, group } = input;
  if (typeof operator !== 'string' || !Array.isArray(group) || group.length !== 2) return null;
  const word = operator.toLowerCase();
  const [left, right] = [parseCondition(group[0]), parseCondition(group[1])];
  if ((word !== 'and' && word !== 'or') || left === null || right === null) return null;
  return { operator: word, group: [left, right] };
}

export function fieldsIn(condition: FieldCondition): string[] {
  return 'field' in condition ? [condition.field] : condition.group.flatMap(fieldsIn);
}
