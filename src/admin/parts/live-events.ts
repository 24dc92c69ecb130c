import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { addressOf, type RouteName } from '../api/call.ts';
import { useAnyConnection } from '../shell/connection.tsx';
import { follow } from './event-stream.ts';

/** What the server says changed is read anew by whatever page shows it. */

type Topic = 'runs' | 'plans' | 'alerts' | 'fleet';
const ROUTES: { readonly [T in Topic]: readonly RouteName[] } = {
  runs: [
    'GET /connections/{connection}',
    'GET /connections/{connection}/runs',
    'GET /connections/{connection}/runs/{run}',
    'GET /connections/{connection}/runs/{run}/failed',
    'GET /connections/{connection}/runs/{run}/requests',
    'GET /connections/{connection}/jobs',
    'GET /connections/{connection}/schedules',
    'GET /connections/{connection}/overview',
    'GET /connections/{connection}/overview/days',
    'GET /connections/{connection}/overview/moves',
    'GET /connections/{connection}/reminders',
  ],
  plans: [
    'GET /connections/{connection}/plans',
    'GET /connections/{connection}/plans/{plan}',
    'GET /connections/{connection}/plans/{plan}/changes',
    'GET /connections/{connection}/overview',
    'GET /connections/{connection}/reminders',
    'GET /connections/{connection}/reminders/caps',
  ],
  alerts: ['GET /connections/{connection}/alerts', 'GET /connections/{connection}/overview'],
  fleet: ['GET /fleet', 'GET /connections'],
};

/** While the page that calls it is open: of its connection. */
export function useLiveEvents(): void {
  const name = useAnyConnection()?.name;
  const route = 'GET /connections/{connection}/live';
  const address = name === undefined ? null : addressOf(route, { path: { connection: name } });
  useTopics(address, ['runs', 'plans', 'alerts']);
}

/** The same of all connections, for who operates the service. */
export function useFleetEvents(): void {
  useTopics(addressOf('GET /fleet/live', {}), ['fleet']);
}

function useTopics(address: string | null, topics: readonly Topic[]): void {
  const queries = useQueryClient();
  const all = topics.join();
  useEffect(() => {
    if (address === null) return;
    return follow(address, (data) => {
      const { changed } = data === null ? { changed: all.split(',') } : JSON.parse(data);
      // As the routes declare it.
      const routes = new Set((changed as readonly Topic[]).flatMap((topic) => ROUTES[topic]));
      for (const route of routes) void queries.invalidateQueries({ queryKey: [route] });
    });
  }, [address, all, queries]);
}
