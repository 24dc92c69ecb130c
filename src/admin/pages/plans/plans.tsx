import { Anchor, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { useCursorPages } from '../../parts/cursor-pages.ts';
import type { Column } from '../../parts/data-table.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty } from '../../parts/page-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { PlanStateBadge } from '../../parts/plan-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

const ROUTE = 'GET /connections/{connection}/plans';
type Row = AnswerOf<typeof ROUTE>['items'][number];

/** What would be written into Zoho, newest first: what waits for a decision, at what price. */
export default function Plans() {
  const { t } = useTranslation(['plans', 'common']);
  const { name: connection, canWrite } = useConnection();
  const pages = useCursorPages();
  const plans = useApi(
    ROUTE,
    { path: { connection }, query: { limit: 25, ...(pages.cursor ? { cursor: pages.cursor } : {}) } },
    { isKept: true },
  );
  const make = useWrite('POST /connections/{connection}/plans', [ROUTE]);
  useLiveEvents();
  const columns = useColumns(connection);
  return (
    <>
      <PageHeader
        title={t('common:pages.plans')}
        lead={t('lead')}
        actions={
          canWrite && (
            <DeedButton
              leftSection={<IconPlus size={16} />}
              isPending={make.isPending}
              onClick={() =>
                make.mutate({ path: { connection } }, { onSuccess: () => tellDone(t('making')) })
              }
            >
              {t('make')}
            </DeedButton>
          )
        }
      />
      {make.error && <ProblemAlert error={make.error} />}
      <PagedTable
        query={plans}
        pages={pages}
        empty={
          <Empty
            title={t('emptyTitle')}
            what={t('emptyWhat')}
            next={{ label: t('toRuns'), to: pagePath(connection, 'runs') }}
          />
        }
        label={t('common:pages.plans')}
        columns={columns}
        keyOf={({ id }) => id}
      />
    </>
  );
}

function useColumns(connection: string): readonly Column<Row>[] {
  const { t } = useTranslation('plans');
  const { number, day, time } = useFormats();
  return useMemo(
    () => [
      {
        id: 'plan',
        header: t('plan'),
        cell: ({ id }) => (
          <Anchor component={Link} href={pagePath(connection, 'plan', { plan: id })} fw={500} size="sm">
            {t('name', { id })}
          </Anchor>
        ),
      },
      {
        id: 'state',
        header: t('state'),
        cell: ({ state, summary }) => (
          <>
            <PlanStateBadge state={state} />
            {state === 'held' && summary?.held && (
              <Text size="xs" mt={2}>
                {t(`holdShort.${summary.held.reason}` as 'holdShort.undone', {
                  defaultValue: summary.held.reason,
                })}
              </Text>
            )}
          </>
        ),
      },
      {
        id: 'made',
        header: t('made'),
        cell: ({ createdAt }) => <span className="whole">{time(createdAt)}</span>,
      },
      { id: 'asOf', header: t('asOf'), isWide: true, cell: ({ asOf }) => day(asOf) },
      {
        id: 'changes',
        header: t('fieldChanges'),
        isNumber: true,
        cell: ({ summary }) => number(summary?.fieldChanges),
      },
      {
        id: 'records',
        header: t('records'),
        isNumber: true,
        isWide: true,
        cell: ({ summary }) => number(summary?.records),
      },
      {
        id: 'tasks',
        header: t('newTasks'),
        isNumber: true,
        cell: ({ summary }) => number(summary?.tasks.create),
      },
      {
        id: 'credits',
        header: t('credits'),
        isNumber: true,
        cell: ({ summary }) => number(summary?.credits),
      },
    ],
    [t, connection, number, day, time],
  );
}
