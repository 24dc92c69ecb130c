import { Anchor, Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';
import type { Change } from './routes.ts';

/** The name leads to the page of the customer; leads have a list only. */
export function Whom({
  name,
  module,
  id,
}: {
  readonly name: string;
  readonly module: string;
  readonly id: string;
}) {
  const { name: connection } = useConnection();
  const to =
    module === 'Leads' ? pagePath(connection, 'leads') : pagePath(connection, 'customer', { customer: id });
  return (
    <Anchor component={Link} href={to} size="sm" fw={500}>
      {name}
    </Anchor>
  );
}

export function Fate({ done, leftOut }: Pick<Change, 'done' | 'leftOut'>) {
  const { t } = useTranslation('plan');
  if (!done && !leftOut) return <span className="whole">{t('fate.pending')}</span>;
  return (
    <Badge variant="default" tt="none" miw="max-content">
      {t(done ? 'fate.done' : 'fate.leftOut')}
    </Badge>
  );
}
