import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { minor } from '../../src/money.ts';
import { aScore, aState, money } from '../store/builders.ts';
import { type ApiWorld, anApiWorld, type Caller } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';

/** Lists of customers over the API: saved views and whose they are, filters, and the file of exactly one list. */

interface View {
  readonly id: string;
  readonly name: string;
  readonly detail: string;
}
const VIEWS = '/connections/mine/customer-views';
const CUSTOMERS = '/connections/mine/customers';

describeOnBoth('lists over the API', ({ open }) => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await anApiWorld(open);
    const days = (count: number) => new Date(Date.now() - count * 86_400_000).toISOString().slice(0, 10);
    const scores = [
      aScore({ id: '201', name: '=HYPERLINK("x")', window12: money(-2_000), tier: 'loss_making' }),
      aScore({ id: '202', name: 'Nine', window12: money(900), lastContact: days(3), ownerId: '7' }),
      aScore({ id: '203', name: 'Eight', window12: money(800), lastContact: days(200), ownerId: '7' }),
      aScore({ id: '204', name: 'Seven', window12: money(700), referralProfit: minor(50), ownerId: '8' }),
    ];
    const rows = scores.map((score) => ({ score, state: aState() }));
    await world.store.scores.save(world.mine, rows, { inPacks: true });
    await world.store.users.replace(world.mine, [
      { id: '7', name: 'Zoe', managerId: null, active: true, email: null },
      { id: '9', name: 'Carl', managerId: null, active: true, email: null },
    ]);
  });
  afterAll(() => world.close());
  const ask = async (as: Caller, method: string, path: string, body?: unknown) => {
    const answer = await world.call(as, method, path, body === undefined ? {} : { body });
    const text = await answer.text();
    // What is in it is what the assertions are about.
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as View & { items: View[] } };
  };
  const orgOf = async () => {
    const connection = await world.store.connections.byId(world.mine);
    if (!connection) throw new Error('there is a connection mine');
    return connection.org;
  };
  const namesFor = async (as: Caller) => (await ask(as, 'GET', VIEWS)).body.items.map(({ name }) => name);

  test('a viewer keeps views of their own, which nobody else sees', async () => {
    const query = { tier: 'top,good', quietDays: '90', sort: 'name', direction: 'desc', columns: 'tier,gap' };
    const saved = await ask('viewer', 'POST', VIEWS, { name: ' Quiet ones ', query });

    expect(saved).toMatchObject({
      status: 201,
      body: { name: 'Quiet ones', shared: false, mine: true, canChange: true, query },
    });
    expect(await namesFor('viewer')).toEqual(['Quiet ones', 'Top of mine']);
    expect(await namesFor('admin')).toEqual(['Top of mine']);

    const at = `${VIEWS}/${saved.body.id}`;
    const foreign = [await ask('admin', 'PATCH', at, { name: 'Mine now' }), await ask('admin', 'DELETE', at)];
    const renamed = await ask('viewer', 'PATCH', at, { name: 'Silent ones', query: { gold: 'true' } });
    expect(foreign.map(({ status }) => status)).toEqual([404, 404]);
    expect(renamed.body).toMatchObject({ name: 'Silent ones', query: { gold: 'true' } });

    expect((await ask('viewer', 'DELETE', at)).status).toBe(204);
    expect(await namesFor('viewer')).toEqual(['Top of mine']);
    expect((await ask('viewer', 'DELETE', at)).status).toBe(404);
  });

  test('to share one, and to change what is shared, is for administrators', async () => {
    const own = await ask('viewer', 'POST', VIEWS, { name: 'For all?', query: {} });
    const refusals = [
      await ask('viewer', 'POST', VIEWS, { name: 'For all', shared: true, query: {} }),
      await ask('viewer', 'PATCH', `${VIEWS}/${own.body.id}`, { shared: true }),
    ];
    const shared = await ask('admin', 'POST', VIEWS, {
      name: 'Good ones',
      shared: true,
      query: { tier: 'good' },
    });
    const at = `${VIEWS}/${shared.body.id}`;
    refusals.push(await ask('viewer', 'PATCH', at, { name: 'x' }), await ask('viewer', 'DELETE', at));

    expect(refusals.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    const seen = (await ask('viewer', 'GET', VIEWS)).body.items.find(({ id }) => id === shared.body.id);
    expect(seen).toMatchObject({ shared: true, mine: false, canChange: false, ownerName: 'Caller' });

    expect((await ask('admin', 'PATCH', at, { shared: false })).status).toBe(200);
    expect(await namesFor('viewer')).toEqual(['For all?', 'Top of mine']);
    await ask('viewer', 'DELETE', `${VIEWS}/${own.body.id}`);
    await ask('admin', 'DELETE', at);
  });

  test('a name is used once by a person; what the list does not know is named', async () => {
    const first = await ask('viewer', 'POST', VIEWS, { name: 'One', query: {} });
    const twice = await ask('viewer', 'POST', VIEWS, { name: 'One', query: {} });
    const other = await ask('viewer', 'POST', VIEWS, { name: 'Two', query: {} });
    const taken = await ask('viewer', 'PATCH', `${VIEWS}/${other.body.id}`, { name: 'One' });
    const same = await ask('viewer', 'PATCH', `${VIEWS}/${first.body.id}`, { name: 'One' });
    const wrong = await ask('viewer', 'POST', VIEWS, {
      name: 'Wrong',
      query: { tier: 'best', quietDays: 'many', colour: 'red' },
    });

    expect([twice.status, taken.status, same.status]).toEqual([409, 409, 200]);
    expect(wrong.status).toBe(400);
    const { errors } = wrong.body as unknown as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path).toSorted()).toEqual(['query', 'query.quietDays', 'query.tier']);
    for (const { id } of [first.body, other.body]) await ask('viewer', 'DELETE', `${VIEWS}/${id}`);
  });

  test('views that were not shared go with the role of their owner, and deeds are remembered', async () => {
    world.audited.length = 0;
    const { member: { mine: member = '' } = {} } = world.ids;
    const who = `user:${member}`;
    const at = new Date();
    await world.store.savedViews.add(world.mine, { who, name: 'a', shared: false, query: {} }, at);
    await world.store.savedViews.add(world.mine, { who, name: 'b', shared: true, query: {} }, at);
    await world.store.people.endMembership(world.mine, member);

    const left = await world.store.savedViews.list(world.mine, who);
    expect(left.map(({ name }) => name)).toEqual(['Top of mine', 'b']);
    for (const { id, name } of left) if (name === 'b') await ask('admin', 'DELETE', `${VIEWS}/${id}`);
    expect(world.audited).toMatchObject([{ action: 'view.remove', before: { shared: true } }]);
  });

  test('customers are filtered by owner and by how long nobody spoke with them; owners are told', async () => {
    const found = async (query: string) =>
      (await ask('viewer', 'GET', `${CUSTOMERS}?${query}`)).body.items.map(({ name }) => name);

    expect(await found('owner=7')).toEqual(['Nine', 'Eight']);
    expect(await found('owner=7&quietDays=90')).toEqual(['Eight']);
    expect(await found('quietDays=90&tier=good')).toContain('Seven');
    const owners = await ask('viewer', 'GET', '/connections/mine/owners');
    expect(owners.body.items).toEqual([
      { id: '8', name: null, active: false, customers: 1 },
      { id: '9', name: 'Carl', active: true, customers: 0 },
      { id: '7', name: 'Zoe', active: true, customers: 2 },
    ]);
  });

  test('the audit log is filtered by days in the time zone of the org, and tells what there is to choose', async () => {
    await world.store.connections.updateOrg(world.mine, {
      ...{ org: { ...(await orgOf()), timeZone: 'Pacific/Auckland' }, userId: '2', scopes: [] },
    });
    const note = async (at: string, connection = world.mine) =>
      world.store.audit.add({
        ...{ connection, who: 'cli', action: 'plan.approve', target: at, before: null, after: null },
        at: new Date(at),
      });
    // Midnight there is 11:00 UTC in January.
    for (const at of [
      '2026-01-14T10:59:59Z',
      '2026-01-14T11:00:00Z',
      '2026-01-15T10:59:59Z',
      '2026-01-15T11:00:00Z',
    ])
      await note(at);
    await world.store.audit.add({
      ...{ connection: world.theirs, who: 'token:x', action: 'theirs.only', target: 't' },
      ...{ before: null, after: null, at: new Date() },
    });
    const targets = async (query: string) => {
      const { body } = await ask('admin', 'GET', `/connections/mine/audit-log?action=plan&${query}`);
      return body.items.map((item) => (item as unknown as { target: string }).target.slice(5, 13));
    };

    expect(await targets('fromDay=2026-01-15&untilDay=2026-01-15')).toEqual(['01-15T10', '01-14T11']);
    expect(await targets('untilDay=2026-01-14')).toEqual(['01-14T10']);
    const file = await world.call(
      'admin',
      'GET',
      '/connections/mine/audit-log/download?fromDay=2026-01-16&action=plan',
    );
    expect((await file.text()).trim().split('\n')).toHaveLength(2);
    const known = await ask('admin', 'GET', '/connections/mine/audit-log/known');
    const choices = known.body as unknown as { who: { who: string }[]; actions: string[] };
    expect(choices.who.map(({ who }) => who)).toContain('cli');
    expect(choices.who.map(({ who }) => who)).not.toContain('token:x');
    expect(choices.actions).toContain('plan.approve');
    expect(choices.actions).not.toContain('theirs.only');
  });

  test('the file of a list has exactly its customers in its order, and no formula', async () => {
    const file = async (query: string) => {
      const answer = await world.call('viewer', 'GET', `${CUSTOMERS}/export?${query}`);
      return parse(await answer.text(), { columns: true }) as Record<string, string>[];
    };
    const ids = (rows: Record<string, string>[]) => rows.map(({ record_id: id }) => id);
    const listed = async (query: string) => {
      const { body } = await ask('viewer', 'GET', `${CUSTOMERS}?${query}`);
      return body.items.map((item) => (item as unknown as { key: { id: string } }).key.id);
    };

    for (const query of ['owner=7', 'sort=name&direction=desc', 'quietDays=90&sort=value', 'search=eight'])
      expect(ids(await file(query)), query).toEqual(await listed(query));
    expect(ids(await file(''))).toHaveLength((await listed('limit=200')).length);
    const [loss] = await file('tier=loss_making');
    expect(loss).toMatchObject({ name: `'=HYPERLINK("x")`, profit_12m: '-20.00' });
  });
});
