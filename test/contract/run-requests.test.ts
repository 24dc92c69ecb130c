import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Db } from '../../src/db.ts';
import { RequestNotes } from '../../src/jobs/note-requests.ts';
import { silentLog } from '../../src/log.ts';
import { superstoreOrg } from '../../src/sample/superstore.ts';
import type { RunRequest } from '../../src/store/run-requests.ts';
import { aRequest } from '../store/builders.ts';
import { type ApiWorld, anApiWorld } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { aLineWorld, type LineWorld } from '../support/line-world.ts';
import { wholeLine } from '../support/write-stage.ts';

/** The calls of a run as they are kept: how they went, and nothing of what they held. */

const TODAY = '2026-03-20';
const ORG = superstoreOrg({ today: TODAY });

describeOnBoth('calls of whole runs', ({ open }) => {
  let db: Db;
  let world: LineWorld;
  let calls: ReadonlyMap<string, readonly RunRequest[]>;
  let usage: { calls: number; credits: number };
  beforeAll(async () => {
    db = await open();
    world = await aLineWorld(db, {
      ...{ org: ORG, startMs: Date.parse(`${TODAY}T06:00:00Z`), seed: 1 },
      sets: ['essential'],
    });
    world.simulator.control.addFaults([
      { kind: 'half-failed', match: { method: 'PUT' }, every: 40, code: 'RECORD_LOCKED', times: 2 },
      { kind: 'server-error', match: { path: '/users$' }, times: 1 },
      { kind: 'reset', match: { path: '/coql$' }, times: 1 },
    ]);
    await wholeLine(world, true);
    const deps = world.newDeps();
    const runs = await deps.store.runs.list(world.connection.id, 50);
    const pages = await Promise.all(
      runs.map(async ({ id, kind }) => {
        const every = { after: null, limit: 1_000 };
        const { items } = await deps.store.runRequests.page(world.connection.id, id, every);
        return [kind, items.toReversed()] as const;
      }),
    );
    calls = new Map(pages);
    const spent = runs.flatMap(({ summary }) => (hasPrice(summary) ? [summary] : []));
    usage = {
      calls: spent.reduce((sum, { calls }) => sum + calls, 0),
      credits: spent.reduce((sum, { credits }) => sum + credits, 0),
    };
  });
  afterAll(() => world?.close());

  test('are told by run, in their order, with what they cost', () => {
    const all = [...calls.values()].flat();
    for (const of of calls.values())
      expect(of.map(({ seq }) => seq)).toEqual(of.map((_, index) => index + 1));
    expect(calls.get('score')).toEqual([]);
    expect(calls.get('sync')?.length).toBeGreaterThan(10);
    expect(all.length).toBe(usage.calls);
    expect(all.reduce((sum, { credits }) => sum + credits, 0)).toBe(usage.credits);
  });

  test('say what Zoho refused: its code, of a write also that of a row', () => {
    const failed = calls.get('apply')?.filter((call) => call.failed) ?? [];

    expect(failed.length).toBeGreaterThan(0);
    for (const call of failed)
      expect(call).toMatchObject({ method: 'PUT', path: '/crm/v8/Accounts', code: 'RECORD_LOCKED' });
  });

  test('that were repeated stand there once a try, those without an answer with the code of the system', () => {
    const tries = (path: string) =>
      calls
        .get('sync')
        ?.filter((call) => call.path.startsWith(path))
        .slice(0, 2)
        .map(({ attempt, status, code, failed }) => ({ attempt, status, code, failed }));

    expect(tries('/crm/v8/users')).toEqual([
      { attempt: 1, status: 500, code: 'INTERNAL_ERROR', failed: true },
      { attempt: 2, status: 200, code: null, failed: false },
    ]);
    const broken = calls.get('sync')?.find(({ status }) => status === null);
    expect(broken).toMatchObject({ path: '/crm/v8/coql', code: 'ECONNRESET', failed: true, attempt: 1 });
  });

  test('hold no secret, id, text or value: of the secrets, of the records and of the queries', async () => {
    const { rows } = await sql<Record<string, unknown>>`select * from run_requests`.execute(db.kysely);
    const texts = rows.map(({ method, path, module, query, code }) =>
      [method, path, module, query, code].join(' '),
    );
    const { simulator } = world;
    const { accessToken } = await world.newDeps().store.tokens.grant(world.connection.id);
    const secrets = [simulator.clientSecret, simulator.refreshToken, accessToken ?? ''];
    const values = new Set(
      Object.values(ORG.records)
        .flat()
        .flatMap((row) => Object.values(row))
        .filter((value) => typeof value === 'string')
        .filter((value) => value.length > 5 && /[^A-Za-z_]/.test(value)),
    );

    expect(secrets).not.toContain('');
    expect(values.size).toBeGreaterThan(500);
    const all = texts.join('\n');
    expect([...secrets, ...values].filter((value) => all.includes(value))).toEqual([]);
    for (const text of texts) {
      expect(text).toMatch(
        /^[A-Z]+ (\/(v\d|\{id\}|[A-Za-z_]+))+(\?[A-Za-z_&]+)? [A-Za-z_]* (rows|totals)? ?[A-Z_]*$/,
      );
    }
    // Queries are among them, and columns of ours alone.
    expect(texts.some((text) => text.startsWith('POST /crm/v8/coql '))).toBe(true);
  });
});

function hasPrice(summary: unknown): summary is { calls: number; credits: number } {
  return (
    typeof summary === 'object' &&
    summary !== null &&
    'calls' in summary &&
    !('planId' in summary && 'fieldChanges' in summary)
  );
}

describeOnBoth('notes of calls', ({ open }) => {
  let api: ApiWorld;
  beforeAll(async () => {
    api = await anApiWorld(open);
  });
  afterAll(() => api.close());

  test('belong to the run within whose work they were made, and to its connection', async () => {
    const clock = fakeClock('2026-03-02T09:00:00Z');
    const notes = new RequestNotes({ store: api.store, clock, log: silentLog });
    const run = await api.store.runs.start(api.mine, 'sync', {}, clock.now());
    const { seq: _, ...call } = aRequest();
    const kept = async () =>
      (await api.store.runRequests.page(api.mine, run, { after: null, limit: 200 })).items.length;

    notes.note(api.mine, call);
    await notes.during(api.mine, run, async () => {
      notes.note(api.theirs, call);
      for (let index = 0; index < 49; index += 1) notes.note(api.mine, call);
      expect(await kept()).toBe(0);
      notes.note(api.mine, call);
      await expect.poll(kept).toBe(50);
      notes.note(api.mine, call);
      clock.advance(2_000);
      notes.note(api.mine, call);
      await expect.poll(kept).toBe(52);
      notes.note(api.mine, call);
    });

    expect(await kept()).toBe(53);
    notes.note(api.mine, call);
    expect(await kept()).toBe(53);
  });

  test('that cannot be kept fail no run', async () => {
    const broken = {
      runRequests: { ...api.store.runRequests, add: () => Promise.reject(new Error('the disk is full')) },
    };
    const notes = new RequestNotes({
      store: broken,
      clock: fakeClock('2026-03-02T09:00:00Z'),
      log: silentLog,
    });
    const { seq: _, ...call } = aRequest();

    expect(
      await notes.during(api.mine, '1', async () => {
        notes.note(api.mine, call);
        return 'done';
      }),
    ).toBe('done');
  });

  test('are told over the API by pages, to who may look at the connection', async () => {
    const run = await api.store.runs.start(api.mine, 'sync', {}, new Date());
    const refused = { seq: 2, failed: true, status: 400, code: 'INVALID_QUERY' };
    await api.store.runRequests.add(api.mine, run, [aRequest(), aRequest(refused), aRequest({ seq: 3 })]);
    const foreign = await api.store.runs.start(api.theirs, 'sync', {}, new Date());
    await api.store.runRequests.add(api.theirs, foreign, [aRequest()]);
    const ask = (as: 'viewer' | 'reader' | 'stranger', path: string) =>
      api.call(as, 'GET', `/connections/mine/runs/${path}`);
    const seqs = async (query: string) => {
      const answer = await ask('viewer', `${run}/requests?${query}`);
      const { items, next } = (await answer.json()) as { items: { seq: number }[]; next: string | null };
      return { seqs: items.map(({ seq }) => seq), next };
    };

    const first = await seqs('limit=2');
    expect(first.seqs).toEqual([3, 2]);
    expect(await seqs(`limit=2&cursor=${first.next}`)).toEqual({ seqs: [1], next: null });
    expect(await seqs('failed=true')).toEqual({ seqs: [2], next: null });
    expect((await ask('reader', `${run}/requests`)).status).toBe(200);
    expect((await ask('stranger', `${run}/requests`)).status).toBe(404);
    expect((await ask('viewer', `${foreign}/requests`)).status).toBe(404);
    expect((await ask('viewer', `${run}/requests?failed=perhaps`)).status).toBe(400);
  });
});
