import { Checkbox, Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CONTACT_STATUSES, PHASES, TIERS } from '../../parts/codes.tsx';
import { SearchField } from '../../parts/search-field.tsx';

/** As the route calls them; an empty text filters nothing. */
export const NO_FILTER = { search: '', tier: '', phase: '', contactStatus: '', gold: '' };
type Filter = typeof NO_FILTER;

interface FiltersProps {
  readonly values: Filter;
  readonly onChange: (changes: Partial<Filter>) => void;
}
export function Filters({ values, onChange }: FiltersProps) {
  const { t } = useTranslation(['customers', 'common']);
  const any = { value: '', label: t('any') };
  return (
    <Group align="flex-end" mb="md" gap="sm" role="search">
      <SearchField label={t('search')} value={values.search} onChange={(search) => onChange({ search })} />
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
