import { Button, Code, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type AnswerOf, addressOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import type { Column } from '../../parts/data-table.tsx';
import { DownloadButton } from '../../parts/download-button.tsx';
import { useFormats } from '../../parts/formats.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Empty } from '../../parts/page-state.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';

const ROUTE = 'GET /connections/{connection}/audit-log';
type Entry = AnswerOf<typeof ROUTE>['items'][number];
const KNOWN = 'GET /connections/{connection}/audit-log/known';
const NO_FILTER = { who: '', action: '', fromDay: '', untilDay: '' };
const PAGE = 50;

/** Who did what and when, and what it was before. Nobody can change it. */
export default function AuditLog() {
  const { t } = useTranslation(['auditLog', 'common']);
  const { name: connection, canWrite } = useConnection();
  const [{ olderThan, before, ...values }, setUrl] = useUrlState({
    ...NO_FILTER,
    olderThan: '',
    before: '0',
  });
  const filter = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const isFiltered = Object.keys(filter).length > 0;
  const rowsBefore = Number(before) || 0;
  const pages = {
    rowsBefore,
    toFirst: olderThan === '' ? null : () => setUrl({ olderThan: null, before: null }, true),
    toNext: (next: number | null, rows: number) =>
      next === null
        ? null
        : () => setUrl({ olderThan: String(next), before: String(rowsBefore + rows) }, true),
  };
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
      <Filter values={values} onChange={(changes) => setUrl({ ...changes, olderThan: null, before: null })} />
      <PagedTable
        query={log}
        pages={pages}
        empty={
          <Empty
            title={t(isFiltered ? 'noneTitle' : 'emptyTitle')}
            what={t(isFiltered ? 'noneWhat' : 'emptyWhat')}
          />
        }
        label={t('common:pages.auditLog')}
        columns={columns}
        keyOf={({ id }) => String(id)}
      />
    </>
  );
}

interface FilterProps {
  readonly values: typeof NO_FILTER;
  readonly onChange: (changes: Partial<typeof NO_FILTER>) => void;
}
/** By a person or program, a deed or a kind of deeds, and days in the org's time zone. */
function Filter({ values, onChange }: FilterProps) {
  const { t } = useTranslation('auditLog');
  const { name: connection } = useConnection();
  const { data, error, refetch } = useApi(KNOWN, { path: { connection } });
  const kinds = [...new Set((data?.actions ?? []).map((action) => action.split('.')[0] ?? action))];
  const people = (data?.who ?? []).map(({ who, name }) => ({ value: who, label: name ?? who }));
  const deeds = kinds.flatMap((kind) => {
    const actions = (data?.actions ?? []).filter((action) => action.startsWith(`${kind}.`));
    return [
      { value: kind, label: actions.length > 0 ? t('allOf', { kind }) : kind },
      ...actions.map((value) => ({ value, label: value })),
    ];
  });
  return (
    <Group align="flex-end" mb="md" gap="sm" role="search">
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      <NativeSelect
        label={t('who')}
        value={values.who}
        maw={220}
        data={[{ value: '', label: t('anybody') }, ...withValue(people, values.who)]}
        onChange={({ currentTarget }) => onChange({ who: currentTarget.value })}
      />
      <NativeSelect
        label={t('action')}
        value={values.action}
        maw={260}
        data={[{ value: '', label: t('anything') }, ...withValue(deeds, values.action)]}
        onChange={({ currentTarget }) => onChange({ action: currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t('from')}
        value={values.fromDay}
        max={values.untilDay}
        onChange={({ currentTarget }) => onChange({ fromDay: currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t('until')}
        value={values.untilDay}
        min={values.fromDay}
        onChange={({ currentTarget }) => onChange({ untilDay: currentTarget.value })}
      />
      {Object.values(values).some((value) => value !== '') && (
        <Button variant="default" onClick={() => onChange(NO_FILTER)}>
          {t('clear')}
        </Button>
      )}
    </Group>
  );
}

type Choice = { readonly value: string; readonly label: string };
/** An address may name one that there is not. */
function withValue(choices: readonly Choice[], value: string): Choice[] {
  const isThere = value === '' || choices.some((choice) => choice.value === value);
  return isThere ? [...choices] : [{ value, label: value }, ...choices];
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
