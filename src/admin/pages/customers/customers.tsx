import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { addressOf, type InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { useCursorPages } from '../../parts/cursor-pages.ts';
import { DownloadButton } from '../../parts/download-button.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty } from '../../parts/page-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { ColumnChoice, useColumns } from './columns.tsx';
import { Filters } from './filters.tsx';
import { filled, NO_FILTER, useListState } from './list-state.ts';
import { Views } from './views.tsx';

const ROUTE = 'GET /connections/{connection}/customers';
const FILE = 'GET /connections/{connection}/customers/export';
type Query = InputOf<typeof ROUTE>['query'];

/** All customers: searched, filtered and ordered by the server, so that 100,000 are as quick as ten. */
export default function Customers() {
  const { t } = useTranslation(['customers', 'common']);
  const { name: connection } = useConnection();
  const list = useListState();
  const pages = useCursorPages();
  const { columns: shown, sort, direction, ...filter } = list.values;
  // By the names of the address, which the server checks.
  const asked = filled({ ...filter, sort, direction }) as Query & InputOf<typeof FILE>['query'];
  const query = { ...asked, ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }) };
  const customers = useApi(ROUTE, { path: { connection }, query }, { isKept: true, isAsked: list.isReady });
  const columns = useColumns(shown);
  const isFiltered = Object.values(filter).some((value) => value !== '');
  return (
    <>
      <PageHeader
        title={t('common:pages.customers')}
        lead={t('lead')}
        actions={
          <Group gap="xs">
            <ColumnChoice columns={shown} onChange={(columns) => list.change({ columns })} />
            <DownloadButton
              label={t('export')}
              href={addressOf(FILE, { path: { connection }, query: asked })}
            />
          </Group>
        }
      />
      <Views list={list} />
      <Filters values={filter} onChange={list.change} />
      <PagedTable
        query={customers}
        pages={pages}
        empty={
          isFiltered ? (
            <>
              <Empty title={t('noneTitle')} what={t('noneWhat')} />
              <Button variant="default" mt="sm" onClick={() => list.change(NO_FILTER)}>
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
        label={t('common:pages.customers')}
        columns={columns}
        keyOf={({ key }) => key.id}
        sort={{ by: sort, direction: direction === 'asc' ? 'asc' : 'desc' }}
        onSort={(to) => list.change({ sort: to.by, direction: to.direction })}
      />
    </>
  );
}
