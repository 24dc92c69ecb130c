import { Anchor, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { Section } from '../../parts/section.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

export const SOURCES = 'GET /connections/{connection}/leads/sources';
type Source = AnswerOf<typeof SOURCES>['items'][number];
/** Of fewer leads a share says more than is known. */
const ENOUGH = 20;

/** What became of the leads of each source. Small numbers say little as a share, so they stand as counts. */
export function Sources() {
  const { t } = useTranslation('leads');
  const { number, money, share } = useFormats();
  const { name: connection } = useConnection();
  const sources = useApi(SOURCES, { path: { connection } });
  const known = sources.data?.known;
  const columns = useMemo<readonly Column<Source>[]>(
    () => [
      {
        id: 'source',
        header: t('source'),
        cell: ({ source }) => {
          if (source === null) return t('allSources');
          // The list is asked for a source as it is written.
          const written = known?.find((one) => one.toLowerCase() === source);
          if (written === undefined) return source;
          const there = `${pagePath(connection, 'leads')}?source=${encodeURIComponent(written)}`;
          return (
            <Anchor component={Link} href={there} size="sm">
              {written}
            </Anchor>
          );
        },
      },
      {
        id: 'became',
        header: t('became'),
        isNumber: true,
        cell: ({ became, leads }) => {
          const counts = t('of', { became: number(became), leads: number(leads) });
          return leads < ENOUGH ? counts : t('ofShare', { share: share(became / leads), counts });
        },
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
    [t, number, money, share, known, connection],
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
