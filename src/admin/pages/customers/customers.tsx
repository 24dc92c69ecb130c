import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconStarFilled } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type AnswerOf, addressOf, type InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { ContactWords, PhaseWords, TierBadge } from '../../parts/codes.tsx';
import { FIRST_PAGE, useCursorPages } from '../../parts/cursor-pages.ts';
import { type Column, DataTable, Pager } from '../../parts/data-table.tsx';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { Filters, NO_FILTER } from './filters.tsx';

const ROUTE = 'GET /connections/{connection}/customers';
type Query = InputOf<typeof ROUTE>['query'];
type Row = AnswerOf<typeof ROUTE>['items'][number];

/** All customers: searched, filtered and ordered by the server, so that 100,000 are as quick as ten. */
export default function Customers() {
  const { t } = useTranslation(['customers', 'common']);
  const { name: connection } = useConnection();
  const [{ sort, direction, ...filter }, setUrl] = useUrlState({
    ...NO_FILTER,
    sort: 'value',
    direction: 'desc',
  });
  const pages = useCursorPages();
  const query = Object.fromEntries(
    Object.entries({ ...filter, sort, direction, cursor: pages.cursor }).filter(([, value]) => value !== ''),
  ) as Query; // by the names of the address, which the server checks
  const customers = useApi(ROUTE, { path: { connection }, query }, { isKept: true });
  const columns = useColumns(connection);
  const isFiltered = Object.values(filter).some((value) => value !== '');
  const clear = () => setUrl({ ...NO_FILTER, ...FIRST_PAGE });
  return (
    <>
      <PageHeader
        title={t('common:pages.customers')}
        lead={t('lead')}
        actions={
          <DownloadButton
            label={t('export')}
            href={addressOf('GET /connections/{connection}/customers/export', {
              path: { connection },
              query: {},
            })}
          />
        }
      />
      <Filters values={filter} onChange={(changes) => setUrl({ ...changes, ...FIRST_PAGE })} />
      <PageState
        query={customers}
        empty={({ items }) =>
          items.length > 0 ? null : isFiltered ? (
            <>
              <Empty title={t('noneTitle')} what={t('noneWhat')} />
              <Button variant="default" mt="sm" onClick={clear}>
                {t('clear')}
              </Button>
            </>
          ) : (
            <Empty
              title={t('emptyTitle')}
              what={t('emptyWhat')}
              next={{ label: t('toRuns'), to: pagePath(connection, 'runs') }}
            />
          )
        }
      >
        {({ items, next, total }) => (
          <>
            <DataTable
              label={t('common:pages.customers')}
              columns={columns}
              rows={items}
              keyOf={({ key }) => key.id}
              sort={{ by: sort, direction: direction === 'asc' ? 'asc' : 'desc' }}
              onSort={(to) => setUrl({ sort: to.by, direction: to.direction, ...FIRST_PAGE })}
              isStale={customers.isPlaceholderData}
            />
            <Pager
              rowsBefore={pages.rowsBefore}
              rows={items.length}
              total={total}
              onFirst={pages.toFirst}
              onNext={pages.toNext(next, items.length)}
            />
          </>
        )}
      </PageState>
    </>
  );
}

function useColumns(connection: string): readonly Column<Row>[] {
  const { t } = useTranslation(['customers', 'common']);
  const { money, number, day } = useFormats();
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('name'),
        sort: 'name',
        cell: ({ key, name, gold }) => (
          <Group gap={6} wrap="nowrap">
            <Anchor
              component={Link}
              href={pagePath(connection, 'customer', { customer: key.id })}
              fw={500}
              size="sm"
            >
              {name}
            </Anchor>
            {gold && (
              <IconStarFilled size={14} color="var(--mantine-color-yellow-6)" aria-label={t('common:gold')} />
            )}
          </Group>
        ),
      },
      { id: 'tier', header: t('tier'), cell: ({ tier }) => <TierBadge tier={tier} /> },
      {
        id: 'phase',
        header: t('phase'),
        isWide: true,
        cell: ({ phase, subPhase }) => <PhaseWords phase={phase} subPhase={subPhase} />,
      },
      {
        id: 'profit',
        header: t('profit'),
        sort: 'value',
        isNumber: true,
        cell: ({ profit12 }) => money(profit12),
      },
      {
        id: 'revenue',
        header: t('revenue'),
        sort: 'revenue',
        isNumber: true,
        isWide: true,
        cell: ({ revenue12 }) => money(revenue12),
      },
      {
        id: 'expected',
        header: t('expected'),
        sort: 'expected',
        isNumber: true,
        isWide: true,
        cell: ({ expected12 }) => money(expected12),
      },
      { id: 'rank', header: t('rank'), isNumber: true, isWide: true, cell: ({ rank }) => number(rank) },
      {
        id: 'lastContact',
        header: t('lastContact'),
        sort: 'last_contact',
        cell: ({ lastContact, contactStatus }) => (
          <>
            <Text size="sm" className="whole">
              {day(lastContact)}
            </Text>
            <Text size="xs">
              <ContactWords status={contactStatus} />
            </Text>
          </>
        ),
      },
      { id: 'owner', header: t('owner'), isWide: true, cell: ({ owner }) => owner?.name ?? owner?.id ?? '–' },
    ],
    [t, connection, money, number, day],
  );
}
