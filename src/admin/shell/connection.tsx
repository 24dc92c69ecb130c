import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'wouter';
import type { AnswerOf } from '../api/call.ts';
import { useApi } from '../api/hooks.ts';
import { Loading } from '../parts/page-state.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { ADDRESSES } from './addresses.ts';

/** The connection that the address names: its org, currency and time zone, and what one may do there. */

export type ConnectionDetail = AnswerOf<'GET /connections/{connection}'> & {
  /** May this person change anything there? */
  readonly canWrite: boolean;
};
const ConnectionContext = createContext<ConnectionDetail | null>(null);
const KEPT_AS = 'zcv-connection';

export function useConnection(): ConnectionDetail {
  const connection = useContext(ConnectionContext);
  if (connection === null) throw new Error('useConnection is for pages beneath /c/:connection');
  return connection;
}

/** null on pages that are about no connection. */
export function useAnyConnection(): ConnectionDetail | null {
  return useContext(ConnectionContext);
}

/** Where this browser was last. */
export function lastConnection(): string | null {
  return localStorage.getItem(KEPT_AS);
}

export function ConnectionGate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { connection: name = '' } = useParams();
  const connection = decodeURIComponent(name);
  const { data, error, refetch } = useApi('GET /connections/{connection}', { path: { connection } });
  useEffect(() => {
    if (data) localStorage.setItem(KEPT_AS, data.name);
  }, [data]);
  if (data) {
    return (
      <ConnectionContext value={{ ...data, canWrite: data.role === 'admin' }}>{children}</ConnectionContext>
    );
  }
  if (!error) return <Loading />;
  const elsewhere = { label: t('goTo.connections'), to: ADDRESSES.fleet };
  return <ProblemAlert error={error} onRetry={() => void refetch()} elsewhere={elsewhere} />;
}
