import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useApi } from '../api/hooks.ts';
import { useConnection } from '../shell/connection.tsx';
import { useFormats } from './formats.ts';
import { ProblemAlert } from './problem-alert.tsx';

interface OwnerSelectProps {
  /** Zoho id of a user; empty: anybody. */
  readonly value: string;
  readonly onChange: (owner: string) => void;
  /** Tells how many customers each has. */
  readonly isCounted?: boolean;
}

/** Users of the org, and whoever owns a customer without being one any more. */
export function OwnerSelect({ value, onChange, isCounted = false }: OwnerSelectProps) {
  const { t } = useTranslation();
  const { number } = useFormats();
  const { name: connection } = useConnection();
  const { data, error, refetch } = useApi('GET /connections/{connection}/owners', { path: { connection } });
  if (error && data === undefined) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  const owners = data?.items ?? [];
  const isKnown = value === '' || owners.some(({ id }) => id === value);
  return (
    <NativeSelect
      label={t('owners.owner')}
      value={value}
      maw={220}
      data={[
        { value: '', label: t('owners.any') },
        ...(isKnown ? [] : [{ value, label: value }]),
        ...owners.map(({ id, name, customers }) => ({
          value: id,
          label: isCounted ? `${name ?? id} (${number(customers)})` : (name ?? id),
        })),
      ]}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
