import { Button, Group } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeedSwitch } from '../../parts/deed-switch.tsx';
import { useFormats } from '../../parts/formats.ts';
import { ModeChoice } from '../../parts/mode-choice.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import type { StepProps } from './reports.ts';

const ROUTE = 'GET /connections/{connection}/schedules';
const SET_UP = 'GET /connections/{connection}/set-up';
type Schedule = AnswerOf<typeof ROUTE>['items'][number];

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
      <DeedSwitch
        aria-label={t('schedule.switch', { job })}
        isOn={enabled}
        pending={write.isPending ? (write.variables.body.enabled ?? null) : null}
        isReadOnly={!canWrite}
        onTurn={(isOn) => write.mutate({ path: { connection, job }, body: { enabled: isOn } })}
      />
      {write.error && <ProblemAlert error={write.error} />}
    </>
  );
}
