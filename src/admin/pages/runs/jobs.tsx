import { Alert, Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

const ROUTE = 'GET /connections/{connection}/jobs';
type Job = AnswerOf<typeof ROUTE>['items'][number];
const REFRESH_MS = 5_000;
const MOST_SHOWN = 10;

/** What waits, works or gave up; nothing is shown where there is none of it. */
export function Jobs() {
  const { t } = useTranslation('runs');
  const { name: connection } = useConnection();
  const { time } = useFormats();
  const jobs = useApi(
    ROUTE,
    { path: { connection }, query: { limit: 50 } },
    { refetchMs: ({ items }) => (items.some(({ state }) => state !== 'dead') ? REFRESH_MS : null) },
  );
  if (jobs.error) return <ProblemAlert error={jobs.error} onRetry={() => void jobs.refetch()} />;
  const { items = [], pause = null } = jobs.data ?? {};
  return (
    <>
      {pause && (
        <Alert
          variant="default"
          icon={<IconPlayerPause />}
          title={t('jobs.paused', { since: time(pause.since) })}
        >
          <Group gap="xs">
            <Text size="sm">{pause.why}</Text>
            <Button component={Link} href={pagePath(connection, 'schedules')} size="xs" variant="default">
              {t('jobs.toSchedules')}
            </Button>
          </Group>
        </Alert>
      )}
      {items.length > 0 && (
        <Paper component="section" withBorder p="md" aria-label={t('jobs.title')}>
          <Title order={2} size="h4" mb="xs">
            {t('jobs.title')}
          </Title>
          <Table.ScrollContainer minWidth={320}>
            <Table aria-label={t('jobs.title')}>
              <Table.Tbody>
                {items.slice(0, MOST_SHOWN).map((job) => (
                  <JobRow key={job.id} job={job} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {items.length > MOST_SHOWN && (
            <Text size="sm" c="dimmed">
              {t('jobs.more', { count: items.length - MOST_SHOWN })}
            </Text>
          )}
        </Paper>
      )}
    </>
  );
}

function JobRow({ job }: { readonly job: Job }) {
  const { t } = useTranslation('runs');
  const { name: connection, canWrite } = useConnection();
  const { time } = useFormats();
  const retry = useWrite('POST /connections/{connection}/dead-jobs/{deadJob}/retry', [ROUTE]);
  const forget = useWrite('DELETE /connections/{connection}/dead-jobs/{deadJob}', [ROUTE]);
  const path = { connection, deadJob: job.id };
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {t(`jobNames.${job.name}` as 'jobNames.asked', { defaultValue: job.name })}
      </Table.Th>
      <Table.Td>
        {t(`jobs.states.${job.state}`, { at: time(job.state === 'dead' ? job.diedAt : job.runAt) })}
      </Table.Td>
      <Table.Td>
        <Stack gap={4}>
          {job.lastError !== null && <Text size="sm">{job.lastError}</Text>}
          {(retry.error ?? forget.error) && <ProblemAlert error={retry.error ?? forget.error} />}
          {job.state === 'dead' && canWrite && (
            <Group gap="xs">
              <DeedButton
                size="xs"
                variant="default"
                isPending={retry.isPending}
                onClick={() => retry.mutate({ path }, { onSuccess: () => tellDone(t('jobs.retried')) })}
              >
                {t('jobs.retry')}
              </DeedButton>
              <DeedButton
                size="xs"
                variant="default"
                isPending={forget.isPending}
                onClick={() => forget.mutate({ path }, { onSuccess: () => tellDone(t('jobs.forgotten')) })}
              >
                {t('jobs.forget')}
              </DeedButton>
            </Group>
          )}
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}
