import { Code, Group, Paper, Spoiler, Text, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { ZohoLink } from '../../parts/zoho-link.tsx';
import { useConnection } from '../../shell/connection.tsx';
import type { RunAnswer } from './routes.ts';

const ROUTE = 'GET /connections/{connection}/runs/{run}/failed';
const VALUE_PX = 84;
type Row = AnswerOf<typeof ROUTE>['items'][number];

/** What Zoho refused and still refuses: its code, the field, the value, the record, the repair; and trying again. */
export function Failed({ run: { id } }: { readonly run: RunAnswer }) {
  const { t } = useTranslation('run');
  const { name: connection, canWrite, mode } = useConnection();
  const path = { connection, run: id };
  const failed = useApi(ROUTE, { path });
  const retry = useWrite('POST /connections/{connection}/runs/{run}/retry', [
    ROUTE,
    'GET /connections/{connection}/jobs',
  ]);
  const columns = useColumns();
  return (
    <Paper component="section" withBorder p="md" aria-label={t('failed.title')}>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          {t('failed.title')}
        </Title>
        {canWrite && mode !== 'read-only' && (failed.data?.items.length ?? 0) > 0 && (
          <DeedButton
            size="xs"
            leftSection={<IconRefresh size={14} />}
            isPending={retry.isPending}
            onClick={() => retry.mutate({ path }, { onSuccess: () => tellDone(t('failed.retrying')) })}
          >
            {t('failed.retry')}
          </DeedButton>
        )}
      </Group>
      {retry.error && <ProblemAlert error={retry.error} />}
      <PageState
        query={failed}
        empty={({ items }) => items.length === 0 && <Text size="sm">{t('failed.none')}</Text>}
      >
        {({ items }) => (
          <DataTable
            label={t('failed.title')}
            columns={columns}
            rows={items}
            keyOf={({ module, recordId, field }) => `${module} ${recordId} ${field}`}
          />
        )}
      </PageState>
    </Paper>
  );
}

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation('run');
  return useMemo(
    () => [
      {
        id: 'record',
        header: t('failed.record'),
        cell: ({ module, recordId, url }) => (
          <ZohoLink url={url}>
            {module} {recordId}
          </ZohoLink>
        ),
      },
      { id: 'field', header: t('failed.field'), cell: ({ field }) => field ?? '–' },
      {
        id: 'code',
        header: t('failed.code'),
        cell: ({ code, message }) => (
          <>
            <Code>{code}</Code>
            <Text size="xs">{message}</Text>
          </>
        ),
      },
      { id: 'repair', header: t('failed.repair'), cell: ({ repair }) => repair },
      {
        id: 'value',
        header: t('failed.value'),
        isWide: true,
        cell: ({ value }) => (
          <Spoiler maxHeight={VALUE_PX} showLabel={t('failed.all')} hideLabel={t('failed.less')} w={280}>
            <Code block style={{ whiteSpace: 'pre-wrap' }}>
              {JSON.stringify(value, null, 1)}
            </Code>
          </Spoiler>
        ),
      },
    ],
    [t],
  );
}
