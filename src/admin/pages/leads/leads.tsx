import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type AnswerOf, addressOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { FIRST_PAGE, useCursorPages } from '../../parts/cursor-pages.ts';
import { type Column, DataTable, Pager } from '../../parts/data-table.tsx';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

const ROUTE = 'GET /connections/{connection}/leads';
const SOURCES = 'GET /connections/{connection}/leads/sources';
type Lead = AnswerOf<typeof ROUTE>['items'][number];
type Source = AnswerOf<typeof SOURCES>['items'][number];
const FOLLOW_UPS = ['on_time', 'due', 'overdue'] as const;

/** Whom to follow up first, and which sources bring customers, in counts. */
export default function Leads() {
  const { t } = useTranslation(['leads', 'common']);
  const { name: connection } = useConnection();
  const [{ followUp }, setUrl] = useUrlState({ followUp: '' });
  const pages = useCursorPages();
  const wanted = FOLLOW_UPS.find((known) => known === followUp);
  const query = {
    state: 'open' as const,
    ...(wanted ? { followUp: wanted } : {}),
    ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }),
  };
  const leads = useApi(ROUTE, { path: { connection }, query }, { isKept: true });
  const columns = useColumns();
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
        <Group>
          <NativeSelect
            label={t('followUp')}
            value={followUp}
            data={[
              { value: '', label: t('any') },
              ...FOLLOW_UPS.map((value) => ({ value, label: t(`followUps.${value}`) })),
            ]}
            onChange={({ currentTarget }) => setUrl({ followUp: currentTarget.value, ...FIRST_PAGE })}
          />
        </Group>
        <PageState
          query={leads}
          empty={({ items }) =>
            items.length === 0 &&
            (followUp === '' ? (
              <Empty
                title={t('emptyTitle')}
                what={t('emptyWhat')}
                next={{ label: t('toRuns'), to: pagePath(connection, 'runs') }}
              />
            ) : (
              <Empty title={t('noneTitle')} what={t('noneWhat')} />
            ))
          }
        >
          {({ items, next }) => (
            <div>
              <DataTable
                label={t('common:pages.leads')}
                columns={columns}
                rows={items}
                keyOf={({ id }) => id}
                isStale={leads.isPlaceholderData}
              />
              <Pager
                rowsBefore={pages.rowsBefore}
                rows={items.length}
                onFirst={pages.toFirst}
                onNext={pages.toNext(next, items.length)}
              />
            </div>
          )}
        </PageState>
        <Sources />
      </Stack>
    </>
  );
}

function useColumns(): readonly Column<Lead>[] {
  const { t } = useTranslation('leads');
  const { day, money, share } = useFormats();
  return useMemo(
    () => [
      { id: 'name', header: t('name'), cell: ({ name }) => name },
      {
        id: 'by',
        header: t('followUpBy'),
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
        id: 'value',
        header: t('expected'),
        isNumber: true,
        cell: ({ expectedValue }) => money(expectedValue),
      },
      {
        id: 'chance',
        header: t('chance'),
        isNumber: true,
        isWide: true,
        cell: ({ chance }) => share(chance),
      },
      { id: 'source', header: t('source'), isWide: true, cell: ({ source }) => source ?? '–' },
      { id: 'contact', header: t('lastContact'), isWide: true, cell: ({ lastContact }) => day(lastContact) },
      {
        id: 'owner',
        header: t('owner'),
        isWide: true,
        cell: ({ ownerName, ownerId }) => ownerName ?? ownerId ?? '–',
      },
    ],
    [t, day, money, share],
  );
}

/** Small numbers say little as a share, so they stand as counts. */
function Sources() {
  const { t } = useTranslation('leads');
  const { number, money } = useFormats();
  const { name: connection } = useConnection();
  const sources = useApi(SOURCES, { path: { connection } });
  const columns = useMemo<readonly Column<Source>[]>(
    () => [
      { id: 'source', header: t('source'), cell: ({ source }) => source ?? t('allSources') },
      {
        id: 'became',
        header: t('became'),
        isNumber: true,
        cell: ({ became, leads }) => t('of', { became: number(became), leads: number(leads) }),
      },
      { id: 'buyers', header: t('buyers'), isNumber: true, cell: ({ buyers }) => number(buyers) },
      {
        id: 'profit',
        header: t('profit'),
        isNumber: true,
        isWide: true,
        cell: ({ profit12 }) => money(profit12),
      },
    ],
    [t, number, money],
  );
  return (
    <Section title={t('sources')} what={t('sourcesWhat')}>
      <PageState
        query={sources}
        empty={({ items }) => items.length === 0 && <Text c="dimmed">{t('noSources')}</Text>}
      >
        {({ items }) => (
          <DataTable
            label={t('sources')}
            columns={columns}
            rows={items}
            keyOf={({ source }) => source ?? ''}
          />
        )}
      </PageState>
    </Section>
  );
}
