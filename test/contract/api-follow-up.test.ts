import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ReminderDraft, SuppressedTask } from '../../src/changes.ts';
import { minor } from '../../src/money.ts';
import { type ApiWorld, aLeadScore, anApiWorld, type Caller } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';

/** Whom to follow up, over the API: leads in every order and filter, and what a plan makes of reminders for whom. */

const LEADS = '/connections/mine/leads';
interface Listed {
  readonly items: readonly { readonly id: string; readonly task?: { readonly reason?: string } }[];
  readonly next: string | null;
}

describeOnBoth('following up over the API', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
    await world.store.leadScores.remove(world.mine, ['1006']);
    const lead = (id: string, over: Partial<ReturnType<typeof aLeadScore>>) => ({
      ...aLeadScore(id),
      ...over,
    });
    await world.store.leadScores.save(world.mine, [
      lead('1', { name: 'Ålborg Cykler', followUpBy: '2026-03-05', ownerId: '7', unansweredTouches: 0 }),
      lead('2', {
        name: 'Beta',
        followUpBy: '2026-03-01',
        chance: 0.5,
        expectedValue: minor(100),
        source: 'Fair',
      }),
      lead('3', { name: 'Gamma', followUpBy: null, followUp: null, chance: null, expectedValue: null }),
      lead('4', {
        name: 'Delta',
        followUpBy: '2026-03-01',
        unansweredTouches: 3,
        source: null,
        ownerId: '7',
      }),
      lead('5', { name: 'Epsilon', state: 'closed', followUpBy: null, followUp: null, unansweredTouches: 9 }),
    ]);
    await world.store.users.replace(world.mine, [
      { id: '7', name: 'Zoe', managerId: null, active: true, email: null },
    ]);
  });
  afterAll(() => world.close());
  const ask = async (as: Caller, path: string) => {
    const answer = await world.call(as, 'GET', path);
    // What is in it is what the assertions are about.
    return (await answer.json()) as Listed & Record<string, unknown>;
  };
  /** Ids in the order of the list, walked page by page. */
  const walk = async (query: string, limit = 2) => {
    let ids = '';
    for (let cursor = ''; ; ) {
      const page = await ask('viewer', `${LEADS}?limit=${limit}&${query}${cursor}`);
      ids += page.items.map(({ id }) => id).join('');
      if (page.next === null) return ids;
      cursor = `&cursor=${page.next}`;
    }
  };

  test('leads are ordered by the server in both directions, those without a value last', async () => {
    expect(await walk('')).toBe('24135');
    expect(await walk('sort=follow_up&direction=desc', 1)).toBe('14253');
    expect(await walk('sort=value')).toBe('54123');
    expect(await walk('sort=chance', 1)).toBe('25413');
    expect(await walk('sort=chance&direction=asc')).toBe('14523');
    expect(await walk('sort=name')).toBe('12453');
    expect(await walk('sort=source')).toBe('21354');
    expect(await walk('sort=unanswered', 3)).toBe('54321');
  });

  test('leads are filtered by owner, source, silence, state and name', async () => {
    expect(await walk('owner=7&sort=name')).toBe('14');
    expect(await walk('source=Fair')).toBe('2');
    expect(await walk('unresponsive=true')).toBe('45');
    expect(await walk('unresponsive=true&state=open')).toBe('4');
    expect(await walk('search=alborg')).toBe('1');
    expect(await walk('search=3')).toBe('3');
    expect(await walk('followUp=due&state=open&owner=7&source=Web')).toBe('1');
    expect((await ask('viewer', `${LEADS}/sources`)).known).toEqual(['Fair', 'Web']);
  });

  test('a lead tells its next step, and nothing of it is lost where its record is gone', async () => {
    const { items: _none, ...told } = await ask('viewer', `${LEADS}/4?lang=en`);

    expect(told).toMatchObject({
      name: 'Delta',
      ownerName: 'Zoe',
      unanswered: 3,
      rhythmDays: 3,
      touches: [],
    });
    expect(told.url).toMatch(/^https:\/\/crm\.zoho\.com\/crm\/org\d+\/tab\/Leads\/4$/);
  });

  test('what a plan makes and keeps back is counted by owner, and filtered by owner, rule and why', async () => {
    const run = await world.store.runs.start(world.mine, 'plan', {}, new Date());
    const plan = await world.store.plans.open(world.mine, run, '2026-03-02');
    const about = { customer: { module: 'Accounts', id: '100' }, name: 'Firm 100' } as const;
    const draft = (ownerId: string | null, reason: string, cvRef: string): ReminderDraft => ({
      ...{ ...about, reason, cvRef, subject: 's', description: 'd', stable: 'd', escalatedOn: null },
      ...{ dueDay: '2026-03-03', priority: 'Normal', ownerId, whoId: null, remindAt: null },
    });
    const kept = (ownerId: string | null, reason: string, why: SuppressedTask['why']) =>
      ({ kind: 'suppressed', task: { ...about, reason, why, ownerId } }) as const;
    const made = (ownerId: string | null, reason: string, cvRef: string) =>
      ({ kind: 'task', task: { kind: 'create', draft: draft(ownerId, reason, cvRef) } }) as const;
    await world.store.plans.append(plan, [
      made('7', 'contact_gap', 'a'),
      made('7', 'win_back', 'b'),
      made('8', 'contact_gap', 'c'),
      kept('7', 'contact_gap', 'cap'),
      kept('7', 'win_back', 'cap'),
      kept('7', 'win_back', 'cool_down'),
      kept(null, 'contact_gap', 'no_owner'),
    ]);
    await world.store.plans.close(plan, { state: 'open', summary: {} });

    const caps = await ask('viewer', '/connections/mine/reminders/caps');
    expect(caps).toMatchObject({ plan, asOf: '2026-03-02', perOwnerAndDay: 5, perRecord: 2 });
    expect(caps.owners).toEqual([
      { id: null, name: null, proposed: 0, keptBack: { no_owner: 1 } },
      { id: '8', name: null, proposed: 1, keptBack: {} },
      { id: '7', name: 'Zoe', proposed: 2, keptBack: { cap: 2, cool_down: 1 } },
    ]);
    const reasons = async (query: string) => {
      const { items } = await ask('viewer', `/connections/mine/plans/${plan}/changes?${query}`);
      return items.map(({ task }) => task?.reason);
    };
    expect(await reasons('kind=task&owner=7')).toEqual(['contact_gap', 'win_back']);
    expect(await reasons('kind=suppressed&owner=7&why=cap')).toEqual(['contact_gap', 'win_back']);
    expect(await reasons('rule=win_back')).toHaveLength(3);
    expect(await reasons('kind=suppressed&rule=win_back&why=cool_down')).toEqual(['win_back']);
    expect(await reasons('kind=task&owner=9')).toEqual([]);
  });
});
