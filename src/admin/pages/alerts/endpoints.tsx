import { Alert, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import { useApi, useWrite } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeedButton } from '../../parts/deed-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageState } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { useConnection } from '../../shell/connection.tsx';
import { Deeds } from './endpoint-deeds.tsx';
import { type Endpoint, LOG, ROUTE } from './endpoint-routes.ts';

type Delivery = AnswerOf<typeof LOG>['items'][number];

/** Programs that are told of events, and what became of each delivery. */
export function Endpoints() {
  const { t } = useTranslation('alerts');
  const { name: connection } = useConnection();
  const endpoints = useApi(ROUTE, { path: { connection } });
  const columns = useEndpointColumns();
  return (
    <>
      <Section title={t('events.title')} what={t('events.what')}>
        <Stack>
          <PageState
            query={endpoints}
            empty={({ items }) => items.length === 0 && <Text c="dimmed">{t('events.none')}</Text>}
          >
            {({ items }) => (
              <DataTable label={t('events.title')} columns={columns} rows={items} keyOf={({ id }) => id} />
            )}
          </PageState>
          <Add />
        </Stack>
      </Section>
      {(endpoints.data?.items.length ?? 0) > 0 && <Log />}
    </>
  );
}

function useEndpointColumns(): readonly Column<Endpoint>[] {
  const { t } = useTranslation('alerts');
  const { number } = useFormats();
  return useMemo(
    () => [
      { id: 'url', header: t('events.url'), cell: ({ url }) => url },
      { id: 'types', header: t('events.types'), isWide: true, cell: ({ types }) => types.join(', ') },
      {
        id: 'state',
        header: t('events.state'),
        cell: ({ state, why }) => (why === null ? t(`events.states.${state}`) : why),
      },
      {
        id: 'failures',
        header: t('events.failures'),
        isNumber: true,
        isWide: true,
        cell: ({ failures }) => number(failures),
      },
      { id: 'deeds', header: t('events.deeds'), cell: (row) => <Deeds endpoint={row} /> },
    ],
    [t, number],
  );
}

/** The secret is shown here once; afterwards nobody can read it. */
function Add() {
  const { t } = useTranslation('alerts');
  const { name: connection } = useConnection();
  const [url, setUrl] = useState('');
  const write = useWrite('POST /connections/{connection}/event-endpoints', [ROUTE]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate({ path: { connection }, body: { url } }, { onSuccess: () => setUrl('') });
      }}
    >
      <Stack>
        <Group align="flex-end" gap="sm">
          <TextInput
            type="url"
            label={t('events.url')}
            required
            w={{ base: '100%', xs: 320 }}
            value={url}
            onChange={({ currentTarget }) => setUrl(currentTarget.value)}
          />
          <DeedButton type="submit" variant="default" isPending={write.isPending}>
            {t('events.add')}
          </DeedButton>
        </Group>
        {write.data && (
          <Alert color="yellow" title={t('events.secret')}>
            <Code style={{ overflowWrap: 'anywhere' }}>{write.data.secret}</Code>
          </Alert>
        )}
        {write.error && <ProblemAlert error={write.error} />}
      </Stack>
    </form>
  );
}

function Log() {
  const { t } = useTranslation('alerts');
  const { time, number } = useFormats();
  const { name: connection } = useConnection();
  const log = useApi(LOG, { path: { connection }, query: { limit: 50 } });
  const columns = useMemo<readonly Column<Delivery>[]>(
    () => [
      { id: 'at', header: t('events.at'), cell: ({ at }) => time(at) },
      { id: 'type', header: t('events.type'), cell: ({ type }) => type },
      {
        id: 'state',
        header: t('events.state'),
        cell: ({ state, error }) =>
          error === null ? t(`events.delivery.${state}`) : `${t(`events.delivery.${state}`)}: ${error}`,
      },
      {
        id: 'attempts',
        header: t('events.attempts'),
        isNumber: true,
        isWide: true,
        cell: ({ attempts }) => number(attempts),
      },
      { id: 'next', header: t('events.next'), isWide: true, cell: ({ nextAt }) => time(nextAt) },
      { id: 'again', header: t('events.deeds'), cell: (row) => <Resend delivery={row} /> },
    ],
    [t, time, number],
  );
  return (
    <Section title={t('events.log')}>
      <PageState
        query={log}
        empty={({ items }) => items.length === 0 && <Text c="dimmed">{t('events.noLog')}</Text>}
      >
        {({ items }) => (
          <DataTable label={t('events.log')} columns={columns} rows={items} keyOf={({ id }) => String(id)} />
        )}
      </PageState>
    </Section>
  );
}

function Resend({ delivery: { id, state } }: { readonly delivery: Delivery }) {
  const { t } = useTranslation('alerts');
  const { name: connection } = useConnection();
  const route = 'POST /connections/{connection}/event-deliveries/{eventDelivery}/resend';
  const write = useWrite(route, [LOG]);
  if (state === 'waiting') return null;
  return (
    <>
      <DeedButton
        size="xs"
        variant="default"
        isPending={write.isPending}
        onClick={() => write.mutate({ path: { connection, eventDelivery: id } })}
      >
        {t('events.resend')}
      </DeedButton>
      {write.error && <ProblemAlert error={write.error} />}
    </>
  );
}
