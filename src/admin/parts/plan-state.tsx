import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../api/call.ts';
import { Marker } from './bar-list.tsx';

/** Where a plan stands; the word alone says it all. */

export type PlanState = AnswerOf<'GET /connections/{connection}/plans'>['items'][number]['state'];

const COLOURS: { readonly [S in PlanState]: string } = {
  building: 'cyan.6',
  open: 'blue.6',
  held: 'orange.6',
  approved: 'teal.5',
  applying: 'cyan.6',
  applied: 'teal.7',
  rejected: 'red.7',
  superseded: 'gray.5',
  expired: 'gray.5',
  discarded: 'gray.5',
};

export function PlanStateBadge({ state }: { readonly state: PlanState }) {
  const { t } = useTranslation();
  return (
    <Badge variant="default" miw="max-content" tt="none" leftSection={<Marker colour={COLOURS[state]} />}>
      {t(`planStates.${state}`)}
    </Badge>
  );
}
