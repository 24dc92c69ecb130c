import type { Kysely, RawBuilder } from 'kysely';
import { ConflictError } from '../errors.ts';
import type { Tables } from './tables.ts';

/** Small things that every table file needs. */

/** A write transaction holds at most this many rows: on SQLite nobody else can write meanwhile. */
export const MAX_ROWS = 1_000;

/**
 * Runs a delete that takes at most MAX_ROWS until it takes fewer: it ends whatever the rows hold, because no row is
 * looked for a second time by what was read from it.
 */
export async function deletePieces(kysely: Kysely<Tables>, piece: RawBuilder<unknown>): Promise<number> {
  for (let deleted = 0; ; ) {
    const { numAffectedRows } = await piece.execute(kysely);
    const taken = Number(numAffectedRows ?? 0n);
    deleted += taken;
    if (taken < MAX_ROWS) return deleted;
  }
}

/** JSON that this store wrote itself, so its shape is known. */
export function fromJson<T>(text: string): T {
  return JSON.parse(text) as T; // written by toJson from a T; see the reason above
}
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null);
}

/** Text that both databases can hold: PostgreSQL refuses NUL, and neither has lone surrogates in UTF-8. */
export function storable(text: string): string {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  return formed.includes('\0') ? formed.replaceAll('\0', '') : formed;
}

export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  if (items.length <= size) {
    if (items.length > 0) yield items;
    return;
  }
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Last one wins; one statement cannot write a row twice. */
export function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  const last = new Map<string, T>();
  for (const item of items) last.set(key(item), item);
  return last.size === items.length ? [...items] : [...last.values()];
}

/** Our serial ids are text outside the store. Text that is none finds nothing. */
export function serialOf(id: string): number {
  const value = /^\d{1,15}$/.test(id) ? Number(id) : 0;
  return value;
}

export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isPostgres = 'code' in error && error.code === '23505';
  // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY.
  const isSqlite = 'errcode' in error && (error.errcode === 2067 || error.errcode === 1555);
  return isPostgres || isSqlite;
}

/** For rows that others may have removed meanwhile. */
export function found<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new ConflictError(`${what} is gone: it was removed meanwhile`);
  return row;
}
