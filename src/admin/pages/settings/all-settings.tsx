import { Button, Checkbox, Code, Group, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import type { Setting } from './settings.tsx';

/** Layers that all connections share. */
const SHARED = ['default', 'base'];
const FIRST_ROWS = 50;

/** Every key with its value and layer. They are some hundreds and come in one answer, so they are searched here. */
export function AllSettings({ settings }: { readonly settings: readonly Setting[] }) {
  const { t } = useTranslation('settings');
  // Hundreds of rows at once tell nobody anything: what is this connection's own comes first.
  const [{ search, all }, setUrl] = useUrlState({ search: '', all: '' });
  const [isLong, setLong] = useState(false);
  const columns = useColumns();
  const wanted = search.trim().toLowerCase();
  const fitting = settings.filter(
    ({ key, origin }) =>
      key.toLowerCase().includes(wanted) &&
      (all === 'true' || wanted !== '' || !SHARED.some((shared) => origin.startsWith(shared))),
  );
  const shown = isLong ? fitting : fitting.slice(0, FIRST_ROWS);
  return (
    <Section title={t('all.title')} what={t('all.what')}>
      <Group align="flex-end" mb="sm" role="search">
        <TextInput
          type="search"
          label={t('all.search')}
          leftSection={<IconSearch size={16} />}
          w={{ base: '100%', xs: 280 }}
          value={search}
          onChange={({ currentTarget }) => setUrl({ search: currentTarget.value })}
        />
        <Checkbox
          label={t('all.changedOnly')}
          checked={all !== 'true' && wanted === ''}
          disabled={wanted !== ''}
          mb={8}
          onChange={({ currentTarget }) => setUrl({ all: currentTarget.checked ? null : 'true' })}
        />
      </Group>
      {fitting.length === 0 ? (
        <Text size="sm">{t(wanted === '' ? 'all.nothingOwn' : 'all.none')}</Text>
      ) : (
        <>
          <Text size="sm" c="dimmed" role="status" mb="xs">
            {t('all.shown', { count: fitting.length })}
          </Text>
          <DataTable label={t('all.title')} columns={columns} rows={shown} keyOf={({ key }) => key} />
        </>
      )}
      {shown.length < fitting.length && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setLong(true)}>
          {t('all.more', { count: fitting.length - shown.length })}
        </Button>
      )}
    </Section>
  );
}

function useColumns(): readonly Column<Setting>[] {
  const { t } = useTranslation('settings');
  return useMemo(
    () => [
      {
        id: 'key',
        header: t('all.key'),
        cell: ({ key }) => <Code style={{ overflowWrap: 'anywhere' }}>{key}</Code>,
      },
      {
        id: 'value',
        header: t('all.value'),
        cell: ({ value }) => (
          <Text size="sm" lineClamp={3} maw={420} style={{ overflowWrap: 'anywhere' }}>
            {typeof value === 'string' ? value : JSON.stringify(value)}
          </Text>
        ),
      },
      { id: 'origin', header: t('all.origin'), isWide: true, cell: ({ origin }) => origin },
    ],
    [t],
  );
}
