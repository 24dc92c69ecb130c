import { useRoute } from 'wouter';
import { lastConnection } from './connection.tsx';
import { useMe } from './session.tsx';

/** The connection that the address names, else the one looked at last, else the first; null: there is none. */
export function useConnectionName(): string | null {
  const [isThere, params] = useRoute('/c/:connection/*?');
  const { connections } = useMe();
  if (isThere) return decodeURIComponent(params.connection);
  const kept = connections.find(({ name }) => name === lastConnection()) ?? connections[0];
  return kept?.name ?? null;
}
