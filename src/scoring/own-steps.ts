import type { OwnStep, ScoringRules } from '../rules.ts';
import type { Reason, Score } from '../scores.ts';
import { reason } from './reasons.ts';

/** Next steps that a firm words itself (docs/scoring.md, "Next step"): the first that fits goes before ours. */
export function withOwnStep(score: Score, { nextSteps }: Pick<ScoringRules, 'nextSteps'>): Score {
  const own = nextSteps.find((step) => fits(step, score));
  if (!own) return score;
  return { ...score, nextStep: stepOf(own) };
}

function stepOf({ step }: OwnStep): Reason {
  return step === 'nothing' ? reason('next.nothing') : reason('next.own', { ...step });
}

function winBackOf(subPhase: Score['subPhase']): 'win_back' | null {
  return subPhase === 'win_back_running' ? 'win_back' : null;
}

function fits(own: OwnStep, { phase, subPhase, tier, gold, reasons, nextStep }: Score): boolean {
  // A win-back stays one when somebody is at it.
  const isSame = own.phase === phase || own.phase === subPhase || own.phase === winBackOf(subPhase);
  if (own.phase !== undefined && !isSame) return false;
  if (own.tier !== undefined && own.tier !== tier) return false;
  if (own.gold !== undefined && own.gold !== gold) return false;
  return (
    own.reason === undefined ||
    own.reason === nextStep?.code ||
    reasons.some(({ code }) => code === own.reason)
  );
}
