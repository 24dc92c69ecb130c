import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CustomerKey } from '../../src/domain.ts';
import type { ProfileFacts } from '../../src/scores.ts';
import { aScore, aState, money } from '../store/builders.ts';
import { type ApiWorld, anApiWorld, type Caller } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';

/** One customer over the API: whom it brought over several levels, what is known of it, what people noted. */

const of = (id: string) => `/connections/mine/customers/${id}`;
const keyOf = (id: string): CustomerKey => ({ module: 'Accounts', id });
function knowing(facts: Partial<ProfileFacts>): { profile: ReturnType<typeof aScore>['profile'] } {
  const none = { whyUs: null, needs: null, referredBy: null, brought: [], thanked: null, reasonLeft: null };
  const whole = { ...none, lossReason: null, openCases: 0, reviewedOn: null, ...facts };
  return { profile: { percent: 50, ask: 'needs', facts: whole } };
}

describeOnBoth('a customer over the API', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
    const bringer = (id: string, profit: number, brought: string[]) =>
      aScore({ id, name: `C${id}`, window12: money(profit), ...knowing({ brought: brought.map(keyOf) }) });
    const scores = [
      bringer('301', 100, ['302', '303', '310']),
      bringer('302', 10, ['304']),
      bringer('303', 30, ['302', '301']),
      bringer('304', -5, ['305', '301']),
      bringer('305', 7, []),
      aScore({
        id: '310',
        name: 'C310',
        window12: money(1),
        source: 'Fair',
        reasons: [
          { code: 'profile.open_cases', params: { cases: 1 }, records: [{ module: 'Cases', id: '99' }] },
        ],
        ...knowing({
          whyUs: 'quick',
          referredBy: '301',
          thanked: { on: '2026-01-05', how: 'a card' },
          lossReason: { on: '2026-01-01', reason: 'price' },
          openCases: 2,
        }),
      }),
    ];
    const rows = scores.map((score) => ({ score, state: aState() }));
    await world.store.scores.save(world.mine, rows, { inPacks: true });
    // The same ids of another org bring others.
    const theirs = { ...aScore({ id: '302', name: 'THEIRS' }), ...knowing({ brought: [keyOf('305')] }) };
    await world.store.scores.save(world.theirs, [{ score: theirs, state: aState() }]);
  });
  afterAll(() => world.close());
  const ask = async (as: Caller, method: string, path: string, body?: unknown) => {
    const answer = await world.call(as, method, path, body === undefined ? {} : { body });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const tree = async (id: string, levels: number) => {
    const { body } = await ask('viewer', 'GET', `${of(id)}/referral-tree?levels=${levels}`);
    const items = body.items as { name: string; level: number; by: string }[];
    return { ...body, items: items.map(({ name, level, by }) => `${level} ${name} by ${by}`) };
  };

  test('tells whom it brought level by level, each once, the best first, with their sum', async () => {
    expect(await tree('301', 1)).toEqual({
      items: ['1 C303 by 301', '1 C302 by 301', '1 C310 by 301'],
      ...{ customers: 3, profit12: 41, isWhole: false },
    });
    expect(await tree('301', 2)).toMatchObject({
      items: ['1 C303 by 301', '1 C302 by 301', '2 C304 by 302', '1 C310 by 301'],
      ...{ customers: 4, profit12: 36, isWhole: false },
    });
    expect(await tree('301', 5)).toMatchObject({ customers: 5, profit12: 43, isWhole: true });
  });

  test('a circle ends where it began, from wherever one looks', async () => {
    const { items } = await tree('304', 5);

    expect(items).toHaveLength(5);
    expect(items.filter((item) => item.includes('C304'))).toEqual([]);
    expect((await ask('viewer', 'GET', `${of('301')}/referral-tree?levels=6`)).status).toBe(400);
    expect((await ask('viewer', 'GET', `${of('4040')}/referral-tree`)).status).toBe(404);
  });

  test('stops at 200 customers and says so', async () => {
    const ids = Array.from({ length: 230 }, (_one, index) => String(10_000 + index));
    const many = aScore({ id: '320', ...knowing({ brought: ids.map(keyOf) }) });
    const scores = [many, ...ids.map((id) => aScore({ id, window12: money(2) }))];
    await world.store.scores.save(
      world.mine,
      scores.map((score) => ({ score, state: aState() })),
    );

    expect(await tree('320', 1)).toMatchObject({ customers: 200, profit12: 400, isWhole: false });
  });

  test('tells the seven things, and where in Zoho the evidence stands', async () => {
    const { body } = await ask('viewer', 'GET', of('310'));

    expect(body.known).toEqual({
      ...{ percent: 50, ask: 'needs', whyUs: 'quick', needs: null, source: 'Fair', referredBy: '301' },
      ...{ brought: 0, referralProfit: null, contributions12: 0 },
      ...{ thanked: { on: '2026-01-05', how: 'a card' }, reasonLeft: null },
      ...{ lossReason: { on: '2026-01-01', reason: 'price' }, openCases: 2, reviewedOn: null },
    });
    expect(body.url).toMatch(/^https:\/\/crm\.zoho\.com\/crm\/org\d+\/tab\/Accounts\/310$/);
    expect(body.reasons).toMatchObject([
      { records: [{ module: 'Cases', id: '99', url: String(body.url).replace('Accounts/310', 'Cases/99') }] },
    ]);
    // A score of before the facts were kept.
    expect((await ask('viewer', 'GET', of('100'))).body.known).toMatchObject({ whyUs: null, brought: 0 });
  });

  test('what people note is told at once, newest first, and remembered with who did it', async () => {
    world.audited.length = 0;
    const thanks = { how: 'a visit', day: '2026-01-07', note: 'with cake' };
    await ask('admin', 'POST', `${of('100')}/thanks`, thanks);
    await ask('admin', 'POST', `${of('100')}/thanks`, { how: 'a card' });
    await ask('admin', 'POST', `${of('100')}/goodwill`, { amount: '12.50', day: '2026-01-08' });
    const refused = await ask('viewer', 'POST', `${of('100')}/thanks`, { how: 'nothing' });

    const { body } = await ask('viewer', 'GET', `${of('100')}/notes`);

    expect(refused.status).toBe(403);
    expect(body).toMatchObject({
      goodwill: [{ day: '2026-01-08', amount: 1_250, note: null }],
      thanks: [{ how: 'a card' }, thanks],
    });
    expect(world.audited.map(({ action, target }) => `${action} ${target}`)).toEqual([
      'thanks.add Accounts 100',
      'thanks.add Accounts 100',
      'goodwill.add Accounts 100',
    ]);
  });
});
