import type { Score } from '../scores.ts';
import type { Format } from './format.ts';
import { renderReason } from './reasons.ts';
import { clip, fill, oneLine } from './template.ts';

export type { Format } from './format.ts';

/** What we write into Zoho: dates instead of day counts and ranks, so that nothing changes without an event. */

/** Characters of a text field, and of a task's subject. */
export const FIELD_LENGTH = 255;
const EXPLANATION_LENGTH = 2000;

export function renderNextStep(score: Score, format: Format): string {
  return score.nextStep === null ? '' : clip(renderReason(score.nextStep, format), FIELD_LENGTH);
}

/** A lost customer worth winning back has a name of its own. */
export function shownPhase(score: Score): string {
  const isWinBack = score.subPhase === 'win_back' || score.subPhase === 'win_back_running';
  return isWinBack ? 'win_back' : score.phase;
}

/** Channel, direction and subject of the last contact; null without one. */
export function renderContactSummary(score: Score, format: Format): string | null {
  if (score.lastContact === null) return null;
  const subject = score.lastContactSubject ? oneLine(score.lastContactSubject, FIELD_LENGTH) : null;
  const text = fill(
    '{channel:channel}, {direction:direction}',
    { channel: score.lastContactChannel, direction: score.lastContactDirection },
    format,
  );
  return clip(subject ? `${text}: ${subject}` : text, FIELD_LENGTH);
}

/** Reasons in order of worth; the last ones give way when 2,000 characters are not enough. */
const IN_EXPLANATION = [
  'tier.',
  'gold.',
  'money.window',
  'phase.',
  'signal.',
  'contact.',
  'goodwill.',
  'contribution.',
  'outlook.',
  'relationship.',
  'source.',
  'cadence.',
  'money.',
  'family.',
  'model.',
] as const;

export function renderExplanation(score: Score, format: Format): string {
  const placeOf = (code: string) => IN_EXPLANATION.findIndex((prefix) => code.startsWith(prefix));
  const lines = score.reasons
    .map((reason, index) => ({ reason, index, place: placeOf(reason.code) }))
    .filter(({ place }) => place >= 0)
    .sort((left, right) => left.place - right.place || left.index - right.index)
    .map(({ reason }) => renderReason(reason, format));
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length - 1 > EXPLANATION_LENGTH) break;
    kept.push(line);
  }
  return kept.join('\n');
}
