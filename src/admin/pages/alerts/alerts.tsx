import { Alert, Badge, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';
import { Endpoints } from './endpoints.tsx';
import { Recipients } from './recipients.tsx';

const ROUTE = 'GET /connections/{connection}/alerts';
type ShownAlert = AnswerOf<typeof ROUTE>['items'][number];
const COLOURS: { readonly [S in ShownAlert['severity']]: string } = {
  critical: 'red',
  warning: 'yellow',
  info: 'blue',
};
const MUTE_DAYS = 7;

/** What is wrong and what to do about it; who is told of it by mail and by event. */
export default function Alerts() {
  const { t, i18n } = useTranslation(['alerts', 'common']);
  const { name: connection, canWrite } = useConnection();
  const lang = (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
  const [{ past }, setUrl] = useUrlState({ past: '' });
  const query = { lang, ...(past === 'true' ? ({ past: 'true' } as const) : {}) };
  const alerts = useApi(ROUTE, { path: { connection }, query }, { isKept: true });
  useLiveEvents();
  return (
    <>
      <PageHeader title={t('common:pages.alerts')} lead={t('lead')} />
      <Stack>
        <Checkbox
          label={t('past')}
          checked={past === 'true'}
          onChange={({ currentTarget }) => setUrl({ past: currentTarget.checked ? 'true' : null })}
        />
        <PageState
          query={alerts}
          empty={({ items }) =>
            items.length === 0 && (
              <Empty
                title={t('emptyTitle')}
                what={t('emptyWhat')}
                next={{ label: t('common:goTo.checks'), to: pagePath(connection, 'connection') }}
              />
            )
          }
        >
          {({ items }) => (
            <Stack component="section" gap="sm" aria-label={t('common:pages.alerts')}>
              {items.map((alert) => (
                <OneAlert key={`${alert.code} ${alert.openedAt}`} alert={alert} />
              ))}
            </Stack>
          )}
        </PageState>
        {canWrite && <Recipients />}
        {canWrite && <Endpoints />}
      </Stack>
    </>
  );
}

function OneAlert({ alert }: { readonly alert: ShownAlert }) {
  const { t } = useTranslation('alerts');
  const { time, number } = useFormats();
  const { severity, title, todo, openedAt, closedAt, occurrences, acknowledged, mutedUntil } = alert;
  return (
    <Alert
      color={closedAt === null ? COLOURS[severity] : 'gray'}
      icon={severity === 'info' ? <IconInfoCircle /> : <IconAlertTriangle />}
    >
      <Stack gap="xs">
        <Group gap="xs">
          <Text fw={600}>{title}</Text>
          <Badge variant="default" tt="none">
            {t(closedAt === null ? `severity.${severity}` : 'recovered')}
          </Badge>
        </Group>
        <Text size="sm">{todo}</Text>
        <Text size="sm">
          {t('since', { time: time(openedAt) })}
          {occurrences > 1 && ` · ${t('times', { count: occurrences, number: number(occurrences) })}`}
          {closedAt !== null && ` · ${t('until', { time: time(closedAt) })}`}
          {acknowledged && ` · ${t('by', { who: acknowledged.by, time: time(acknowledged.at) })}`}
          {mutedUntil !== null && ` · ${t('muted', { time: time(mutedUntil) })}`}
        </Text>
        {closedAt === null && <Deeds alert={alert} />}
      </Stack>
    </Alert>
  );
}

function Deeds({ alert: { code, acknowledged, mutedUntil } }: { readonly alert: ShownAlert }) {
  const { t } = useTranslation('alerts');
  const { name: connection, canWrite } = useConnection();
  const ack = useWrite('POST /connections/{connection}/alerts/{alert}/ack', [ROUTE]);
  const mute = useWrite('PUT /connections/{connection}/alerts/{alert}/mute', [ROUTE]);
  const unmute = useWrite('DELETE /connections/{connection}/alerts/{alert}/mute', [ROUTE]);
  const error = ack.error ?? mute.error ?? unmute.error;
  const path = { connection, alert: code };
  if (!canWrite) return null;
  return (
    <>
      <Group gap="xs">
        {acknowledged === null && (
          <DeedButton
            size="xs"
            variant="default"
            isPending={ack.isPending}
            onClick={() => ack.mutate({ path })}
          >
            {t('ack')}
          </DeedButton>
        )}
        {mutedUntil === null ? (
          <DeedButton
            size="xs"
            variant="default"
            isPending={mute.isPending}
            onClick={() => mute.mutate({ path, body: { days: MUTE_DAYS } })}
          >
            {t('mute', { days: MUTE_DAYS })}
          </DeedButton>
        ) : (
          <DeedButton
            size="xs"
            variant="default"
            isPending={unmute.isPending}
            onClick={() => unmute.mutate({ path })}
          >
            {t('unmute')}
          </DeedButton>
        )}
      </Group>
      {error && <ProblemAlert error={error} />}
    </>
  );
}
