import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../api/call.ts';
import { Marker } from './bar-list.tsx';

/** Tiers, phases and states of contact in words and colours; the word alone says it all. */

type Listed = AnswerOf<'GET /connections/{connection}/customers'>['items'][number];
export type Tier = Listed['tier'];
export type Phase = Listed['phase'];
export type SubPhase = NonNullable<Listed['subPhase']>;
export type ContactStatus = NonNullable<Listed['contactStatus']>;

export const TIERS: readonly Tier[] = ['top', 'good', 'marginal', 'loss_making', 'none'];
export const PHASES: readonly Phase[] = ['prospect', 'new', 'established', 'loyal', 'leaving', 'lost'];
export const CONTACT_STATUSES: readonly ContactStatus[] = ['on_plan', 'due', 'overdue', 'silent'];

export const TIER_COLOURS: { readonly [T in Tier]: string } = {
  top: 'teal.7',
  good: 'blue.6',
  marginal: 'yellow.6',
  loss_making: 'red.7',
  none: 'gray.5',
};
export const PHASE_COLOURS: { readonly [P in Phase]: string } = {
  prospect: 'gray.5',
  new: 'cyan.6',
  established: 'blue.6',
  loyal: 'teal.7',
  leaving: 'orange.6',
  lost: 'red.7',
};

export function TierBadge({ tier }: { readonly tier: Tier }) {
  const { t } = useTranslation();
  return (
    <Badge variant="default" miw="max-content" tt="none" leftSection={<Marker colour={TIER_COLOURS[tier]} />}>
      {t(`tiers.${tier}`)}
    </Badge>
  );
}

/** The part of a phase says more than the phase and stands beside it. */
export function PhaseWords({
  phase,
  subPhase,
}: {
  readonly phase: Phase;
  readonly subPhase: SubPhase | null;
}) {
  const { t } = useTranslation();
  return subPhase === null ? t(`phases.${phase}`) : `${t(`phases.${phase}`)} · ${t(`subPhases.${subPhase}`)}`;
}

export function ContactWords({ status }: { readonly status: ContactStatus | null }) {
  const { t } = useTranslation();
  if (status === null) return null;
  const colour = status === 'on_plan' ? 'inherit' : 'var(--mantine-color-error)';
  return <span style={{ color: colour }}>{t(`contactStatuses.${status}`)}</span>;
}
