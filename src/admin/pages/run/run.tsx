import { Alert, Button, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'wouter';
import { useApi } from '../../api/hooks.ts';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { RunStateBadge, useKindWords } from '../../parts/run-state.tsx';
import { StatCard } from '../../parts/stat-card.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { Details } from './details.tsx';
import { Failed } from './failed.tsx';
import { Requests } from './requests.tsx';
import { RUN_ROUTE } from './routes.ts';
import { Undo } from './undo.tsx';

const REFRESH_MS = 2_000;

/** One run: how far it is, what it did and spent, what Zoho refused, and taking it back. */
export default function Run() {
  const { t } = useTranslation(['run', 'common']);
  const { name: connection } = useConnection();
  const { run: id = '' } = useParams();
  const { number, time, duration } = useFormats();
  const kindWords = useKindWords();
  const run = useApi(
    RUN_ROUTE,
    { path: { connection, run: id } },
    { refetchMs: ({ state }) => (state === 'running' ? REFRESH_MS : null) },
  );
  useLiveEvents();
  return (
    <>
      {run.data === undefined && <PageHeader title={t('common:pages.run')} />}
      <PageState query={run} elsewhere={{ label: t('common:goTo.runs'), to: pagePath(connection, 'runs') }}>
        {(data) => (
          <>
            <PageHeader
              title={t('title', { kind: kindWords(data.kind), id })}
              lead={
                <>
                  <RunStateBadge state={data.state} /> {t('started', { at: time(data.startedAt) })}
                </>
              }
              actions={
                <>
                  {(data.plan ?? data.apply) && (
                    <Button
                      component={Link}
                      variant="default"
                      href={pagePath(connection, 'plan', { plan: (data.plan ?? data.apply)?.planId ?? '' })}
                    >
                      {t('toPlan')}
                    </Button>
                  )}
                  <Undo run={data} />
                </>
              }
            />
            <Stack gap="lg">
              {data.error !== null && (
                <Alert variant="default" role="alert" icon={<IconAlertTriangle />} title={t('failedBecause')}>
                  {data.error}
                </Alert>
              )}
              <SimpleGrid cols={{ base: 1, xs: 3 }}>
                <StatCard
                  title={t('took')}
                  value={duration(data.startedAt, data.finishedAt)}
                  what={data.finishedAt === null ? t('runsStill') : t('ended', { at: time(data.finishedAt) })}
                />
                <StatCard title={t('calls')} value={number(data.calls)} what={t('callsWhat')} />
                <StatCard title={t('credits')} value={number(data.credits)} what={t('creditsWhat')} />
              </SimpleGrid>
              {data.state === 'running' && data.progress && (
                <div>
                  <Text size="sm" role="status">
                    {t('progress', { done: number(data.progress.done), of: number(data.progress.of) })}
                  </Text>
                  <Progress
                    mt={4}
                    value={data.progress.of === 0 ? 100 : (100 * data.progress.done) / data.progress.of}
                    aria-label={t('progressLabel')}
                  />
                </div>
              )}
              <Details run={data} />
              {data.kind === 'apply' && <Failed run={data} />}
              <Requests run={data} />
            </Stack>
          </>
        )}
      </PageState>
    </>
  );
}
