import type { ReminderReason } from '../changes.ts';
import type { RecordId } from '../domain.ts';

/**
 * The stable key of a need: reason, record and episode. It stands in CV Ref, which holds 64 characters, and as the last
 * line of the description.
 */

/** With the 19 digits of a record id and 8 of an episode the key has 64 characters at most. */
export const MAX_RULE_ID = 32;
export const RULE_ID = /^[a-z][a-z0-9_]*$/;
const PATTERN = /^cv-([a-z][a-z0-9_]*)-(\d{1,20})-(\d{1,9})$/;

export function cvRefOf(reason: ReminderReason, recordId: RecordId, episode: number): string {
  return `cv-${reason}-${recordId}-${episode}`;
}

export function parseCvRef(
  cvRef: string,
): { reason: ReminderReason; recordId: RecordId; episode: number } | null {
  const [, reason, recordId, episode] = PATTERN.exec(cvRef) ?? [];
  if (reason === undefined || recordId === undefined) return null;
  return { reason, recordId, episode: Number(episode) };
}

export function withRef(description: string, cvRef: string): string {
  return `${description.trimEnd()}\n\nref: ${cvRef}`;
}

/** The description that we wrote, without its key. */
export function withoutRef(description: string, cvRef: string): string {
  const end = withRef('', cvRef);
  return description.endsWith(end) ? description.slice(0, -end.length).trimEnd() : description;
}

/**
 * A description with our old words replaced, and what people wrote around them kept; null where they rewrote ours.
 */
export function withNewWords(description: string | null, old: string, words: string): string | null {
  const text = (description ?? '').replaceAll('\r\n', '\n');
  return old !== '' && text.includes(old) ? text.replace(old, () => words) : null;
}

/** The key in a description's last line, whatever a person wrote above it; null when there is none. */
export function refIn(description: string | null): string | null {
  const lines = (description ?? '').split(/\r?\n/).map((line) => line.trim());
  const last = lines.findLast((line) => line.startsWith('ref: cv-'));
  return last ? last.slice('ref: '.length) : null;
}

/** The text with a line put in above the key, so that the key stays last. */
export function withNote(description: string | null, note: string, cvRef: string): string {
  const text = (description ?? '').replaceAll('\r\n', '\n');
  const lines = text.split('\n').filter((line) => line.trim() !== `ref: ${cvRef}`);
  return withRef(`${lines.join('\n').trimEnd()}\n\n${note}`.trimStart(), cvRef);
}
