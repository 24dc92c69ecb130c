import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { pageAt, pagePath } from './addresses.ts';
import { useConnectionName } from './here.ts';
import { useMe } from './session.tsx';

/** Shows the same page of another connection; from one customer of an org it leads to the list of the other's. */
export function ConnectionSwitcher() {
  const { t } = useTranslation();
  const { connections } = useMe();
  const connection = useConnectionName();
  const [path, navigate] = useLocation();
  if (connection === null) return null;
  const choose = (name: string) => {
    navigate(pagePath(name, pageAt(path) ?? 'overview'));
  };
  return (
    <NativeSelect
      size="xs"
      miw={0}
      aria-label={t('connection')}
      value={connection}
      data={connections.map(({ name }) => name)}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    />
  );
}
