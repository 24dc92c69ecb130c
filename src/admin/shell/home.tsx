import { useTranslation } from 'react-i18next';
import { Redirect } from 'wouter';
import { Empty } from '../parts/page-state.tsx';
import { ADDRESSES, pagePath } from './addresses.ts';
import { lastConnection } from './connection.tsx';
import { useMe } from './session.tsx';

/** `/` leads to the overview of the connection that was looked at last. */
export function Home() {
  const { t } = useTranslation();
  const { connections } = useMe();
  const kept = connections.find(({ name }) => name === lastConnection()) ?? connections[0];
  if (kept) return <Redirect to={pagePath(kept.name, 'overview')} replace />;
  return (
    <Empty
      title={t('noConnection.title')}
      what={t('noConnection.what')}
      next={{ label: t('noConnection.connect'), to: ADDRESSES.link }}
    />
  );
}
