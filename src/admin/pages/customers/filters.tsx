import { Checkbox, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CONTACT_STATUSES, PHASES, TIERS } from '../../parts/codes.tsx';

/** As the route calls them; an empty text filters nothing. */
export const NO_FILTER = { search: '', tier: '', phase: '', contactStatus: '', gold: '' };
type Filter = typeof NO_FILTER;
const TYPING_MS = 250;

interface FiltersProps {
  readonly values: Filter;
  readonly onChange: (changes: Partial<Filter>) => void;
}
export function Filters({ values, onChange }: FiltersProps) {
  const { t } = useTranslation(['customers', 'common']);
  const [typed, setTyped] = useState(values.search);
  useEffect(() => setTyped(values.search), [values.search]);
  const search = useDebouncedCallback((text: string) => onChange({ search: text.trim() }), TYPING_MS);
  const any = { value: '', label: t('any') };
  return (
    <Group align="flex-end" mb="md" gap="sm" role="search">
      <TextInput
        type="search"
        label={t('search')}
        leftSection={<IconSearch size={16} />}
        value={typed}
        w={{ base: '100%', xs: 240 }}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          search(currentTarget.value);
        }}
      />
      <NativeSelect
        label={t('tier')}
        value={values.tier}
        data={[any, ...TIERS.map((value) => ({ value, label: t(`common:tiers.${value}`) }))]}
        onChange={({ currentTarget }) => onChange({ tier: currentTarget.value })}
      />
      <NativeSelect
        label={t('phase')}
        value={values.phase}
        data={[any, ...PHASES.map((value) => ({ value, label: t(`common:phases.${value}`) }))]}
        onChange={({ currentTarget }) => onChange({ phase: currentTarget.value })}
      />
      <NativeSelect
        label={t('contact')}
        value={values.contactStatus}
        data={[
          any,
          ...CONTACT_STATUSES.map((value) => ({ value, label: t(`common:contactStatuses.${value}`) })),
        ]}
        onChange={({ currentTarget }) => onChange({ contactStatus: currentTarget.value })}
      />
      <Checkbox
        label={t('goldOnly')}
        checked={values.gold === 'true'}
        mb={8}
        onChange={({ currentTarget }) => onChange({ gold: currentTarget.checked ? 'true' : '' })}
      />
    </Group>
  );
}
