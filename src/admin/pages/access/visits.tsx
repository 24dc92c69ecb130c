import { Button, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';

const LIST = 'GET /connections/{connection}/support-visits';
type Visit = AnswerOf<typeof LIST>['items'][number];

/** When those who run the service looked at this connection, and why; its administrators end a visit. */
export function Visits() {
  const { t } = useTranslation('access');
  const { time } = useFormats();
  const { name: connection, canWrite } = useConnection();
  const visits = useApi(LIST, { path: { connection } });
  const { mutate, error } = useWrite('POST /connections/{connection}/support-visits/{visit}/end', [LIST]);
  const columns = useMemo<readonly Column<Visit>[]>(
    () => [
      { id: 'who', header: t('visits.who'), cell: ({ by }) => <b>{by}</b> },
      { id: 'reason', header: t('visits.reason'), cell: ({ reason }) => reason },
      { id: 'from', header: t('visits.from'), isWide: true, cell: ({ begunAt }) => time(begunAt) },
      { id: 'until', header: t('visits.until'), cell: ({ endedAt, until }) => time(endedAt ?? until) },
      {
        id: 'end',
        header: '',
        isNumber: true,
        cell: ({ id, isOpen }) => {
          if (!isOpen) return null;
          if (!canWrite) return t('visits.now');
          return (
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                mutate({ path: { connection, visit: id } }, { onSuccess: () => tellDone(t('visits.ended')) })
              }
            >
              {t('visits.end')}
            </Button>
          );
        },
      },
    ],
    [t, time, canWrite, connection, mutate],
  );
  return (
    <Section title={t('visits.title')} what={t('visits.what')}>
      {error && <ProblemAlert error={error} />}
      <PageState
        query={visits}
        empty={({ items }) => items.length === 0 && <Text size="sm">{t('visits.none')}</Text>}
      >
        {({ items }) => (
          <DataTable label={t('visits.title')} columns={columns} rows={items} keyOf={({ id }) => id} />
        )}
      </PageState>
    </Section>
  );
}
