import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import { pagePath } from '../../shell/addresses.ts';
import { useConnection } from '../../shell/connection.tsx';

export function CustomerLink({ id, name }: { readonly id: string; readonly name: string }) {
  const { name: connection } = useConnection();
  return (
    <Anchor component={Link} href={pagePath(connection, 'customer', { customer: id })} size="sm">
      {name}
    </Anchor>
  );
}
