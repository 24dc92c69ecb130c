import { Anchor, Button, Checkbox, Group, List, Text, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type AnswerOf, addressOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useFleetEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { ADDRESSES, pagePath } from '../../shell/addresses.ts';
import { useMe } from '../../shell/session.tsx';

type Row = AnswerOf<'GET /fleet'>['items'][number];
type Listed = AnswerOf<'GET /connections'>['items'][number];

/** All connections, those in trouble first; who runs none of the service sees their own. */
export default function Fleet() {
  const { t } = useTranslation(['fleet', 'common']);
  const { isOperator } = useMe();
  return (
    <>
      <PageHeader
        title={t('common:pages.fleet')}
        lead={t('lead')}
        actions={
          isOperator && (
            <>
              <DownloadButton label={t('export')} href={addressOf('GET /fleet/export', {})} />
              <Button component={Link} href={ADDRESSES.link}>
                {t('common:pages.link')}
              </Button>
            </>
          )
        }
      />
      {isOperator ? <Whole /> : <Own />}
    </>
  );
}

function Whole() {
  const { t } = useTranslation(['fleet', 'common']);
  const [{ search, trouble }, setUrl] = useUrlState({ search: '', trouble: '' });
  const query = trouble === 'true' ? ({ trouble: 'true' } as const) : {};
  const fleet = useApi('GET /fleet', { query }, { isKept: true });
  useFleetEvents();
  const columns = useColumns();
  const isFound = ({ connection, org, dataCentre, edition }: Row) =>
    [connection, org, dataCentre, edition].join('\n').toLowerCase().includes(search.toLowerCase());
  return (
    <>
      <Group align="flex-end" mb="md" gap="sm" role="search">
        <TextInput
          type="search"
          label={t('search')}
          value={search}
          w={{ base: '100%', xs: 280 }}
          onChange={({ currentTarget }) => setUrl({ search: currentTarget.value })}
        />
        <Checkbox
          label={t('troubleOnly')}
          checked={trouble === 'true'}
          mb={8}
          onChange={({ currentTarget }) => setUrl({ trouble: currentTarget.checked ? 'true' : null })}
        />
      </Group>
      <PageState
        query={fleet}
        empty={({ items }) =>
          items.some(isFound) ? null : search !== '' || trouble !== '' ? (
            <Empty title={t('noneTitle')} what={t('noneWhat')} />
          ) : (
            <Empty
              title={t('common:noConnection.title')}
              what={t('common:noConnection.what')}
              next={{ label: t('common:pages.link'), to: ADDRESSES.link }}
            />
          )
        }
      >
        {({ items }) => (
          <DataTable
            label={t('common:pages.fleet')}
            columns={columns}
            rows={items.filter(isFound)}
            keyOf={({ connection }) => connection}
          />
        )}
      </PageState>
    </>
  );
}

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation(['fleet', 'common']);
  const { number, time } = useFormats();
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('connection'),
        cell: ({ connection, org }) => (
          <>
            <Anchor component={Link} href={pagePath(connection, 'connection')} size="sm" fw={500}>
              {connection}
            </Anchor>
            <Text size="xs" c="dimmed">
              {org}
            </Text>
          </>
        ),
      },
      {
        id: 'trouble',
        header: t('trouble'),
        cell: ({ causes }) =>
          causes.length === 0 ? (
            t('fine')
          ) : (
            <List size="sm" listStyleType="none">
              {causes.map(({ code, value }) => (
                <List.Item key={code}>{t(`causes.${code}`, { value: number(value, 1) })}</List.Item>
              ))}
            </List>
          ),
      },
      {
        id: 'fresh',
        header: t('fresh'),
        isNumber: true,
        cell: ({ freshnessHours }) =>
          freshnessHours === null ? '–' : t('hours', { hours: number(freshnessHours, 1) }),
      },
      {
        id: 'last',
        header: t('lastRun'),
        isWide: true,
        cell: ({ lastRunAt }) => <span className="whole">{time(lastRunAt)}</span>,
      },
      {
        id: 'credits',
        header: t('credits'),
        isNumber: true,
        cell: ({ creditPercent }) => t('percent', { value: number(creditPercent) }),
      },
      {
        id: 'token',
        header: t('token'),
        isNumber: true,
        isWide: true,
        cell: ({ tokenAgeHours }) =>
          tokenAgeHours === null ? '–' : t('hours', { hours: number(tokenAgeHours, 1) }),
      },
      {
        id: 'channel',
        header: t('channel'),
        isWide: true,
        cell: ({ channelExpiresAt }) => <span className="whole">{time(channelExpiresAt)}</span>,
      },
      { id: 'unmatched', header: t('unmatched'), isNumber: true, cell: ({ unmatched }) => number(unmatched) },
      {
        id: 'alerts',
        header: t('alerts'),
        isNumber: true,
        cell: ({ criticalAlerts, warnings }) => number(criticalAlerts + warnings),
      },
      {
        id: 'version',
        header: t('version'),
        isNumber: true,
        isWide: true,
        cell: ({ settingsVersion, runVersion }) => `${settingsVersion} / ${runVersion ?? '–'}`,
      },
      { id: 'mode', header: t('mode'), isWide: true, cell: ({ mode }) => t(`common:modes.${mode}`) },
    ],
    [t, number, time],
  );
}

function Own() {
  const { t } = useTranslation(['fleet', 'common']);
  const connections = useApi('GET /connections', {});
  const columns = useMemo<readonly Column<Listed>[]>(
    () => [
      {
        id: 'name',
        header: t('connection'),
        cell: ({ name }) => (
          <Anchor component={Link} href={pagePath(name, 'connection')} size="sm" fw={500}>
            {name}
          </Anchor>
        ),
      },
      { id: 'org', header: t('org'), cell: ({ org }) => org.name },
      { id: 'edition', header: t('edition'), isWide: true, cell: ({ org }) => org.edition },
      { id: 'mode', header: t('mode'), cell: ({ mode }) => t(`common:modes.${mode}`) },
      { id: 'state', header: t('state'), cell: ({ state }) => t(`states.${state}`) },
    ],
    [t],
  );
  return (
    <PageState query={connections}>
      {({ items }) => (
        <DataTable
          label={t('common:pages.fleet')}
          columns={columns}
          rows={items}
          keyOf={({ name }) => name}
        />
      )}
    </PageState>
  );
}
