import { Button, Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../api/hooks.ts';
import { OwnerSelect } from '../../parts/owner-select.tsx';
import { Empty } from '../../parts/page-state.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Language } from '../../shell/texts.ts';

export const STATES = ['open', 'done', 'proposed', 'suppressed'] as const;
export const WHYS = ['cap', 'cool_down', 'no_owner', 'per_record', 'covered_by'] as const;
export type State = (typeof STATES)[number];
/** By the names of the address; an empty text filters nothing. */
export const NO_FILTER = { owner: '', rule: '', why: '' };
export type ReminderFilter = typeof NO_FILTER;

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
}

interface FiltersProps {
  readonly state: State;
  readonly values: ReminderFilter;
  readonly onChange: (changes: Partial<ReminderFilter>) => void;
}
/** By owner, by rule of the playbook, and of those that are kept back by why. */
export function Filters({ state, values, onChange }: FiltersProps) {
  const { t } = useTranslation('reminders');
  const { name: connection } = useConnection();
  const lang = useLanguage();
  const { data, error, refetch } = useApi('GET /connections/{connection}/playbook', {
    path: { connection },
    query: { lang },
  });
  const any = { value: '', label: t('any') };
  const rules = (data?.items ?? []).map(({ id, title }) => ({ value: id, label: title }));
  const isKnown = values.rule === '' || rules.some(({ value }) => value === values.rule);
  return (
    <Group align="flex-end" gap="sm" role="search">
      <OwnerSelect value={values.owner} onChange={(owner) => onChange({ owner })} />
      <NativeSelect
        label={t('rule')}
        value={values.rule}
        maw={280}
        data={[any, ...(isKnown ? [] : [values.rule]), ...rules]}
        onChange={({ currentTarget }) => onChange({ rule: currentTarget.value })}
      />
      {error && <ProblemAlert error={error} onRetry={() => void refetch()} />}
      {state === 'suppressed' && (
        <NativeSelect
          label={t('why')}
          value={values.why}
          maw={280}
          data={[any, ...WHYS.map((value) => ({ value, label: t(`whys.${value}`) }))]}
          onChange={({ currentTarget }) => onChange({ why: currentTarget.value })}
        />
      )}
      {Object.values(values).some((value) => value !== '') && (
        <Button variant="default" onClick={() => onChange(NO_FILTER)}>
          {t('clear')}
        </Button>
      )}
    </Group>
  );
}

export function None({ state }: { readonly state: State }) {
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
