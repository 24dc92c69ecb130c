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

const LIST = 'GET /me/sessions';
type Session = AnswerOf<typeof LIST>['items'][number];

/** One's own sessions in other browsers; this one is left by the menu at the top. */
export function Sessions() {
  const { t } = useTranslation('access');
  const { time } = useFormats();
  const sessions = useApi(LIST, {});
  const { mutate, error } = useWrite('DELETE /me/sessions/{session}', [LIST]);
  const columns = useMemo<readonly Column<Session>[]>(
    () => [
      { id: 'started', header: t('sessions.started'), cell: ({ startedAt }) => time(startedAt) },
      { id: 'seen', header: t('sessions.seen'), cell: ({ seenAt }) => time(seenAt) },
      { id: 'ends', header: t('sessions.ends'), isWide: true, cell: ({ endsAt }) => time(endsAt) },
      {
        id: 'end',
        header: '',
        isNumber: true,
        cell: ({ id, startedAt, isThis }) =>
          isThis ? (
            <Text size="sm">{t('sessions.here')}</Text>
          ) : (
            <Button
              size="xs"
              variant="default"
              aria-label={t('sessions.endAt', { time: time(startedAt) })}
              onClick={() =>
                mutate({ path: { session: id } }, { onSuccess: () => tellDone(t('sessions.ended')) })
              }
            >
              {t('sessions.end')}
            </Button>
          ),
      },
    ],
    [t, time, mutate],
  );
  return (
    <Section title={t('sessions.title')}>
      {error && <ProblemAlert error={error} />}
      <PageState query={sessions}>
        {({ items }) => (
          <DataTable label={t('sessions.title')} columns={columns} rows={items} keyOf={({ id }) => id} />
        )}
      </PageState>
    </Section>
  );
}
