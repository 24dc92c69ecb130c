import { afterAll, beforeAll, expect, test } from 'vitest';
import { ok } from '../../src/setup/check.ts';
import { type ApiWorld, anApiWorld } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';

/** Sentences of the server follow the language of who asks, whatever language the records are worked in. */

const AT = new Date('2026-06-10T08:00:00Z');
const SHOW_IT = 'let an administrator show the connected user this field';

describeOnBoth('sentences of the API', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
  });
  afterAll(() => world.close());
  async function read<Answer>(path: string, language?: string): Promise<Answer> {
    const headers = language === undefined ? {} : { 'accept-language': language };
    const answer = await world.call('viewer', 'GET', `/connections/mine${path}`, { headers });
    return (await answer.json()) as Answer; // what is in it is what the assertions are about
  }
  async function finished(kind: string, state: 'done' | 'failed', summary: unknown): Promise<string> {
    const run = await world.store.runs.start(world.mine, kind, {}, AT);
    await world.store.runs.finish(run, state, summary, AT);
    return run;
  }

  test('checks are kept once and read in four languages; those of an earlier version stay English', async () => {
    const old = { id: 'old', status: 'warn', message: 'An old sentence', repair: null };
    const checks = [ok('fields', 'fields.all', { count: 7 }), old];
    const run = await finished('doctor', 'done', { ok: true, checks });
    interface Told {
      readonly summary: { readonly ok: boolean; readonly checks: readonly { readonly message: string }[] };
    }
    const said = async (language?: string) => {
      const { summary } = await read<Told>(`/runs/${run}`, language);
      return summary.checks.map(({ message }) => message);
    };

    expect(await said()).toEqual(['All 7 fields of ours are there', 'An old sentence']);
    expect(await said('nl')).toEqual(['Al onze 7 velden zijn er', 'An old sentence']);
    expect((await said('pl-PL,pl;q=0.9'))[0]).toBe('Są wszystkie nasze pola (7)');
    const { items } = await read<{ items: Told[] }>('/runs?kind=doctor&limit=1', 'da');
    expect(items[0]?.summary.checks[0]?.message).toBe('Alle vores 7 felter er der');
    expect(items[0]?.summary.ok).toBe(true);
  });

  test('why a run failed, in the list, in the run and in the set-up', async () => {
    const error = 'Another process has been refreshing the access token for too long; try again';
    const dutch = 'Een ander proces ververst het toegangstoken al te lang; probeer het opnieuw';
    const run = await finished('assess', 'failed', { error });

    expect(await read(`/runs/${run}`, 'nl')).toMatchObject({ error: dutch, summary: { error: dutch } });
    expect(await read(`/runs/${run}`, 'en')).toMatchObject({ error });
    const { steps } = await read<{ steps: { id: string; why: string | null }[] }>('/set-up', 'nl');
    expect(steps.find(({ id }) => id === 'assess')?.why).toBe(dutch);
  });

  test('what is wrong with the connection, with a mapping and with a record', async () => {
    await world.store.mappingStates.replace(world.mine, 'Cases', [
      {
        ...{ input: 'subject', fieldId: '1', apiName: 'Subject', dataType: 'text' },
        ...{ reason: 'hidden', repair: SHOW_IT, pausedSince: AT },
      },
    ]);
    await world.store.quarantine.add(
      world.mine,
      [{ module: 'Cases', recordId: '77', reason: 'not a date: "soon"' }],
      AT,
    );
    interface Aside {
      readonly items: readonly { readonly recordId: string; readonly reason: string }[];
    }
    const repair = 'laat een beheerder dit veld aan de verbonden gebruiker tonen';

    expect(await read('/quality', 'nl')).toMatchObject({
      mappings: expect.arrayContaining([expect.objectContaining({ reason: 'hidden', repair })]),
    });
    expect(await read('/quality')).toMatchObject({
      mappings: expect.arrayContaining([expect.objectContaining({ repair: SHOW_IT })]),
    });
    const { read: fields } = await read<{ read: { paused: { repair: string } | null }[] }>('/mapping', 'nl');
    expect(fields.flatMap(({ paused }) => (paused ? [paused.repair] : []))).toContain(repair);
    const { items } = await read<Aside>('/quality/quarantine', 'pl');
    expect(items.find(({ recordId }) => recordId === '77')?.reason).toBe('to nie data: "soon"');

    const messages = async (language: string) =>
      (await read<{ trouble: { message: string }[] }>('/overview', language)).trouble.map(
        ({ message }) => message,
      );
    const [english, dutch] = [await messages('en'), await messages('nl')];
    expect(english.length).toBeGreaterThan(0);
    expect(dutch.filter((message) => english.includes(message))).toEqual([]);
  });
});
