import { afterAll, beforeAll, expect, test } from 'vitest';
import { aWebWorld, type WebWorld } from '../support/web-world.ts';
import { aSeed } from './setup-world.ts';

let world: WebWorld;
let connection = '';
beforeAll(async () => {
  world = await aWebWorld(aSeed());
  const linked = await world.app.connect({ name: 'mine', refreshToken: world.simulator.refreshToken });
  connection = linked.connection.id;
});
afterAll(() => world.close());

async function listen() {
  const answer = await (await world.operator()).go('/api/v1/connections/mine/live');
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error('no body');
  const next = async () => (await reader.read()).value;
  expect(await next()).toBe(':\n\n');
  return { answer, reader, next };
}

test('a run that starts and ends is told to open pages, by its kind alone', async () => {
  const { answer, reader, next } = await listen();
  const { runs } = world.app.store;

  const run = await runs.start(connection, 'sync', {}, world.app.clock.now());
  const atStart = await next();
  await runs.finish(run, 'done', { secret: 'of the run' }, world.app.clock.now());
  const atEnd = await next();
  await reader.cancel();

  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect([atStart, atEnd]).toEqual(['data: {"changed":["runs"]}\n\n', 'data: {"changed":["runs"]}\n\n']);
});

test('a quiet stream beats, and ends after its turn', async () => {
  const { next } = await listen();

  world.later(16_000);
  expect(await next()).toBe(':\n\n');
  world.later(6 * 60_000);
  expect(await next()).toBeUndefined();
});

test('nobody listens without signing in', async () => {
  expect((await world.browser().go('/api/v1/connections/mine/live')).status).toBe(401);
});
