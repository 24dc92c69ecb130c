import { Button, Group, Radio, Stack, Switch, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { type ConnectionDetail, useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import type { StepProps } from './reports.ts';

const ROUTE = 'GET /connections/{connection}/schedules';
const SET_UP = 'GET /connections/{connection}/set-up';
type Schedule = AnswerOf<typeof ROUTE>['items'][number];
type Mode = ConnectionDetail['mode'];

/** What runs by itself from now on, and whether it may write without being asked. */
export function ScheduleStep(_props: StepProps) {
  const { t, i18n } = useTranslation('setUp');
  const { name: connection, canWrite } = useConnection();
  const lang = (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
  const schedules = useApi(ROUTE, { path: { connection }, query: { lang, count: 1 } });
  const columns = useColumns();
  return (
    <>
      <PageState query={schedules}>
        {({ items }) => (
          <DataTable label={t('schedule.table')} columns={columns} rows={items} keyOf={({ job }) => job} />
        )}
      </PageState>
      {canWrite && <ModeChoice />}
      <Group>
        <Button component={Link} href={pagePath(connection, 'overview')} variant="default">
          {t('schedule.toOverview')}
        </Button>
        <Button component={Link} href={pagePath(connection, 'schedules')} variant="default">
          {t('schedule.toSchedules')}
        </Button>
      </Group>
    </>
  );
}

function useColumns(): readonly Column<Schedule>[] {
  const { t } = useTranslation('setUp');
  const { time } = useFormats();
  return useMemo(
    () => [
      {
        id: 'job',
        header: t('schedule.job'),
        cell: ({ job }) => jobName(t(`schedule.jobs.${job}` as never), job),
      },
      { id: 'when', header: t('schedule.when'), cell: ({ inWords }) => inWords },
      { id: 'next', header: t('schedule.next'), isWide: true, cell: ({ nextRuns }) => time(nextRuns[0]) },
      { id: 'on', header: t('schedule.on'), cell: (row) => <OnOff row={row} /> },
    ],
    [t, time],
  );
}

/** A job that came later than these texts keeps its own name. */
function jobName(text: string, job: string): string {
  return text.endsWith(`.${job}`) ? job : text;
}

function OnOff({ row: { job, enabled } }: { readonly row: Schedule }) {
  const { t } = useTranslation('setUp');
  const { name: connection, canWrite } = useConnection();
  const write = useWrite('PATCH /connections/{connection}/schedules/{job}', [ROUTE, SET_UP]);
  return (
    <>
      <Switch
        checked={enabled}
        disabled={!canWrite || write.isPending}
        aria-label={t('schedule.switch', { job })}
        onChange={({ currentTarget }) =>
          write.mutate({ path: { connection, job }, body: { enabled: currentTarget.checked } })
        }
      />
      {write.error && <ProblemAlert error={write.error} />}
    </>
  );
}

function ModeChoice() {
  const { t } = useTranslation(['setUp', 'common']);
  const { name: connection, mode, org } = useConnection();
  const [asked, setAsked] = useState<Mode | null>(null);
  const write = useWrite('PUT /connections/{connection}/mode', ['GET /connections/{connection}', SET_UP]);
  return (
    <>
      <Radio.Group
        label={t('schedule.mode')}
        value={mode}
        onChange={(value) => setAsked(MODES.find((known) => known === value) ?? null)}
      >
        <Stack gap={8} mt="xs">
          {MODES.map((id) => (
            <Radio
              key={id}
              value={id}
              label={t(`common:modes.${id}`)}
              description={t(`common:modesWhat.${id}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Confirm
        isOpen={asked !== null}
        title={t('schedule.modeAsk', { org: org.name })}
        deed={asked === null ? '' : t(`common:modes.${asked}`)}
        isDangerous={asked === 'auto'}
        isBusy={write.isPending}
        error={write.error}
        onClose={() => setAsked(null)}
        onConfirm={() => {
          if (asked !== null)
            write.mutate(
              { path: { connection }, body: { mode: asked } },
              { onSuccess: () => setAsked(null) },
            );
        }}
      >
        <Text>{asked === null ? '' : t(`common:modesWhat.${asked}`)}</Text>
      </Confirm>
    </>
  );
}
const MODES: readonly Mode[] = ['read-only', 'manual', 'auto'];
