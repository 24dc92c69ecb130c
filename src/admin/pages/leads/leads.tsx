import { Anchor, Button, Checkbox, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type AnswerOf, addressOf, type InputOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { FIRST_PAGE, useCursorPages } from '../../parts/cursor-pages.ts';
import type { Column } from '../../parts/data-table.tsx';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { OwnerSelect } from '../../parts/owner-select.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty } from '../../parts/page-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import { SOURCES, Sources } from './sources.tsx';

const ROUTE = 'GET /connections/{connection}/leads';
type Lead = AnswerOf<typeof ROUTE>['items'][number];
type Query = InputOf<typeof ROUTE>['query'];
const FOLLOW_UPS = ['on_time', 'due', 'overdue'] as const;
/** As the route calls them; an empty text filters nothing. */
const NO_FILTER = { search: '', followUp: '', owner: '', source: '', unresponsive: '' };

/** Whom to follow up first, and which sources bring customers, in counts. */
export default function Leads() {
  const { t } = useTranslation(['leads', 'common']);
  const { name: connection } = useConnection();
  const [{ sort, direction, ...filter }, setUrl] = useUrlState({
    ...NO_FILTER,
    ...{ sort: 'follow_up', direction: 'asc' },
  });
  const pages = useCursorPages();
  const asked = { ...filter, sort, direction, cursor: pages.cursor ?? '' };
  const query = {
    state: 'open',
    ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== '')),
  } as Query; // by the names of the address, which the server checks
  const leads = useApi(ROUTE, { path: { connection }, query }, { isKept: true });
  const columns = useColumns();
  const isFiltered = Object.values(filter).some((value) => value !== '');
  return (
    <>
      <PageHeader
        title={t('common:pages.leads')}
        lead={t('lead')}
        actions={
          <DownloadButton
            label={t('export')}
            href={addressOf('GET /connections/{connection}/leads/export', {
              path: { connection },
              query: {},
            })}
          />
        }
      />
      <Stack>
        <Filters values={filter} onChange={(changes) => setUrl({ ...changes, ...FIRST_PAGE })} />
        <PagedTable
          query={leads}
          pages={pages}
          empty={
            isFiltered ? (
              <div>
                <Empty title={t('noneTitle')} what={t('noneWhat')} />
                <Button variant="default" mt="sm" onClick={() => setUrl({ ...NO_FILTER, ...FIRST_PAGE })}>
                  {t('clear')}
                </Button>
              </div>
            ) : (
              <Empty
                title={t('emptyTitle')}
                what={t('emptyWhat')}
                next={{ label: t('toRuns'), to: pagePath(connection, 'runs') }}
              />
            )
          }
          label={t('common:pages.leads')}
          columns={columns}
          keyOf={({ id }) => id}
          sort={{ by: sort, direction: direction === 'desc' ? 'desc' : 'asc' }}
          onSort={(to) => setUrl({ sort: to.by, direction: to.direction, ...FIRST_PAGE })}
        />
        <Sources />
      </Stack>
    </>
  );
}

interface FiltersProps {
  readonly values: typeof NO_FILTER;
  readonly onChange: (changes: Partial<typeof NO_FILTER>) => void;
}
function Filters({ values, onChange }: FiltersProps) {
  const { t } = useTranslation('leads');
  const { name: connection } = useConnection();
  const { data: sources } = useApi(SOURCES, { path: { connection } });
  const any = { value: '', label: t('any') };
  const written = new Set([...(sources?.known ?? []), values.source]);
  return (
    <Group align="flex-end" gap="sm" role="search">
      <SearchField label={t('search')} value={values.search} onChange={(search) => onChange({ search })} />
      <NativeSelect
        label={t('followUp')}
        value={values.followUp}
        data={[any, ...FOLLOW_UPS.map((value) => ({ value, label: t(`followUps.${value}`) }))]}
        onChange={({ currentTarget }) => onChange({ followUp: currentTarget.value })}
      />
      <OwnerSelect value={values.owner} onChange={(owner) => onChange({ owner })} />
      <NativeSelect
        label={t('source')}
        value={values.source}
        maw={220}
        data={[any, ...[...written].filter((source) => source !== '')]}
        onChange={({ currentTarget }) => onChange({ source: currentTarget.value })}
      />
      <Checkbox
        label={t('unresponsive')}
        checked={values.unresponsive === 'true'}
        mb={8}
        onChange={({ currentTarget }) => onChange({ unresponsive: currentTarget.checked ? 'true' : '' })}
      />
    </Group>
  );
}

function useColumns(): readonly Column<Lead>[] {
  const { t } = useTranslation('leads');
  const { day, money, number, share } = useFormats();
  const { name: connection } = useConnection();
  return useMemo(
    () => [
      {
        ...{ id: 'name', header: t('name'), sort: 'name' },
        cell: ({ name, id }) => (
          <Anchor component={Link} href={pagePath(connection, 'oneLead', { lead: id })} fw={500} size="sm">
            {name}
          </Anchor>
        ),
      },
      {
        ...{ id: 'by', header: t('followUpBy'), sort: 'follow_up' },
        cell: ({ followUpBy, followUp }) => (
          <>
            <Text size="sm" className="whole">
              {day(followUpBy)}
            </Text>
            <Text size="xs">{FOLLOW_UPS.map((known) => known === followUp && t(`followUps.${known}`))}</Text>
          </>
        ),
      },
      {
        ...{ id: 'value', header: t('expected'), sort: 'value', isNumber: true },
        cell: ({ expectedValue }) => money(expectedValue),
      },
      {
        ...{ id: 'chance', header: t('chance'), sort: 'chance', isNumber: true, isWide: true },
        cell: ({ chance }) => share(chance),
      },
      {
        ...{ id: 'source', header: t('source'), sort: 'source', isWide: true },
        cell: ({ source }) => source ?? '–',
      },
      {
        ...{ id: 'unanswered', header: t('unanswered'), sort: 'unanswered', isNumber: true, isWide: true },
        cell: ({ unanswered }) => number(unanswered),
      },
      { id: 'contact', header: t('lastContact'), isWide: true, cell: ({ lastContact }) => day(lastContact) },
      {
        ...{ id: 'owner', header: t('owner'), isWide: true },
        cell: ({ ownerName, ownerId }) => ownerName ?? ownerId ?? '–',
      },
    ],
    [t, day, money, number, share, connection],
  );
}
