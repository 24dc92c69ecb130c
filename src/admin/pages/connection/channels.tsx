import { List, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';

const ROUTE = 'GET /connections/{connection}/channels';
type Channel = AnswerOf<typeof ROUTE>['items'][number];

/** Through which Zoho tells us of changes: until when, and when it was last heard. */
export function Channels() {
  const { t } = useTranslation('connection');
  const { name: connection, canWrite } = useConnection();
  const channels = useApi(ROUTE, { path: { connection } });
  const renew = useWrite('POST /connections/{connection}/channels/renew', [ROUTE]);
  const columns = useColumns();
  return (
    <Section
      title={t('channels')}
      what={t('channelsWhat')}
      actions={
        canWrite && (
          <DeedButton
            variant="default"
            isPending={renew.isPending}
            onClick={() =>
              renew.mutate({ path: { connection } }, { onSuccess: () => tellDone(t('renewAsked')) })
            }
          >
            {t('renew')}
          </DeedButton>
        )
      }
    >
      <Stack>
        {renew.error && <ProblemAlert error={renew.error} />}
        <PageState
          query={channels}
          empty={({ items, refused }) =>
            items.length + refused.length === 0 && <Text c="dimmed">{t('noChannels')}</Text>
          }
        >
          {({ items, refused }) => (
            <>
              <DataTable
                label={t('channels')}
                columns={columns}
                rows={items}
                keyOf={({ channelId }) => channelId}
              />
              {refused.length > 0 && (
                <List size="sm">
                  {refused.map(({ module, message }) => (
                    <List.Item key={module}>{t('refused', { module, message })}</List.Item>
                  ))}
                </List>
              )}
            </>
          )}
        </PageState>
      </Stack>
    </Section>
  );
}

function useColumns(): readonly Column<Channel>[] {
  const { t } = useTranslation('connection');
  const { time, number } = useFormats();
  return useMemo(
    () => [
      { id: 'module', header: t('module'), cell: ({ module }) => module ?? '–' },
      { id: 'expires', header: t('expires'), cell: ({ expiresAt }) => time(expiresAt) },
      { id: 'heard', header: t('heard'), cell: ({ heardAt }) => time(heardAt) },
      { id: 'checked', header: t('checked'), isWide: true, cell: ({ checkedAt }) => time(checkedAt) },
      {
        id: 'unheard',
        header: t('unheard'),
        isWide: true,
        isNumber: true,
        cell: ({ unheard }) => number(unheard),
      },
    ],
    [t, time, number],
  );
}
