import { z } from 'zod';
import type { SuppressedTask } from '../changes.ts';
import { addDays } from '../days.ts';
import type { Connection } from '../domain.ts';
import { ConflictError } from '../errors.ts';
import { type Digest, DigestComposer, type OrgQuality } from '../notify/compose-digest.ts';
import type { LineDeps } from './line.ts';

const CHUNK = 500;
const WEEK_DAYS = 7;

/** What the week until the last scoring brought, of stored data alone; kept, and told anew it takes the old one's place. */
export async function runDigest(
  deps: Pick<LineDeps, 'store' | 'clock' | 'log'>,
  { connection }: { connection: Connection },
): Promise<Digest[]> {
  const { store } = deps;
  const baseline = await store.baselines.latest(connection.id);
  if (!baseline) throw new ConflictError('nothing was scored yet; run: zcv score');
  const until = baseline.asOf;
  const from = addDays(until, 1 - WEEK_DAYS);
  const users = await store.users.all(connection.id);
  const composer = new DigestComposer({
    ...{ from, until },
    users: new Map(users.filter(({ active }) => active).map(({ id, name }) => [id, name])),
    moves: await store.scores.moves(connection.id, addDays(from, -1), until),
    reminders: await store.reminders.all(connection.id),
    suppressed: await suppressedTasks(deps, connection),
  });
  for await (const scores of store.scores.inKeyOrder(connection.id, CHUNK))
    for (const score of scores) composer.add(score);
  const digests = composer.finish(await orgQuality(deps, connection));
  await store.digests.save(
    connection.id,
    digests.map((body) => ({ until, ownerId: body.ownerId, body })),
    deps.clock.now(),
  );
  deps.log.info({ connection: connection.name, until, digests: digests.length }, 'digests made');
  return digests;
}

/** What the last plan did not make. */
async function suppressedTasks(
  { store }: Pick<LineDeps, 'store'>,
  connection: Connection,
): Promise<SuppressedTask[]> {
  const plan = await store.plans.latest(connection.id);
  const tasks: SuppressedTask[] = [];
  if (!plan) return tasks;
  for await (const items of store.plans.items(plan.id, CHUNK))
    for (const item of items) if (item.kind === 'suppressed') tasks.push(item.task);
  return tasks;
}

// A run that failed, or was written by an older version, tells nothing.
const LastScore = z.object({
  unmatchedDeals: z.number().default(0),
  issues: z.record(z.string(), z.number()).default({}),
});

export async function orgQuality(
  { store }: Pick<LineDeps, 'store'>,
  connection: Connection,
): Promise<OrgQuality> {
  const run = await store.runs.latest(connection.id, 'score');
  const { unmatchedDeals, issues } = LastScore.safeParse(run?.summary).data ?? {
    unmatchedDeals: 0,
    issues: {},
  };
  const total = (counts: { readonly [name: string]: number }) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    unmatchedDeals,
    setAside: total(await store.quarantine.count(connection.id)),
    oddities: total(issues),
  };
}
