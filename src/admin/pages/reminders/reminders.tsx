import { Anchor, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { FIRST_PAGE, useCursorPages } from '../../parts/cursor-pages.ts';
import { type Column, DataTable, Pager } from '../../parts/data-table.tsx';
import { useFormats } from '../../parts/formats.ts';
import { useLiveEvents } from '../../parts/live-events.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';

const ROUTE = 'GET /connections/{connection}/reminders';
const CHANGES = 'GET /connections/{connection}/plans/{plan}/changes';
type Reminder = AnswerOf<typeof ROUTE>['items'][number];
type Change = AnswerOf<typeof CHANGES>['items'][number];
const STATES = ['open', 'done', 'proposed', 'suppressed'] as const;
type State = (typeof STATES)[number];

/** Tasks of ours: those that are there, those a plan proposes, and those it keeps back, with the reason. */
export default function Reminders() {
  const { t } = useTranslation(['reminders', 'common']);
  const [{ state: named }, setUrl] = useUrlState({ state: 'open' });
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
        {state === 'open' || state === 'done' ? <Tasks state={state} /> : <OfPlan kind={state} />}
      </Stack>
    </>
  );
}

function useLanguage(): Language {
  const { i18n } = useTranslation();
  return (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
}

function Tasks({ state }: { readonly state: 'open' | 'done' }) {
  const { t } = useTranslation(['reminders', 'common']);
  const { day } = useFormats();
  const { name: connection } = useConnection();
  const lang = useLanguage();
  const pages = useCursorPages();
  const query = { state, lang, ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }) };
  const reminders = useApi(ROUTE, { path: { connection }, query });
  const columns = useMemo<readonly Column<Reminder>[]>(
    () => [
      {
        id: 'subject',
        header: t('subject'),
        cell: ({ subject, customer }) =>
          customer.module === 'Leads' ? (
            subject
          ) : (
            <Anchor
              component={Link}
              size="sm"
              href={pagePath(connection, 'customer', { customer: customer.id })}
            >
              {subject}
            </Anchor>
          ),
      },
      { id: 'rule', header: t('rule'), isWide: true, cell: ({ title }) => title },
      {
        id: 'due',
        header: t(state === 'open' ? 'due' : 'closed'),
        cell: ({ dueDay, closedOn }) => day(state === 'open' ? dueDay : closedOn),
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
    <PageState query={reminders} empty={({ items }) => items.length === 0 && <None state={state} />}>
      {({ items, next }) => (
        <div>
          <DataTable
            label={t(`states.${state}`)}
            columns={columns}
            rows={items}
            keyOf={({ cvRef }) => cvRef}
          />
          <Pager
            rowsBefore={pages.rowsBefore}
            rows={items.length}
            onFirst={pages.toFirst}
            onNext={pages.toNext(next, items.length)}
          />
        </div>
      )}
    </PageState>
  );
}

function None({ state }: { readonly state: State }) {
  const { t } = useTranslation('reminders');
  const { name: connection } = useConnection();
  return (
    <Empty
      title={t(`none.${state}`)}
      what={t('noneWhat')}
      next={{ label: t('toPlans'), to: pagePath(connection, 'plans') }}
    />
  );
}

/** What the newest plan would make, or keeps back. */
function OfPlan({ kind }: { readonly kind: 'proposed' | 'suppressed' }) {
  const { name: connection } = useConnection();
  const plans = useApi('GET /connections/{connection}/plans', { path: { connection }, query: { limit: 1 } });
  return (
    <PageState query={plans} empty={({ items }) => items.length === 0 && <None state={kind} />}>
      {({ items: [plan] }) => plan && <Changes plan={plan.id} kind={kind} />}
    </PageState>
  );
}

function Changes({ plan, kind }: { readonly plan: string; readonly kind: 'proposed' | 'suppressed' }) {
  const { t } = useTranslation('reminders');
  const { day } = useFormats();
  const { name: connection } = useConnection();
  const lang = useLanguage();
  const pages = useCursorPages();
  const query = {
    ...{ lang, kind: kind === 'proposed' ? ('task' as const) : ('suppressed' as const) },
    ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }),
  };
  const changes = useApi(CHANGES, { path: { connection, plan }, query });
  const columns = useMemo<readonly Column<Change>[]>(
    () => [
      { id: 'rule', header: t('rule'), cell: ({ task }) => task?.title ?? '' },
      { id: 'subject', header: t('subject'), cell: ({ task }) => task?.subject ?? task?.name ?? '' },
      kind === 'proposed'
        ? { id: 'due', header: t('due'), cell: ({ task }) => day(task?.dueDay) }
        : { id: 'why', header: t('why'), cell: ({ task }) => <Why code={task?.why ?? ''} /> },
    ],
    [t, day, kind],
  );
  return (
    <PageState query={changes} empty={({ items }) => items.length === 0 && <None state={kind} />}>
      {({ items, next }) => (
        <div>
          <DataTable
            label={t(`states.${kind}`)}
            columns={columns}
            rows={items}
            keyOf={({ seq }) => String(seq)}
          />
          <Pager
            rowsBefore={pages.rowsBefore}
            rows={items.length}
            onFirst={pages.toFirst}
            onNext={pages.toNext(next, items.length)}
          />
        </div>
      )}
    </PageState>
  );
}

const WHYS = ['cap', 'cool_down', 'no_owner', 'per_record', 'covered_by'] as const;

/** A reason that came later than these texts keeps its code. */
function Why({ code }: { readonly code: string }) {
  const { t } = useTranslation('reminders');
  const known = WHYS.find((one) => one === code);
  return known ? t(`whys.${known}`) : code;
}
