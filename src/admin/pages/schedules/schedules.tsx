import { Alert, Button, Group, Paper, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPencil, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { DeedSwitch } from '../../parts/deed-switch.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import { EditSchedule } from './edit-schedule.tsx';
import { JOBS, ROUTE, type Schedule } from './routes.ts';

/** What runs by itself, and when next; changed, switched off, run now, or all of it paused. */
export default function Schedules() {
  const { t, i18n } = useTranslation(['schedules', 'common']);
  const { name: connection, org } = useConnection();
  const lang = (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
  const schedules = useApi(ROUTE, { path: { connection }, query: { lang, count: 3 } });
  useLiveEvents();
  return (
    <>
      <PageHeader
        title={t('common:pages.schedules')}
        lead={t('lead', { zone: org.timeZone })}
        actions={<Pause />}
      />
      <PageState
        query={schedules}
        empty={({ items }) =>
          items.length === 0 && (
            <Empty
              title={t('emptyTitle')}
              what={t('emptyWhat')}
              next={{ label: t('toRuns'), to: pagePath(connection, 'runs') }}
            />
          )
        }
      >
        {({ items }) => (
          <SimpleGrid cols={{ base: 1, lg: 2 }}>
            {items.map((schedule) => (
              <ScheduleCard key={schedule.job} schedule={schedule} />
            ))}
          </SimpleGrid>
        )}
      </PageState>
    </>
  );
}

function useJobWords(): (job: string) => string {
  const { t } = useTranslation(['runs']);
  return (job) => t(`runs:jobNames.${job}` as 'runs:jobNames.asked', { defaultValue: job });
}

function ScheduleCard({ schedule }: { readonly schedule: Schedule }) {
  const { t } = useTranslation(['schedules', 'runs']);
  const { name: connection, canWrite } = useConnection();
  const { time } = useFormats();
  const [isEdited, setEdited] = useState(false);
  const toggle = useWrite('PATCH /connections/{connection}/schedules/{job}', [ROUTE]);
  const runNow = useWrite('POST /connections/{connection}/schedules/{job}/run', [ROUTE, JOBS]);
  const { job, inWords, nextRuns, quietHours, enabled, lastRunAt, missed, timeZone } = schedule;
  const { org } = useConnection();
  const name = useJobWords()(job);
  const [next, ...later] = nextRuns;
  const error = toggle.error ?? runNow.error;
  return (
    <Paper component="section" withBorder p="md" aria-label={name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={2} size="h4">
            {name}
          </Title>
          <Text size="sm">
            {inWords}
            {timeZone !== org.timeZone && ` (${timeZone})`}
            {quietHours !== null && ` · ${t('quiet', { hours: quietHours })}`}
          </Text>
        </div>
        {canWrite ? (
          <DeedSwitch
            aria-label={t('onOff', { name })}
            isOn={enabled}
            pending={toggle.isPending ? (toggle.variables.body.enabled ?? null) : null}
            onTurn={(isOn) => toggle.mutate({ path: { connection, job }, body: { enabled: isOn } })}
          />
        ) : (
          <Text size="sm">{t(enabled ? 'on' : 'off')}</Text>
        )}
      </Group>
      <Stack gap={4} mt="sm">
        <Text size="sm">
          {next === undefined ? t('isOff') : <b>{t('next', { at: time(next) })}</b>}
          {later.length > 0 && ` · ${t('then', { at: later.map(time).join(' · ') })}`}
        </Text>
        <Text size="sm" c="dimmed">
          {lastRunAt === null ? t('never') : t('last', { at: time(lastRunAt) })}
          {missed > 0 && ` · ${t('missed', { count: missed })}`}
        </Text>
        {error && <ProblemAlert error={error} />}
        {canWrite && (
          <Group gap="xs" mt="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={14} />}
              onClick={() => setEdited(true)}
            >
              {t('edit.button')}
            </Button>
            <DeedButton
              size="xs"
              variant="default"
              leftSection={<IconPlayerPlay size={14} />}
              isPending={runNow.isPending}
              onClick={() =>
                runNow.mutate(
                  { path: { connection, job } },
                  { onSuccess: () => tellDone(t('started', { name })) },
                )
              }
            >
              {t('runNow')}
            </DeedButton>
          </Group>
        )}
      </Stack>
      {isEdited && <EditSchedule schedule={schedule} name={name} onClose={() => setEdited(false)} />}
    </Paper>
  );
}

/** Stops all jobs of the connection, with a reason for those who wonder. */
function Pause() {
  const { t } = useTranslation(['schedules', 'common']);
  const { name: connection, canWrite } = useConnection();
  const { time } = useFormats();
  const jobs = useApi(JOBS, { path: { connection }, query: { limit: 1 } });
  const pause = useWrite('PUT /connections/{connection}/pause', [JOBS]);
  const resume = useWrite('DELETE /connections/{connection}/pause', [JOBS]);
  const [isAsked, setAsked] = useState(false);
  const [why, setWhy] = useState('');
  if (jobs.data === undefined) {
    return jobs.error && <ProblemAlert error={jobs.error} onRetry={() => void jobs.refetch()} />;
  }
  const paused = jobs.data.pause;
  if (paused) {
    return (
      <Alert
        variant="default"
        icon={<IconPlayerPause />}
        title={t('pause.since', { since: time(paused.since) })}
      >
        <Group gap="xs">
          <Text size="sm">{paused.why}</Text>
          {canWrite && (
            <DeedButton
              size="xs"
              isPending={resume.isPending}
              onClick={() =>
                resume.mutate({ path: { connection } }, { onSuccess: () => tellDone(t('pause.resumed')) })
              }
            >
              {t('pause.resume')}
            </DeedButton>
          )}
          {resume.error && <ProblemAlert error={resume.error} />}
        </Group>
      </Alert>
    );
  }
  if (!canWrite) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconPlayerPause size={16} />} onClick={() => setAsked(true)}>
        {t('pause.button')}
      </Button>
      <Confirm
        isOpen={isAsked}
        title={t('pause.title')}
        deed={t('pause.deed')}
        isBusy={pause.isPending}
        error={pause.error}
        onConfirm={() =>
          pause.mutate({ path: { connection }, body: { why } }, { onSuccess: () => setAsked(false) })
        }
        onClose={() => setAsked(false)}
      >
        <Text size="sm">{t('pause.what')}</Text>
        <TextInput
          label={t('pause.why')}
          required
          value={why}
          onChange={({ currentTarget }) => setWhy(currentTarget.value)}
        />
      </Confirm>
    </>
  );
}
