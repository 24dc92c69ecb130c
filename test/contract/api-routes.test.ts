import { spawnSync } from 'node:child_process';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { ApiRoute } from '../../src/web/api-route.ts';
import { createOpenApiDocument, operationId } from '../../src/web/openapi.ts';
import { type ApiWorld, anApiWorld, type Caller, rowsOf } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';

/** Every declared route, also those that are added later, as each kind of caller meets it. */

const ProblemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  instance: z.string(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ in: z.string(), path: z.string(), message: z.string() })).optional(),
});

function nameOf({ method, path }: ApiRoute): string {
  return `${method} ${path}`;
}
function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

/** The status, when what is sent is a problem as it should be. */
async function refused(answer: Response): Promise<number> {
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = ProblemBody.parse(await answer.json());
  expect(problem.status).toBe(answer.status);
  return answer.status;
}

describeOnBoth('the routes of the API', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
  });
  afterAll(() => world.close());

  const owned = () => world.routes.filter(({ path }) => path.includes('{connection}'));
  /** The path with an id for each name: one of ours unless `chosen` says otherwise. */
  function pathOf(route: ApiRoute, chosen: Record<string, string> = {}): string {
    return route.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
      const id = chosen[name] ?? world.ids[name]?.mine;
      if (id === undefined) throw new Error(`test/support/api-world.ts: tell what stands for {${name}}`);
      return encodeURIComponent(id);
    });
  }
  function exampleOf(route: ApiRoute): { body?: unknown } {
    if (route.body === null) return {};
    const example = route.body.meta()?.example;
    if (example === undefined)
      throw new Error(`${nameOf(route)}: give its body an example (.meta({ example }))`);
    return { body: example };
  }
  async function call(as: Caller | null, route: ApiRoute, chosen: Record<string, string> = {}) {
    return world.call(as, route.method, pathOf(route, chosen), exampleOf(route));
  }
  /** What each route answers, by its name. */
  async function answers(routes: readonly ApiRoute[], ask: (route: ApiRoute) => Promise<number | string>) {
    const table: Record<string, number | string> = {};
    for (const route of routes) table[nameOf(route)] = await ask(route);
    return table;
  }
  function all<T>(routes: readonly ApiRoute[], value: T): Record<string, T> {
    return Object.fromEntries(routes.map((route) => [nameOf(route), value]));
  }

  test('ask who calls', async () => {
    expect(await answers(world.routes, async (route) => refused(await call(null, route)))).toEqual(
      all(world.routes, 401),
    );
  });

  test("tell of another's connection what they tell of one that does not exist, and change nothing there", async () => {
    const before = await rowsOf(world.db, world.theirs);
    const told = await answers(owned(), async (route) => {
      const results = [];
      for (const connection of ['theirs', world.theirs, 'nobody']) {
        for (const as of ['admin', 'stranger'] as const) {
          const answer = await call(as, route, { connection });
          const { detail, status } = ProblemBody.parse(await answer.json());
          results.push(`${status} ${detail}`);
        }
      }
      return [...new Set(results)].join(' | ');
    });

    expect(told).toEqual(all(owned(), '404 there is no such connection, or you have no access to it'));
    expect(await rowsOf(world.db, world.theirs)).toEqual(before);
  });

  test("find nothing by an id of another's connection within one's own, and change nothing there", async () => {
    const before = await rowsOf(world.db, world.theirs);
    const guessed = owned().filter(({ path }) =>
      namesIn(path).some((name) => name !== 'connection' && world.ids[name]?.theirs !== null),
    );
    const told = await answers(guessed, async (route) => {
      const foreign = Object.fromEntries(
        namesIn(route.path).flatMap((name) => {
          const id = world.ids[name]?.theirs ?? null;
          return name === 'connection' || id === null ? [] : [[name, id]];
        }),
      );
      return refused(await call('admin', route, foreign));
    });

    expect(told).toEqual(all(guessed, 404));
    expect(await rowsOf(world.db, world.theirs)).toEqual(before);
  });

  test('let nobody change what they may only look at', async () => {
    const writes = owned().filter(({ isWrite, access }) => isWrite && access !== 'viewer');
    const mine = await rowsOf(world.db, world.mine);

    expect(
      await answers(writes, async (route) => {
        const asViewer = await refused(await call('viewer', route));
        const withReadToken = await refused(await call('reader', route));
        return `${asViewer} ${withReadToken}`;
      }),
    ).toEqual(all(writes, '403 403'));
    expect(await rowsOf(world.db, world.mine)).toEqual(mine);
  });

  test('leave what is for operators to operators', async () => {
    const closed = world.routes.filter(({ access }) => access === 'operator');

    expect(await answers(closed, async (route) => refused(await call('admin', route)))).toEqual(
      all(closed, 403),
    );
  });

  test('name what they do not understand', async () => {
    const told = await answers(world.routes, async (route) => {
      const as = route.access === 'operator' ? 'operator' : 'admin';
      const path = `${pathOf(route)}?nonsense=1`;
      const options = route.body === null ? {} : { body: { nonsense: 1 } };
      const answer = await world.call(as, route.method, path, options);
      const { errors = [] } = ProblemBody.parse(await answer.json());
      const where = new Set(errors.map((error) => error.in));
      const expected = route.body === null ? ['query'] : ['query', 'body'];
      return `${answer.status} ${expected.every((part) => where.has(part)) ? 'named' : JSON.stringify(errors)}`;
    });

    expect(told).toEqual(all(world.routes, '400 named'));
  });

  test('answer what they declare', async () => {
    // Reads first: a write may take away what they look at.
    const inOrder = world.routes.toSorted((a, b) => Number(a.isWrite) - Number(b.isWrite));
    const told = await answers(inOrder, async (route) => {
      const answer = await call(route.access === 'operator' ? 'operator' : 'admin', route);
      // Live events go on until their reader leaves.
      const isLive = route.stream?.types.includes('text/event-stream') === true;
      if (isLive) await answer.body?.cancel();
      const body = isLive ? '' : await answer.text();
      // A write may find that its turn has passed; the table of each topic has its own test for what it does.
      const isFine = answer.status === route.status || (route.isWrite && answer.status === 409);
      return isFine ? 'as declared' : `${answer.status} ${body.slice(0, 300)}`;
    });

    expect(told).toEqual(all(inOrder, 'as declared'));
  });

  test('are remembered when they change something', async () => {
    world.audited.length = 0;
    await world.call('admin', 'PUT', '/connections/mine/mode', { body: { mode: 'auto' } });
    await world.call('viewer', 'PUT', '/connections/mine/mode', { body: { mode: 'read-only' } });

    expect(world.audited).toEqual([
      expect.objectContaining({
        connection: world.mine,
        who: 'user:admin',
        action: 'connection.set',
        target: 'mine',
        after: { mode: 'auto' },
      }),
    ]);
    const log = await world.call('admin', 'GET', '/connections/mine/audit-log?limit=1');
    expect(await log.json()).toMatchObject({ items: [{ who: 'user:admin', whoName: 'Caller' }] });
  });

  test('are remembered when they break off half-way, and not when they are refused', async () => {
    world.audited.length = 0;
    world.breakNext('the database went away');
    const broken = await world.call('admin', 'DELETE', '/connections/mine', { body: { confirm: 'mine' } });
    const declined = await world.call('admin', 'DELETE', '/connections/mine', { body: { confirm: 'other' } });

    expect([broken.status, declined.status]).toEqual([500, 409]);
    expect(world.audited.map(({ who, action, after }) => ({ who, action, after }))).toEqual([
      {
        who: 'user:admin',
        action: 'connection.remove',
        after: { failed: 'the database went away', after: null },
      },
    ]);
  });
});

describeOnBoth('the edge of the API', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
  });
  afterAll(() => world.close());
  const mode = '/connections/mine/mode';

  test('tells wrong paths, methods, types, sizes and broken JSON apart', async () => {
    const json = { 'content-type': 'application/json' };
    const unknown = await world.call('admin', 'GET', '/nonsense');
    const method = await world.call('admin', 'DELETE', mode);
    const type = await world.call('admin', 'PUT', mode, {
      body: 'mode=auto',
      headers: { 'content-type': 'text/plain' },
    });
    const large = await world.call('admin', 'PUT', mode, {
      body: JSON.stringify({ mode: 'x'.repeat(300_000) }),
    });
    const broken = await world.call('admin', 'PUT', mode, { body: '{"mode":', headers: json });
    const empty = await world.call('admin', 'PUT', mode);

    const answers = [unknown, method, type, large, broken, empty];
    expect(answers.map(({ status }) => status)).toEqual([404, 405, 415, 413, 400, 400]);
    expect(method.headers.get('allow')).toBe('PUT, OPTIONS');
    for (const answer of answers) await refused(answer);
  });

  test('answers HEAD without a body and OPTIONS with what goes, and invites no other origin', async () => {
    const head = await world.call('admin', 'HEAD', '/connections');
    const preflight = await world.call(null, 'OPTIONS', '/connections', {
      headers: { origin: 'https://evil.test', 'access-control-request-method': 'GET' },
    });

    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what is written from the routes', () => {
  test.each([
    ['the table in docs/api.md', 'scripts/api-table.ts'],
    ['the types of the admin pages', 'scripts/api-types.ts'],
  ])('is up to date: %s', (_what, script) => {
    const { stderr, status } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });

    expect(stderr).toBe('');
    expect(status).toBe(0);
  });
});

describe('the OpenAPI document', () => {
  test('is valid, has every route under an id of its own, and a problem on each', async () => {
    const { apiRoutes } = await import('../../src/web/api-routes.ts');
    // Declaring routes calls nothing of what they are given.
    const routes = apiRoutes({} as Parameters<typeof apiRoutes>[0]);
    const document = createOpenApiDocument(routes);

    const { valid, errors } = await new Validator().validate(
      structuredClone(document) as Record<string, unknown>,
    );

    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(new Set(routes.map(operationId)).size).toBe(routes.length);
    expect(new Set(routes.map(nameOf)).size).toBe(routes.length);
    for (const route of routes) {
      const needed = namesIn(route.path).filter((name) => name !== 'connection');
      expect(Object.keys(route.params?.shape ?? {}), nameOf(route)).toEqual(needed);
    }
  });
});
