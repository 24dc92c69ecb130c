import { Anchor, Group, NativeSelect, Stack } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { FIRST_PAGE, useCursorPages } from '../../parts/cursor-pages.ts';
import type { Column } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty } from '../../parts/page-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { RUN_KINDS, RUN_STATES, type Run, RunStateBadge, useKindWords } from '../../parts/run-state.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { Jobs } from './jobs.tsx';
import { Stages } from './stages.tsx';
import { StartRun } from './start-run.tsx';

const ROUTE = 'GET /connections/{connection}/runs';

/** What was done and how it went, newest first; it follows by itself what happens meanwhile. */
export default function Runs() {
  const { t } = useTranslation(['runs', 'common']);
  const { name: connection, canWrite } = useConnection();
  const [filter, setUrl] = useUrlState({ kind: '', state: '' });
  const pages = useCursorPages();
  const query = Object.fromEntries(
    Object.entries({ ...filter, limit: 25, cursor: pages.cursor }).filter(([, value]) => value !== ''),
  ) as InputOf<typeof ROUTE>['query']; // by the names of the address, which the server checks
  const runs = useApi(ROUTE, { path: { connection }, query }, { isKept: true });
  useLiveEvents();
  const columns = useColumns(connection);
  const kindWords = useKindWords();
  const isFiltered = filter.kind !== '' || filter.state !== '';
  return (
    <>
      <PageHeader title={t('common:pages.runs')} lead={t('lead')} actions={canWrite && <StartRun />} />
      <Stack gap="lg">
        <Stages />
        <Jobs />
        <section aria-label={t('common:pages.runs')}>
          <Group align="flex-end" mb="md" gap="sm" role="search">
            <NativeSelect
              label={t('kind')}
              value={filter.kind}
              data={[
                { value: '', label: t('any') },
                ...RUN_KINDS.map((value) => ({ value, label: kindWords(value) })),
              ]}
              onChange={({ currentTarget }) => setUrl({ kind: currentTarget.value, ...FIRST_PAGE })}
            />
            <NativeSelect
              label={t('state')}
              value={filter.state}
              data={[
                { value: '', label: t('any') },
                ...RUN_STATES.map((value) => ({ value, label: t(`common:runStates.${value}`) })),
              ]}
              onChange={({ currentTarget }) => setUrl({ state: currentTarget.value, ...FIRST_PAGE })}
            />
          </Group>
          <PagedTable
            query={runs}
            pages={pages}
            empty={
              <Empty
                title={t(isFiltered ? 'noneTitle' : 'emptyTitle')}
                what={t(isFiltered ? 'noneWhat' : 'emptyWhat')}
                {...(isFiltered
                  ? {}
                  : { next: { label: t('common:goTo.setUp'), to: pagePath(connection, 'setUp') } })}
              />
            }
            label={t('common:pages.runs')}
            columns={columns}
            keyOf={({ id }) => id}
          />
        </section>
      </Stack>
    </>
  );
}

function useColumns(connection: string): readonly Column<Run>[] {
  const { t } = useTranslation('runs');
  const kindWords = useKindWords();
  const { number, time, duration } = useFormats();
  return useMemo(
    () => [
      {
        id: 'run',
        header: t('run'),
        cell: ({ id, kind }) => (
          <Anchor component={Link} href={pagePath(connection, 'run', { run: id })} fw={500} size="sm">
            {t('name', { kind: kindWords(kind), id })}
          </Anchor>
        ),
      },
      { id: 'state', header: t('state'), cell: ({ state }) => <RunStateBadge state={state} /> },
      {
        id: 'started',
        header: t('started'),
        cell: ({ startedAt }) => <span className="whole">{time(startedAt)}</span>,
      },
      {
        id: 'took',
        header: t('took'),
        isNumber: true,
        isWide: true,
        cell: ({ startedAt, finishedAt }) => duration(startedAt, finishedAt),
      },
      { id: 'calls', header: t('calls'), isNumber: true, isWide: true, cell: ({ calls }) => number(calls) },
      { id: 'credits', header: t('credits'), isNumber: true, cell: ({ credits }) => number(credits) },
    ],
    [t, connection, kindWords, number, time, duration],
  );
}
