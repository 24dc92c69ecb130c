import type { Day, Phase } from '../domain.ts';
import type { ScoreState } from '../scores.ts';
import type { ComputedPhase } from './phases.ts';

export interface SteadyPhase {
  readonly phase: Phase;
  readonly phaseSince: Day;
  /** The computed phase, where it waits for a second date. */
  readonly pendingPhase: ScoreState['pendingPhase'];
}

/**
 * A phase changes when two distinct dates agree (docs/scoring.md, "Phase"). At once: the first score, a new purchase, and
 * what is a fact and no judgement: becoming or ceasing to be a buyer at all, closed, notice, the end of a contract.
 */
export function steadyPhase(
  computed: ComputedPhase,
  prior: ScoreState | null,
  lastPurchase: Day | null,
  asOf: Day,
): SteadyPhase {
  const change = (): SteadyPhase => ({
    phase: computed.phase,
    phaseSince: computed.since ?? asOf,
    pendingPhase: null,
  });
  if (prior === null) return change();
  if (computed.phase === prior.phase) {
    return { phase: prior.phase, phaseSince: prior.phaseSince, pendingPhase: null };
  }
  const hasBought =
    lastPurchase !== null && (prior.lastPurchase === null || lastPurchase > prior.lastPurchase);
  const isFact = computed.isAtOnce || computed.phase === 'prospect' || prior.phase === 'prospect';
  if (hasBought || isFact) return change();
  const { pendingPhase } = prior;
  if (pendingPhase?.phase === computed.phase && pendingPhase.on < asOf) return change();
  const on = pendingPhase?.phase === computed.phase ? pendingPhase.on : asOf;
  return {
    phase: prior.phase,
    phaseSince: prior.phaseSince,
    pendingPhase: { phase: computed.phase, on },
  };
}
