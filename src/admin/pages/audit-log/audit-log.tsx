import { Button, Code, Group, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AnswerOf, addressOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { type Column, DataTable, Pager } from '../../parts/data-table.tsx';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty, PageState } from '../../parts/page-state.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';

const ROUTE = 'GET /connections/{connection}/audit-log';
type Entry = AnswerOf<typeof ROUTE>['items'][number];
const PAGE = 50;

/** Who did what and when, and what it was before. Nobody can change it. */
export default function AuditLog() {
  const { t } = useTranslation(['auditLog', 'common']);
  const { name: connection, canWrite } = useConnection();
  const [{ who, action, olderThan, before }, setUrl] = useUrlState({
    ...{ who: '', action: '', olderThan: '', before: '0' },
  });
  const filter = { ...(who === '' ? {} : { who }), ...(action === '' ? {} : { action }) };
  const rowsBefore = Number(before) || 0;
  const log = useApi(
    ROUTE,
    {
      path: { connection },
      query: { ...filter, limit: PAGE, ...(olderThan === '' ? {} : { olderThan: Number(olderThan) }) },
    },
    { isKept: true, isAsked: canWrite },
  );
  const columns = useColumns();
  if (!canWrite) {
    return (
      <>
        <PageHeader title={t('common:pages.auditLog')} />
        <Empty title={t('closedTitle')} what={t('closedWhat')} />
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={t('common:pages.auditLog')}
        lead={t('lead')}
        actions={
          <DownloadButton
            label={t('export')}
            href={addressOf('GET /connections/{connection}/audit-log/download', {
              path: { connection },
              query: filter,
            })}
          />
        }
      />
      <Filter
        key={`${who} ${action}`}
        who={who}
        action={action}
        onChange={(changes) => setUrl({ ...changes, olderThan: null, before: null })}
      />
      <PageState
        query={log}
        empty={({ items }) =>
          items.length === 0 && (
            <Empty
              title={t(who + action === '' ? 'emptyTitle' : 'noneTitle')}
              what={t(who + action === '' ? 'emptyWhat' : 'noneWhat')}
            />
          )
        }
      >
        {({ items, next }) => (
          <>
            <DataTable
              label={t('common:pages.auditLog')}
              columns={columns}
              rows={items}
              keyOf={({ id }) => String(id)}
              isStale={log.isPlaceholderData}
            />
            <Pager
              rowsBefore={rowsBefore}
              rows={items.length}
              onFirst={olderThan === '' ? null : () => setUrl({ olderThan: null, before: null }, true)}
              onNext={
                next === null
                  ? null
                  : () => setUrl({ olderThan: String(next), before: String(rowsBefore + items.length) }, true)
              }
            />
          </>
        )}
      </PageState>
    </>
  );
}

interface FilterProps {
  readonly who: string;
  readonly action: string;
  readonly onChange: (changes: { readonly who: string; readonly action: string }) => void;
}
/** The server looks for the whole word, so it is asked when one is done typing. */
function Filter(props: FilterProps) {
  const { t } = useTranslation('auditLog');
  const [who, setWho] = useState(props.who);
  const [action, setAction] = useState(props.action);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onChange({ who: who.trim(), action: action.trim() });
      }}
    >
      <Group align="flex-end" mb="md" gap="sm">
        <TextInput
          label={t('filterWho')}
          value={who}
          onChange={({ currentTarget }) => setWho(currentTarget.value)}
        />
        <TextInput
          label={t('filterAction')}
          value={action}
          onChange={({ currentTarget }) => setAction(currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('filter')}
        </Button>
      </Group>
    </form>
  );
}

function useColumns(): readonly Column<Entry>[] {
  const { t } = useTranslation('auditLog');
  const { time } = useFormats();
  return useMemo(
    () => [
      { id: 'at', header: t('at'), cell: ({ at }) => <span className="whole">{time(at)}</span> },
      {
        id: 'who',
        header: t('who'),
        cell: ({ who, whoName }) => (
          <>
            <Text size="sm">{whoName ?? who}</Text>
            {whoName !== null && (
              <Text size="xs" c="dimmed">
                {who}
              </Text>
            )}
          </>
        ),
      },
      { id: 'action', header: t('action'), cell: ({ action }) => <Code>{action}</Code> },
      { id: 'target', header: t('target'), isWide: true, cell: ({ target }) => target },
      {
        id: 'change',
        header: t('change'),
        cell: ({ before, after }) => <Change before={before} after={after} />,
      },
    ],
    [t, time],
  );
}

/** What it was and what it is; long ones are opened on demand. */
function Change({ before, after }: Pick<Entry, 'before' | 'after'>) {
  const { t } = useTranslation('auditLog');
  const words = (value: unknown) => (value === null || value === undefined ? '–' : JSON.stringify(value));
  const text = t('fromTo', { before: words(before), after: words(after) });
  if (before === null && after === null) return null;
  if (text.length <= SHORT)
    return (
      <Text size="xs" style={WRAPPED}>
        {text}
      </Text>
    );
  return (
    <details>
      <summary>{`${text.slice(0, SHORT)}…`}</summary>
      <Text size="xs" style={WRAPPED}>
        {text}
      </Text>
    </details>
  );
}
const SHORT = 80;
const WRAPPED = { overflowWrap: 'anywhere' } as const;
