import type { Day, Phase, PhaseOverride, SubPhase } from '../domain.ts';
import type { Reason } from '../scores.ts';
import { type PhaseInput, subPhaseOf } from './phases.ts';
import { reason } from './reasons.ts';

/**
 * A phase that a person set is shown instead of the computed one until its last day. The computed one goes on behind it,
 * stands beside it, and is shown again by itself.
 */

interface ShownPhase {
  readonly phase: Phase;
  readonly subPhase: SubPhase | null;
  readonly phaseSince: Day;
}

/** Without a sub-phase of its own it has that of the rules. */
export function overridden(
  override: PhaseOverride | null,
  computed: ShownPhase,
  input: PhaseInput,
): ShownPhase {
  if (override === null) return computed;
  const { phase, setOn } = override;
  return { phase, subPhase: override.subPhase ?? subPhaseOf(phase, input), phaseSince: setOn };
}

export function overrideReasons(
  override: PhaseOverride | null,
  computed: Pick<ShownPhase, 'phase' | 'subPhase'>,
): Reason[] {
  if (override === null) return [];
  const { phase, subPhase, reason: why, by, setOn, until } = override;
  const shown = subPhase === 'closed' ? subPhase : phase;
  return [
    reason('phase.override', { phase: shown, why, by, on: setOn, until }),
    reason('phase.override.computed', { phase: computed.phase }),
  ];
}
