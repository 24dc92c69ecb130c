import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aWebWorld, type Browser, type WebWorld } from '../support/web-world.ts';
import { aSeed } from './setup-world.ts';

const PATH = '/api/v1/connections/mine/live';

async function aLinkedWorld(most?: Parameters<typeof aWebWorld>[3]): Promise<WebWorld> {
  const world = await aWebWorld(aSeed(), {}, false, most);
  await world.app.connect({ name: 'mine', refreshToken: world.simulator.refreshToken });
  return world;
}
async function connectionId({ app }: WebWorld): Promise<string> {
  return (await app.connection('mine')).id;
}

/** The next event, as it came; undefined at the end of the stream. Beats are passed over. */
async function listen(visitor: Browser, { path = PATH, lastId }: { path?: string; lastId?: string } = {}) {
  const answer = await visitor.go(path, lastId === undefined ? {} : { headers: { 'last-event-id': lastId } });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('no body');
  let buffer = '';
  const next = async (): Promise<string | undefined> => {
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end >= 0) {
        const event = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        return event;
      }
      const { value, done } = await reader.read();
      if (done) return;
      buffer += value;
    }
  };
  return { answer, next, leave: () => reader.cancel() };
}
/** Past what every stream begins with: when to come again, and what is seen. */
async function listening(visitor: Browser, options: Parameters<typeof listen>[1] = {}) {
  const stream = await listen(visitor, options);
  expect(await stream.next()).toMatch(/^retry: \d{4}$/);
  const id = (await stream.next())?.replace('id: ', '') ?? '';
  return { ...stream, id };
}
const dataOf = (event = '') =>
  event
    .split('\n')
    .find((line) => line.startsWith('data: '))
    ?.slice(6);

describe('a stream of events', () => {
  let world: WebWorld;
  let connection = '';
  beforeAll(async () => {
    world = await aLinkedWorld();
    connection = await connectionId(world);
  });
  afterAll(() => world.close());

  test('a run that starts and ends is told to open pages, by its kind alone', async () => {
    const { answer, next, leave } = await listening(await world.operator());
    const { runs } = world.app.store;

    const run = await runs.start(connection, 'sync', {}, world.app.clock.now());
    const atStart = await next();
    await runs.finish(run, 'done', { secret: 'of the run' }, world.app.clock.now());
    const atEnd = await next();
    await leave();

    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect([dataOf(atStart), dataOf(atEnd)]).toEqual(['{"changed":["runs"]}', '{"changed":["runs"]}']);
  });

  test('who comes again hears at once what changed meanwhile, and nothing where nothing did', async () => {
    const ops = await world.operator();
    const first = await listening(ops);
    await first.leave();
    const same = await listening(ops, { lastId: first.id });
    expect(same.id).toBe(first.id);
    await same.leave();

    const { alerts } = world.app.store;
    const alert = {
      code: 'schema_drift',
      severity: 'warning',
      message: 'a field is gone',
      params: {},
    } as const;
    await alerts.raise(connection, alert, world.app.clock.now());
    const again = await listening(ops, { lastId: first.id });

    expect(dataOf(await again.next())).toBe('{"changed":["alerts"]}');
    await again.leave();
  });

  test('a quiet stream beats, and ends after its turn', async () => {
    const { next } = await listening(await world.operator());

    world.later(16_000);
    expect(await next()).toBe(':');
    world.later(6 * 60_000);
    expect(await next()).toBeUndefined();
  });

  test('who operates the service hears of all connections', async () => {
    const { next, leave } = await listening(await world.operator(), { path: '/api/v1/fleet/live' });

    await world.app.store.connections.setMode(connection, 'read-only');
    world.later(6_000);

    expect(dataOf(await next())).toBe('{"changed":["fleet"]}');
    await leave();
    expect((await (await world.signedIn('ann')).go('/api/v1/fleet/live')).status).toBe(403);
  });

  test('nobody listens without signing in', async () => {
    expect((await world.browser().go(PATH)).status).toBe(401);
  });
});

describe('too many streams', () => {
  const PROBLEM = 'application/problem+json; charset=utf-8';
  async function refusal(visitor: Browser) {
    const answer = await visitor.go(PATH);
    const { code } = (await answer.json()) as { code: string };
    return [answer.status, code, answer.headers.get('retry-after'), answer.headers.get('content-type')];
  }
  const openIn = async (world: WebWorld) => (await world.browser().go('/metrics')).text();

  test('of one person are refused with when to ask again, and who leaves makes room', async () => {
    const world = await aLinkedWorld({ perCaller: 2, perSubject: 9, all: 9 });
    const ops = await world.operator();
    const [first, second] = [await listening(ops), await listening(ops)];

    expect(await refusal(ops)).toEqual([429, 'too_many_requests', '30', PROBLEM]);
    const other = await listening(await world.signedIn('ann'));
    await first.leave();
    await expect.poll(() => openIn(world)).toContain('zcv_live_streams 2');
    const third = await listening(ops);

    for (const { leave } of [second, other, third]) await leave();
    await world.close();
  });

  test.each([
    ['of one connection', { perCaller: 9, perSubject: 1, all: 9 }],
    ['on one server', { perCaller: 9, perSubject: 9, all: 1 }],
  ])('%s are refused with when to ask again', async (_where, most) => {
    const world = await aLinkedWorld(most);
    const { leave } = await listening(await world.operator());

    expect(await refusal(await world.signedIn('ann'))).toEqual([503, 'busy', '30', PROBLEM]);

    await leave();
    await world.close();
  });
});

test('a server that stops ends its streams in order, before it would cut them', async () => {
  const world = await aLinkedWorld();
  const { next } = await listening(await world.operator());

  const stopping = world.close();
  const last = await next();
  await stopping;

  expect(last).toBeUndefined();
});
