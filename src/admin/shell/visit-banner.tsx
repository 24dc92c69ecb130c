import { Alert, Anchor, Group, Text } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useApi, useWrite } from '../api/hooks.ts';
import { DeedButton } from '../parts/deed-button.tsx';
import { useFormats } from '../parts/formats.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { pagePath } from './addresses.ts';
import { useConnection } from './connection.tsx';
import { useMe } from './session.tsx';

/** An operator looks at a connection to help (ADR 0042): both sides see it on every page, as long as it lasts. */

/** For the operator: where, why, until when, and the way out, also when its time is over and nothing is seen any more. */
export function OwnVisit() {
  const { t } = useTranslation();
  const { time } = useFormats();
  const { visit } = useMe();
  const queries = useQueryClient();
  const leave = useWrite('DELETE /me/support-visit', []);
  if (visit === null) return null;
  const { connection, reason, until, isOver } = visit;
  return (
    <Alert
      variant="default"
      role="status"
      icon={<IconEye />}
      title={t(isOver ? 'visit.over' : 'visit.own', { connection })}
      mb="md"
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {t(isOver ? 'visit.overWhat' : 'visit.ownWhat', { reason, until: time(until) })}
        </Text>
        <DeedButton
          size="xs"
          variant="default"
          isPending={leave.isPending}
          // Another person, as it were: all that was read is read anew.
          onClick={() => leave.mutate({}, { onSuccess: () => void queries.resetQueries() })}
        >
          {t('visit.leave')}
        </DeedButton>
      </Group>
      {leave.error && <ProblemAlert error={leave.error} />}
    </Alert>
  );
}

const LOOK_AGAIN_MS = 60_000;

/** For the people of the connection: who looks, why and until when; it is ended on the page of access. */
export function OpenVisits() {
  const { t } = useTranslation();
  const { time } = useFormats();
  const { visit } = useMe();
  const { name: connection } = useConnection();
  const visits = useApi(
    'GET /connections/{connection}/support-visits',
    { path: { connection } },
    { isAsked: visit === null, refetchMs: () => LOOK_AGAIN_MS },
  );
  const open = (visit === null && visits.data?.items.filter(({ isOpen }) => isOpen)) || [];
  return open.map(({ id, by, reason, until }) => (
    <Alert
      key={id}
      variant="default"
      role="status"
      icon={<IconEye />}
      title={t('visit.theirs', { by })}
      mb="md"
    >
      <Text size="sm">
        {t('visit.theirsWhat', { reason, until: time(until) })}{' '}
        <Anchor component={Link} href={pagePath(connection, 'access')} inherit underline="always">
          {t('visit.toAccess')}
        </Anchor>
      </Text>
    </Alert>
  ));
}
