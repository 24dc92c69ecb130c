import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../api/call.ts';
import { Marker } from './bar-list.tsx';

/** Kinds and states of runs in words; the word alone says it all. */

export type Run = AnswerOf<'GET /connections/{connection}/runs'>['items'][number];
export type RunState = Run['state'];
export const RUN_STATES: readonly RunState[] = ['running', 'done', 'partial', 'failed'];
export const RUN_KINDS = [
  'sync',
  'fit',
  'score',
  'plan',
  'apply',
  'undo',
  'undo-preview',
  'what-if',
  'assess',
  'fields-plan',
  'fields',
  'reconcile',
  'doctor',
] as const;

const COLOURS: { readonly [S in RunState]: string } = {
  running: 'cyan.6',
  done: 'teal.7',
  partial: 'yellow.6',
  failed: 'red.7',
};

export function RunStateBadge({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  return (
    <Badge variant="default" miw="max-content" tt="none" leftSection={<Marker colour={COLOURS[state]} />}>
      {t(`runStates.${state}`)}
    </Badge>
  );
}

/** A kind that these pages do not know is shown as it is. */
export function useKindWords(): (kind: string) => string {
  const { t } = useTranslation();
  return (kind) => {
    const known = RUN_KINDS.find((one) => one === kind);
    return known ? t(`runKinds.${known}`) : kind;
  };
}
