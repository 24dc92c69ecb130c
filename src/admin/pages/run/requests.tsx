import { Badge, Code, Group, Paper, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { FIRST_PAGE, useCursorPages } from '../../parts/cursor-pages.ts';
import type { Column } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PagedTable } from '../../parts/paged-table.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { RunAnswer } from './routes.ts';

const ROUTE = 'GET /connections/{connection}/runs/{run}/requests';
const PAGE_ROWS = 25;
const REFRESH_MS = 2_000;
type Row = AnswerOf<typeof ROUTE>['items'][number];

/** The calls of Zoho that a run made: how each went and what it cost, never what it held. */
export function Requests({ run: { id, state } }: { readonly run: RunAnswer }) {
  const { t } = useTranslation('run');
  const { name: connection } = useConnection();
  const [{ calls }, setUrl] = useUrlState({ calls: 'all' });
  const pages = useCursorPages();
  const isFailedOnly = calls === 'failed';
  const query = {
    limit: PAGE_ROWS,
    ...(isFailedOnly ? { failed: 'true' } : {}),
    ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }),
  };
  const requests = useApi(
    ROUTE,
    { path: { connection, run: id }, query },
    { isKept: true, refetchMs: () => (state === 'running' ? REFRESH_MS : null) },
  );
  const columns = useColumns();
  return (
    <Paper component="section" withBorder p="md" aria-label={t('requests.title')}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t('requests.title')}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={t('requests.which')}
          value={isFailedOnly ? 'failed' : 'all'}
          onChange={(chosen) => setUrl({ calls: chosen === 'failed' ? chosen : null, ...FIRST_PAGE })}
          data={[
            { value: 'all', label: t('requests.all') },
            { value: 'failed', label: t('requests.failed') },
          ]}
        />
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t('requests.what')}
      </Text>
      <PagedTable
        query={requests}
        pages={pages}
        empty={<Text size="sm">{t(isFailedOnly ? 'requests.noneFailed' : 'requests.none')}</Text>}
        label={t('requests.title')}
        columns={columns}
        keyOf={({ seq }) => String(seq)}
      />
    </Paper>
  );
}

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation('run');
  const { number, time } = useFormats();
  return useMemo(
    () => [
      { id: 'seq', header: t('requests.seq'), isNumber: true, cell: ({ seq }) => number(seq) },
      {
        id: 'call',
        header: t('requests.call'),
        cell: ({ method, path, module, query }) => (
          <Stack gap={2} align="flex-start">
            <Code style={{ overflowWrap: 'anywhere' }}>
              {method} {path}
            </Code>
            {module !== null && (
              <Text size="xs">{query === null ? module : t(`requests.${query}`, { module })}</Text>
            )}
          </Stack>
        ),
      },
      {
        id: 'answer',
        header: t('requests.answer'),
        cell: ({ status, code, failed }) => (
          <Stack gap={2} align="flex-start">
            <Text size="sm">{status === null ? t('requests.noAnswer') : status}</Text>
            {failed && (
              <Badge variant="default" tt="none">
                {code ?? t('requests.isFailed')}
              </Badge>
            )}
          </Stack>
        ),
      },
      {
        id: 'attempt',
        header: t('requests.attempt'),
        isNumber: true,
        isWide: true,
        cell: ({ attempt }) => number(attempt),
      },
      {
        id: 'credits',
        header: t('requests.credits'),
        isNumber: true,
        cell: ({ credits }) => number(credits),
      },
      {
        id: 'ms',
        header: t('requests.ms'),
        isNumber: true,
        isWide: true,
        cell: ({ durationMs }) => number(durationMs),
      },
      {
        id: 'at',
        header: t('requests.at'),
        isWide: true,
        cell: ({ at }) => <span className="whole">{time(at)}</span>,
      },
    ],
    [t, number, time],
  );
}
