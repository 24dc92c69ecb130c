import { Anchor, List, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { useCursorPages } from '../../parts/cursor-pages.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { usePauseReason } from '../../parts/pause-reason.ts';
import { Section } from '../../parts/section.tsx';
import { StatCard } from '../../parts/stat-card.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Assessment } from '../set-up/reports.ts';

const DEALS = 'GET /connections/{connection}/quality/unmatched-deals';
const SET_ASIDE = 'GET /connections/{connection}/quality/quarantine';
type Deal = AnswerOf<typeof DEALS>['items'][number];
type Row = AnswerOf<typeof SET_ASIDE>['items'][number];

/** On what the numbers rest; money that no customer explains stands first. */
export default function Quality() {
  const { t } = useTranslation(['quality', 'common']);
  const { name: connection } = useConnection();
  const { number } = useFormats();
  const reasonOf = usePauseReason();
  const quality = useApi('GET /connections/{connection}/quality', { path: { connection } });
  return (
    <>
      <PageHeader title={t('common:pages.quality')} lead={t('lead')} />
      <PageState query={quality}>
        {({ unmatchedDeals, quarantined, mappings }) => (
          <Stack>
            {unmatchedDeals === null ? (
              <Empty
                title={t('emptyTitle')}
                what={t('emptyWhat')}
                next={{ label: t('common:goTo.runs'), to: pagePath(connection, 'runs') }}
              />
            ) : (
              <>
                <SimpleGrid cols={{ base: 1, sm: 3 }}>
                  <StatCard title={t('unmatched')} value={number(unmatchedDeals)} what={t('unmatchedWhat')} />
                  <StatCard
                    title={t('setAside')}
                    value={number(Object.values(quarantined).reduce((sum, rows) => sum + rows, 0))}
                    what={Object.entries(quarantined)
                      .map(([module, rows]) => t('ofModule', { module, rows: number(rows) }))
                      .join(', ')}
                  />
                  <StatCard title={t('paused')} value={number(mappings.length)} what={t('pausedWhat')} />
                </SimpleGrid>
                <Unmatched />
              </>
            )}{' '}
            <LastLook />
            {mappings.length > 0 && (
              <Section title={t('paused')}>
                <List size="sm">
                  {mappings.map(({ module, input, reason, repair }) => (
                    <List.Item key={`${module} ${input}`}>
                      {t('mapping', { module, input, reason: reasonOf(reason), repair: repair ?? '' })}
                    </List.Item>
                  ))}
                </List>
              </Section>
            )}
            {(unmatchedDeals !== null || Object.keys(quarantined).length > 0) && <SetAside />}
          </Stack>
        )}
      </PageState>
    </>
  );
}

function Unmatched() {
  const { t } = useTranslation('quality');
  const { name: connection } = useConnection();
  const deals = useApi(DEALS, { path: { connection } });
  const columns = useMemo<readonly Column<Deal>[]>(
    () => [
      { id: 'name', header: t('deal'), cell: ({ name }) => name },
      {
        id: 'amount',
        header: t('amount'),
        isNumber: true,
        cell: ({ amount, currency }) => (amount === null ? '–' : `${amount} ${currency ?? ''}`),
      },
      { id: 'stage', header: t('stage'), cell: ({ stage }) => stage ?? '–' },
      { id: 'id', header: t('recordId'), isWide: true, cell: ({ id }) => id },
    ],
    [t],
  );
  return (
    <Section title={t('unmatchedDeals')} what={t('unmatchedRepair')}>
      <PageState
        query={deals}
        empty={({ items }) => items.length === 0 && <Text c="dimmed">{t('allMatched')}</Text>}
      >
        {({ items, isComplete }) => (
          <>
            <DataTable label={t('unmatchedDeals')} columns={columns} rows={items} keyOf={({ id }) => id} />
            {!isComplete && <Text size="sm">{t('andMore')}</Text>}
          </>
        )}
      </PageState>
    </Section>
  );
}

/** What only a look into the org can tell, as of the last one. */
function LastLook() {
  const { t } = useTranslation(['quality', 'common']);
  const { name: connection } = useConnection();
  const { number, time } = useFormats();
  const runs = useApi('GET /connections/{connection}/runs', {
    path: { connection },
    query: { kind: 'assess', limit: 1 },
  });
  return (
    <Section title={t('look')} what={t('lookWhat')}>
      <PageState
        query={runs}
        empty={({ items }) =>
          !items[0] || items[0].state === 'failed' || items[0].summary === null ? (
            <Text c="dimmed">
              {t('noLook')}{' '}
              <Anchor component={Link} href={`${pagePath(connection, 'setUp')}?step=assess`} size="sm">
                {t('common:goTo.setUp')}
              </Anchor>
            </Text>
          ) : null
        }
      >
        {({ items: [run] }) => {
          if (!run) return null;
          // The summary of a run of that kind is that report.
          const { duplicates, people } = run.summary as Assessment;
          const owners = people?.inactiveOwners.map(({ name, accounts }) => `${name} (${number(accounts)})`);
          return (
            <Facts
              facts={[
                [t('lookedAt'), time(run.startedAt)],
                [t('duplicates'), number(duplicates?.accounts)],
                [
                  t('logging'),
                  t('loggingOf', {
                    users: number(people?.time?.usersLogging),
                    all: number(people?.activeUsers),
                  }),
                ],
                [t('inactive'), owners?.join(', ') || t('common:nothing')],
              ]}
            />
          );
        }}
      </PageState>
    </Section>
  );
}

function SetAside() {
  const { t } = useTranslation('quality');
  const { time } = useFormats();
  const { name: connection } = useConnection();
  const pages = useCursorPages();
  const query = pages.cursor === undefined ? {} : { cursor: pages.cursor };
  const rows = useApi(SET_ASIDE, { path: { connection }, query }, { isKept: true });
  const columns = useMemo<readonly Column<Row>[]>(
    () => [
      { id: 'module', header: t('module'), cell: ({ module }) => module },
      { id: 'record', header: t('recordId'), cell: ({ recordId }) => recordId },
      { id: 'reason', header: t('reason'), cell: ({ reason }) => reason },
      { id: 'seen', header: t('seen'), isWide: true, cell: ({ seenAt }) => time(seenAt) },
    ],
    [t, time],
  );
  return (
    <Section title={t('setAsideRows')} what={t('setAsideWhat')}>
      <PagedTable
        query={rows}
        pages={pages}
        empty={<Text c="dimmed">{t('noneSetAside')}</Text>}
        label={t('setAsideRows')}
        columns={columns}
        keyOf={({ module, recordId }) => `${module} ${recordId}`}
      />
    </Section>
  );
}
