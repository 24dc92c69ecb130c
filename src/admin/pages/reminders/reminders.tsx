import { Anchor, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { FIRST_PAGE, useCursorPages } from '../../parts/cursor-pages.ts';
import type { Column } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { ZohoLink } from '../../parts/zoho-link.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import {
  Filters,
  NO_FILTER,
  None,
  type ReminderFilter,
  STATES,
  type State,
  useLanguage,
} from './filters.tsx';
import { OfPlan } from './of-plan.tsx';

const ROUTE = 'GET /connections/{connection}/reminders';
type Reminder = AnswerOf<typeof ROUTE>['items'][number];

/** Tasks of ours: those that are there, those a plan proposes, and those it keeps back, with the reason. */
export default function Reminders() {
  const { t } = useTranslation(['reminders', 'common']);
  const [{ state: named, ...filter }, setUrl] = useUrlState({ state: 'open', ...NO_FILTER });
  useLiveEvents();
  const state: State = STATES.find((known) => known === named) ?? 'open';
  return (
    <>
      <PageHeader title={t('common:pages.reminders')} lead={t('lead')} />
      <Stack align="stretch">
        <SegmentedControl
          aria-label={t('which')}
          value={state}
          data={STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
          onChange={(value) => setUrl({ state: value, ...FIRST_PAGE })}
        />
        <Text c="dimmed">{t(`what.${state}`)}</Text>
        <Filters
          state={state}
          values={filter}
          onChange={(changes) => setUrl({ ...changes, ...FIRST_PAGE })}
        />
        {state === 'open' || state === 'done' ? (
          <Tasks state={state} filter={filter} />
        ) : (
          <OfPlan kind={state} filter={filter} onOwner={(owner) => setUrl({ owner, ...FIRST_PAGE })} />
        )}
      </Stack>
    </>
  );
}

interface TasksProps {
  readonly state: 'open' | 'done';
  readonly filter: ReminderFilter;
}
function Tasks({ state, filter: { owner, rule } }: TasksProps) {
  const { t } = useTranslation(['reminders', 'common']);
  const { day } = useFormats();
  const { name: connection } = useConnection();
  const lang = useLanguage();
  const pages = useCursorPages();
  const query = {
    ...{ state, lang },
    ...(owner === '' ? {} : { owner }),
    ...(rule === '' ? {} : { reason: rule }),
    ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }),
  };
  const reminders = useApi(ROUTE, { path: { connection }, query }, { isKept: true });
  const columns = useMemo<readonly Column<Reminder>[]>(
    () => [
      {
        id: 'subject',
        header: t('subject'),
        cell: ({ subject, customer }) => (
          <Anchor
            component={Link}
            size="sm"
            href={
              customer.module === 'Leads'
                ? pagePath(connection, 'oneLead', { lead: customer.id })
                : pagePath(connection, 'customer', { customer: customer.id })
            }
          >
            {subject}
          </Anchor>
        ),
      },
      { id: 'rule', header: t('rule'), isWide: true, cell: ({ title }) => title },
      {
        id: 'due',
        header: t(state === 'open' ? 'due' : 'closed'),
        cell: ({ dueDay, closedOn, url }) => (
          <ZohoLink url={url}>{day(state === 'open' ? dueDay : closedOn)}</ZohoLink>
        ),
      },
      {
        id: 'owner',
        header: t('owner'),
        isWide: true,
        cell: ({ ownerName, ownerId }) => ownerName ?? ownerId ?? '–',
      },
    ],
    [t, day, connection, state],
  );
  return (
    <PagedTable
      query={reminders}
      pages={pages}
      empty={<None state={state} />}
      label={t(`states.${state}`)}
      columns={columns}
      keyOf={({ cvRef }) => cvRef}
    />
  );
}
