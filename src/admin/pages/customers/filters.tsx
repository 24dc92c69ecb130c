import { Checkbox, Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CONTACT_STATUSES, PHASES, TIERS } from '../../parts/codes.tsx';
import { OwnerSelect } from '../../parts/owner-select.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import type { NO_FILTER } from './list-state.ts';

type Filter = typeof NO_FILTER;
const QUIET_DAYS = ['30', '60', '90', '180', '365'];

interface FiltersProps {
  readonly values: Filter;
  readonly onChange: (changes: Partial<Filter>) => void;
}
export function Filters({ values, onChange }: FiltersProps) {
  const { t } = useTranslation(['customers', 'common']);
  const any = { value: '', label: t('any') };
  /** A view or an address may name several; the choice shows them as they are. */
  const choice = <Code extends string>(
    name: 'tier' | 'phase' | 'contactStatus',
    codes: readonly Code[],
    word: (code: Code) => string,
  ) => {
    const words = values[name].split(',').map((part) => {
      const code = codes.find((known) => known === part);
      return code ? word(code) : part;
    });
    return {
      value: values[name],
      data: [
        any,
        ...(values[name].includes(',') ? [{ value: values[name], label: words.join(', ') }] : []),
        ...codes.map((value) => ({ value, label: word(value) })),
      ],
    };
  };
  return (
    <Group align="flex-end" mb="md" gap="sm" role="search">
      <SearchField label={t('search')} value={values.search} onChange={(search) => onChange({ search })} />
      <NativeSelect
        label={t('tier')}
        {...choice('tier', TIERS, (code) => t(`common:tiers.${code}`))}
        onChange={({ currentTarget }) => onChange({ tier: currentTarget.value })}
      />
      <NativeSelect
        label={t('phase')}
        {...choice('phase', PHASES, (code) => t(`common:phases.${code}`))}
        onChange={({ currentTarget }) => onChange({ phase: currentTarget.value })}
      />
      <NativeSelect
        label={t('contact')}
        {...choice('contactStatus', CONTACT_STATUSES, (code) => t(`common:contactStatuses.${code}`))}
        onChange={({ currentTarget }) => onChange({ contactStatus: currentTarget.value })}
      />
      <OwnerSelect value={values.owner} onChange={(owner) => onChange({ owner })} isCounted />
      <NativeSelect
        label={t('quiet')}
        value={values.quietDays}
        data={[
          any,
          ...[...new Set([...QUIET_DAYS, values.quietDays])]
            .filter((days) => days !== '')
            .toSorted((a, b) => Number(a) - Number(b))
            .map((value) => ({ value, label: t('quietDays', { count: Number(value) }) })),
        ]}
        onChange={({ currentTarget }) => onChange({ quietDays: currentTarget.value })}
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
