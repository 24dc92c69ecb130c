import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { addressOf, type RouteName } from '../api/call.ts';
import { useAnyConnection } from '../shell/connection.tsx';

/** What the server says changed is read anew by whatever page shows it. */

type Topic = 'runs' | 'plans' | 'alerts';
const ROUTES: { readonly [T in Topic]: readonly RouteName[] } = {
  runs: [
    'GET /connections/{connection}/runs',
    'GET /connections/{connection}/runs/{run}',
    'GET /connections/{connection}/jobs',
    'GET /connections/{connection}/schedules',
    'GET /connections/{connection}/overview',
  ],
  plans: [
    'GET /connections/{connection}/plans',
    'GET /connections/{connection}/plans/{plan}',
    'GET /connections/{connection}/plans/{plan}/changes',
  ],
  alerts: ['GET /connections/{connection}/alerts', 'GET /connections/{connection}/overview'],
};

/** While the page that calls it is open. The browser itself comes again after a broken connection. */
export function useLiveEvents(): void {
  const queries = useQueryClient();
  const name = useAnyConnection()?.name;
  useEffect(() => {
    if (name === undefined) return;
    const source = new EventSource(
      addressOf('GET /connections/{connection}/live', { path: { connection: name } }),
    );
    source.addEventListener('message', ({ data }) => {
      const { changed } = JSON.parse(data) as { readonly changed: readonly Topic[] }; // as the route declares it
      for (const route of new Set(changed.flatMap((topic) => ROUTES[topic])))
        void queries.invalidateQueries({ queryKey: [route] });
    });
    return () => source.close();
  }, [name, queries]);
}
