import type { RecordId } from '../domain.ts';

/** Zoho compares ids as numbers: fewer digits first, then digit by digit. */
export function compareIds(left: RecordId, right: RecordId): number {
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
