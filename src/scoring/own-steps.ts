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

function fits(own: OwnStep, { phase, subPhase, tier, gold, reasons, nextStep }: Score): boolean {
  if (own.phase !== undefined && own.phase !== phase && own.phase !== subPhase) return false;
  if (own.tier !== undefined && own.tier !== tier) return false;
  if (own.gold !== undefined && own.gold !== gold) return false;
  return (
    own.reason === undefined ||
    own.reason === nextStep?.code ||
    reasons.some(({ code }) => code === own.reason)
  );
}
