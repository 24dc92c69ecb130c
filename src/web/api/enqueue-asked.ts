import { z } from 'zod';
import type { Connection } from '../../domain.ts';
import type { JobPayload } from '../../jobs/queue.ts';
import type { ApiDeps } from '../api-routes.ts';

/** What is answered to whoever starts long work: it waits in the queue, and its run appears among the runs. */
export const Accepted = z.strictObject({
  job: z.string(),
  fresh: z.boolean().meta({ description: 'False: the same was asked already and still waits' }),
});

export async function enqueueAsked(
  { queue, clock }: Pick<ApiDeps, 'queue' | 'clock'>,
  connection: Connection,
  payload: JobPayload<'asked'>,
): Promise<z.infer<typeof Accepted>> {
  const { id, fresh } = await queue.enqueue({
    connection: connection.id,
    name: 'asked',
    payload,
    singletonKey: `asked:${connection.id}:${payload.what}:${aboutOf(payload)}`,
    runAt: clock.now(),
  });
  return { job: id, fresh };
}

/** What tells two askings of the same kind apart. */
function aboutOf(payload: JobPayload<'asked'>): string {
  if ('plan' in payload) return payload.plan;
  if ('run' in payload) return payload.run;
  if ('version' in payload) return String(payload.version);
  return 'sets' in payload ? `${payload.sets.join('+')}:${payload.max ?? 'all'}` : '';
}
