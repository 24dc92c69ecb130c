import type { OpenReminder, ReminderDraft } from '../changes.ts';
import { withNewWords, withNote, withoutRef } from '../plan/cv-ref.ts';

/** Our words in the description of an open task, brought up to date around what people wrote. */

/** Null: it stays, for nothing of ours changed, or people rewrote it. That a task is overdue is told in any case. */
export function newDescription(
  text: string | null,
  was: OpenReminder,
  draft: ReminderDraft,
): { readonly description: string; readonly isWritten: boolean } | null {
  if (was.stable === draft.stable) return null;
  const words = withoutRef(draft.description, draft.cvRef);
  // Written before, by a call whose answer was lost.
  if (plainText(text).includes(words)) return { description: text ?? '', isWritten: true };
  const replaced = withNewWords(text, was.body ?? '', words);
  if (replaced !== null) return { description: replaced, isWritten: false };
  if (draft.escalatedOn === null || was.escalatedOn) return null;
  const [overdue = ''] = words.split('\n');
  return { description: withNote(text, overdue, draft.cvRef), isWritten: false };
}

/** As people's own editors may have left its ends of lines. */
export const plainText = (text: string | null | undefined): string =>
  (text ?? '').replaceAll('\r\n', '\n').trim();
