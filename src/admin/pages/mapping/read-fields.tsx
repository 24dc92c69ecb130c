import { Button, Code, NativeSelect, Text, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWrite } from '../../api/hooks.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Section } from '../../parts/section.tsx';
import { tellDone } from '../../parts/toasts.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { ReadField } from './mapping.tsx';

/** One module at a time: there are more than a hundred values. */
export function ReadFields({ fields }: { readonly fields: readonly ReadField[] }) {
  const { t } = useTranslation('mapping');
  const [{ module }, setUrl] = useUrlState({ module: 'Deals' });
  const [changing, setChanging] = useState<ReadField | null>(null);
  const modules = [...new Set(fields.map((field) => field.module))];
  const shown = fields.filter((field) => field.module === module);
  // Before the first sync nobody knows which fields there are.
  const isKnown = shown.some(({ apiName }) => apiName !== null);
  const columns = useColumns(isKnown, setChanging);
  return (
    <Section
      title={t('read.title')}
      what={t('read.what')}
      actions={
        <NativeSelect
          size="xs"
          label={t('module')}
          value={module}
          data={modules}
          onChange={({ currentTarget }) => setUrl({ module: currentTarget.value })}
        />
      }
    >
      <DataTable label={t('read.title')} columns={columns} rows={shown} keyOf={({ input }) => input} />
      {changing && <Change key={changing.setting} field={changing} onClose={() => setChanging(null)} />}
    </Section>
  );
}

function Change({ field, onClose }: { readonly field: ReadField; readonly onClose: () => void }) {
  const { t } = useTranslation(['mapping', 'common']);
  const { name: connection } = useConnection();
  const [typed, setTyped] = useState(field.names.join(', '));
  const write = useWrite('PATCH /connections/{connection}/settings', [
    'GET /connections/{connection}/mapping',
  ]);
  const title = t('read.changeOf', { input: `${field.module}.${field.input}` });
  const save = () => {
    const names = typed
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const value = names.length > 1 ? names : (names[0] ?? null);
    write.mutate(
      { path: { connection }, body: { set: { [field.setting]: value } } },
      {
        onSuccess: ({ version }) => {
          tellDone(t('read.saved', { version }));
          onClose();
        },
      },
    );
  };
  return (
    <Confirm
      isOpen
      title={title}
      deed={t('common:save')}
      isBusy={write.isPending}
      error={write.error}
      onConfirm={save}
      onClose={onClose}
    >
      <TextInput
        label={t('read.typed')}
        description={t('read.typedWhat')}
        data-autofocus
        maxLength={1_000}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      />
    </Confirm>
  );
}

function useColumns(isKnown: boolean, onChange: (field: ReadField) => void): readonly Column<ReadField>[] {
  const { t } = useTranslation('mapping');
  const { canWrite } = useConnection();
  return useMemo(() => {
    const columns: Column<ReadField>[] = [
      { id: 'value', header: t('value'), cell: ({ input }) => <b>{input}</b> },
      {
        id: 'field',
        header: t('field'),
        cell: ({ apiName, names }) => {
          if (apiName !== null) return <Code style={{ overflowWrap: 'anywhere' }}>{apiName}</Code>;
          const why = names.length === 0 ? 'not' : isKnown ? 'none' : 'unknown';
          return (
            <Text size="sm" c="dimmed">
              {t(`read.${why}`)}
            </Text>
          );
        },
      },
      { id: 'type', header: t('type'), isWide: true, cell: ({ type }) => type ?? '–' },
      {
        id: 'names',
        header: t('read.names'),
        isWide: true,
        cell: ({ names }) => (names.length === 0 ? '–' : names.join(', ')),
      },
    ];
    if (!canWrite) return columns;
    const change: Column<ReadField> = {
      id: 'change',
      header: '',
      isNumber: true,
      cell: (field) => (
        <Button
          size="xs"
          variant="default"
          aria-label={`${t('read.change')}: ${field.input}`}
          onClick={() => onChange(field)}
        >
          {t('read.change')}
        </Button>
      ),
    };
    return [...columns, change];
  }, [t, isKnown, canWrite, onChange]);
}
