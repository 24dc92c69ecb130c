import { Code, NativeSelect } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { OurField } from './mapping.tsx';

const POLICIES = ['ours', 'theirs', 'report'] as const;

export function OurFields({ fields }: { readonly fields: readonly OurField[] }) {
  const { t } = useTranslation('mapping');
  const { name: connection, canWrite } = useConnection();
  const { mutate, error } = useWrite('PATCH /connections/{connection}/settings', [
    'GET /connections/{connection}/mapping',
  ]);
  const columns = useMemo<readonly Column<OurField>[]>(() => {
    const choose = (setting: string, chosen: string) =>
      mutate(
        { path: { connection }, body: { set: { [setting]: chosen } } },
        { onSuccess: ({ version }) => tellDone(t('ours.saved', { version })) },
      );
    return [
      {
        id: 'value',
        header: t('value'),
        // One beneath the other, so that a phone has room for both.
        cell: ({ label, module, apiName }) => (
          <>
            <b>{label}</b>
            <br />
            <Code style={{ overflowWrap: 'anywhere' }}>
              {module}.{apiName}
            </Code>
          </>
        ),
      },
      { id: 'type', header: t('type'), isWide: true, cell: ({ type }) => type ?? '–' },
      {
        id: 'direction',
        header: t('ours.direction'),
        isWide: true,
        cell: ({ direction }) => t(`ours.directions.${direction}`),
      },
      {
        id: 'onEdit',
        header: t('ours.onEdit'),
        cell: ({ onEdit, setting, module, label }) => {
          if (onEdit === null) return t('ours.nobody');
          if (setting === null || !canWrite) return t(`ours.policies.${onEdit}`);
          return (
            <NativeSelect
              size="xs"
              miw={140}
              aria-label={t('ours.onEditOf', { label: `${module} · ${label}` })}
              value={onEdit}
              data={POLICIES.map((value) => ({ value, label: t(`ours.policies.${value}`) }))}
              onChange={({ currentTarget }) => choose(setting, currentTarget.value)}
            />
          );
        },
      },
      {
        id: 'state',
        header: t('ours.state'),
        isWide: true,
        cell: ({ state }) => <span className="whole">{t(`ours.states.${state}`)}</span>,
      },
    ];
  }, [t, connection, canWrite, mutate]);
  return (
    <Section title={t('ours.title')} what={t('ours.what')}>
      {error && <ProblemAlert error={error} />}
      <DataTable
        label={t('ours.title')}
        columns={columns}
        rows={fields}
        keyOf={({ module, key }) => `${module}.${key}`}
      />
    </Section>
  );
}
