import { describe, expect, test } from 'vitest';
import type { Switches } from '../../../src/simulator/switches.ts';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const CREATED = '2026-01-05T09:00:00+00:00';
const LEAD = { $key: 'lead', Last_Name: 'Novak', Company: 'Novak Ltd', Phone: '1', Created_Time: CREATED };
const DEAL = { Deal_Name: 'First', Closing_Date: '2026-12-31', Pipeline: 'Standard', Stage: 'Qualification' };

const convert = (org: Running, input: unknown, id = org.id('lead')) =>
  org.call('POST', `/crm/v8/Leads/${id}/actions/convert`, { body: { data: [input] } });
const records = (org: Running, module: string) => org.sim.control.records(module);
const record = (org: Running, module: string, id: string) =>
  records(org, module).find((row) => row.id === id);
const deletedIn = async (org: Running, module: string) =>
  (await org.get(`/crm/v8/${module}/deleted?type=all`)).json.data ?? [];

describe('converting a lead', () => {
  test('makes account, contact and deal, and hides the lead from lists', async () => {
    const org = await running(anOrg({ Leads: [LEAD] }));

    const answer = await convert(org, { Deals: { ...DEAL, Amount: 12 } });

    const { Accounts, Contacts, Deals } = answer.json.data[0].details;
    expect(answer.status).toBe(200);
    expect(org.sim.control.report().credits).toBe(5);
    expect(record(org, 'Accounts', Accounts.id)).toMatchObject({ Account_Name: 'Novak Ltd', Phone: '1' });
    expect(record(org, 'Contacts', Contacts.id)).toMatchObject({ Account_Name: { id: Accounts.id } });
    expect(record(org, 'Deals', Deals.id)).toMatchObject({
      Amount: 12,
      Account_Name: { id: Accounts.id },
      Contact_Name: { id: Contacts.id },
    });
    expect(record(org, 'Leads', org.id('lead'))).toMatchObject({
      Converted__s: true,
      Converted_Date_Time: expect.any(String),
      Converted_Account: { id: Accounts.id },
      Converted_Contact: { id: Contacts.id },
      Converted_Deal: { id: Deals.id },
    });
    expect((await org.get('/crm/v8/Leads?fields=id')).status).toBe(204);
    expect((await org.get('/crm/v8/Leads/deleted')).status).toBe(204);
  });

  test('without a deal answers null for it; without a company there is no account', async () => {
    const org = await running(anOrg({ Leads: [{ ...LEAD, Company: null }] }));

    const { json } = await convert(org, {});

    expect(json.data[0].details).toMatchObject({ Accounts: null, Contacts: { name: 'Novak' }, Deals: null });
    expect(records(org, 'Accounts')).toEqual([]);
  });

  test('uses the account of the same name, and those that are named', async () => {
    const leads = [LEAD, { ...LEAD, $key: 'second' }];
    const org = await running(
      anOrg({
        Leads: leads,
        Accounts: [
          { $key: 'same', Account_Name: 'NOVAK LTD' },
          { $key: 'other', Account_Name: 'Other' },
        ],
        Contacts: [{ $key: 'known', Last_Name: 'Known' }],
      }),
    );

    const same = await convert(org, {});
    const named = await convert(
      org,
      { Accounts: { id: org.id('other') }, Contacts: { id: org.id('known') } },
      org.id('second'),
    );

    expect(same.json.data[0].details.Accounts.id).toBe(org.id('same'));
    expect(named.json.data[0].details).toMatchObject({
      Accounts: { id: org.id('other') },
      Contacts: { id: org.id('known') },
    });
  });

  test('takes the lead’s activities along to the deal', async () => {
    const task = { $key: 'task', Subject: 'Call', What_Id: { $ref: 'lead' }, Created_Time: CREATED };
    const org = await running(anOrg({ Leads: [LEAD], Tasks: [task] }));

    const { json } = await convert(org, { Deals: DEAL });

    expect(records(org, 'Tasks')).toMatchObject([
      { What_Id: { id: json.data[0].details.Deals.id }, $se_module: 'Deals' },
    ]);
  });

  test.each([
    ['a deal without its stage', { Deals: { ...DEAL, Stage: undefined } }, 'MANDATORY_NOT_FOUND'],
    ['a stage of another pipeline', { Deals: { ...DEAL, Stage: 'Nowhere' } }, 'MAPPING_MISMATCH'],
    ['an account that is not there', { Accounts: { id: '1' } }, 'INVALID_DATA'],
    ['a person who has left', { assign_to: { id: 'gus' } }, 'INVALID_DATA'],
  ])('%s is refused and nothing is made', async (_what, input, code) => {
    const org = await running(anOrg({ Leads: [LEAD] }));

    const answer = await convert(org, input);

    expect(answer).toMatchObject({ status: 400, json: { data: [{ code, status: 'error' }] } });
    expect(records(org, 'Accounts')).toEqual([]);
    expect(record(org, 'Leads', org.id('lead'))).toMatchObject({ Converted__s: false });
  });

  test('happens once, and only to leads', async () => {
    const org = await running(anOrg({ Leads: [LEAD], Accounts: accounts(1) }));
    await convert(org, {});

    expect(await convert(org, {})).toMatchObject({ status: 400, json: { code: 'ID_ALREADY_CONVERTED' } });
    expect(await convert(org, {}, '1')).toMatchObject({ status: 400, json: { code: 'INVALID_DATA' } });
    expect(
      await org.call('POST', `/crm/v8/Accounts/${org.id('account-0')}/actions/convert`, {
        body: { data: [{}] },
      }),
    ).toMatchObject({ status: 400, json: { code: 'INVALID_MODULE' } });
  });

  test.each([true, false])('moves the lead’s Modified_Time or not: %s', async (conversionTouchesLead) => {
    const org = await running(anOrg({ Leads: [LEAD] }), { switches: { conversionTouchesLead } });

    org.sim.control.convertLead(org.id('lead'));

    const time = String(record(org, 'Leads', org.id('lead'))?.Modified_Time);
    expect(Date.parse(time) > Date.parse(CREATED)).toBe(conversionTouchesLead);
  });
});

describe('merging', () => {
  const seed = () =>
    anOrg({
      Accounts: accounts(3, (index) => (index === 1 ? { Phone: '030', Website: 'https://b.test' } : {})),
      Contacts: [
        { $key: 'contact', Last_Name: 'Jo', Account_Name: { $ref: 'account-1' }, Created_Time: CREATED },
      ],
      Tasks: [{ $key: 'task', Subject: 'Call', What_Id: { $ref: 'account-1' }, Created_Time: CREATED }],
    });
  const merge = (org: Running) =>
    org.sim.control.mergeRecords('Accounts', org.id('account-0'), [org.id('account-1')]);

  test('the loser vanishes, the winner gets its children and the values that it lacks', async () => {
    const org = await running(seed());

    merge(org);

    const winner = { id: org.id('account-0'), name: 'Account 0' };
    expect((await org.get(`/crm/v8/Accounts/${org.id('account-1')}`)).status).toBe(204);
    expect(record(org, 'Accounts', winner.id)).toMatchObject({ Account_Name: 'Account 0', Phone: '030' });
    expect(records(org, 'Contacts')).toMatchObject([{ Account_Name: winner }]);
    expect(records(org, 'Tasks')).toMatchObject([{ What_Id: winner }]);
  });

  test.each([true, false])('the loser is listed as deleted or not: %s', async (mergeListsLoser) => {
    const org = await running(seed(), { switches: { mergeListsLoser } });

    merge(org);

    const ids = (await deletedIn(org, 'Accounts')).map(({ id }: { id: string }) => id);
    expect(ids).toEqual(mergeListsLoser ? [org.id('account-1')] : []);
    expect(() => org.sim.control.restoreRecords('Accounts', [org.id('account-1')])).toThrow('recycle bin');
  });

  test.each([true, false])('the children’s Modified_Time moves or not: %s', async (moveTouchesChildren) => {
    const org = await running(seed(), { switches: { moveTouchesChildren } });

    merge(org);

    const [contact] = records(org, 'Contacts');
    expect(Date.parse(String(contact?.Modified_Time)) > Date.parse(CREATED)).toBe(moveTouchesChildren);
  });

  test('is for accounts, contacts and leads, and never with itself', async () => {
    const org = await running(seed());
    const { control } = org.sim;

    expect(() => control.mergeRecords('Tasks', org.id('task'), [])).toThrow('cannot be merged');
    expect(() => control.mergeRecords('Accounts', org.id('account-0'), [org.id('account-0')])).toThrow(
      'itself',
    );
    expect(() => control.mergeRecords('Accounts', org.id('account-0'), ['1'])).toThrow('no such record');
  });
});

describe('the recycle bin', () => {
  const deleted = async (switches: Partial<Switches> = {}) => {
    const deal = { ...DEAL, $key: 'deal', Account_Name: { $ref: 'account-0' }, Created_Time: CREATED };
    const org = await running(anOrg({ Accounts: accounts(2), Deals: [deal] }), { switches });
    org.sim.control.deleteRecords('Accounts', [org.id('account-0')]);
    return org;
  };

  test.each([true, false])(
    'gives back a record with its children, touched or not: %s',
    async (restoreTouches) => {
      const org = await deleted({ restoreTouches });
      const orphan = records(org, 'Deals')[0]?.Account_Name;

      org.sim.control.restoreRecords('Accounts', [org.id('account-0')]);

      const [account] = records(org, 'Accounts');
      expect(orphan).toBeNull();
      expect(records(org, 'Deals')).toMatchObject([{ Account_Name: { id: org.id('account-0') } }]);
      expect(await deletedIn(org, 'Accounts')).toEqual([]);
      expect(account?.id).toBe(org.id('account-0'));
      expect(Date.parse(String(account?.Modified_Time)) > Date.parse(CREATED)).toBe(restoreTouches);
    },
  );

  test('a restored record stands in every order of the list once', async () => {
    const org = await deleted();
    org.sim.control.restoreRecords('Accounts', [org.id('account-0')]);
    const idsBy = async (sort: string) =>
      (await org.get(`/crm/v8/Accounts?fields=id&sort_by=${sort}`)).json.data.map(
        ({ id }: { id: string }) => id,
      );

    for (const sort of ['id', 'Created_Time', 'Modified_Time'])
      expect((await idsBy(sort)).sort()).toEqual([org.id('account-0'), org.id('account-1')].sort());
  });

  test('is emptied after 60 days', async () => {
    const org = await deleted();
    org.sim.control.setClock({ offsetMs: 61 * 86_400_000 });

    expect(() => org.sim.control.restoreRecords('Accounts', [org.id('account-0')])).toThrow('recycle bin');
  });

  test('what is deleted for good is told without name and person', async () => {
    const org = await deleted();

    org.sim.control.purgeRecords('Accounts', [org.id('account-0'), org.id('account-1')]);

    const empty = { type: 'permanent', display_name: null, deleted_by: null, created_by: null };
    expect(await deletedIn(org, 'Accounts')).toMatchObject([
      { id: org.id('account-1'), ...empty },
      { id: org.id('account-0'), ...empty },
    ]);
    expect((await org.get('/crm/v8/Accounts/deleted?type=recycle')).status).toBe(204);
    expect(() => org.sim.control.restoreRecords('Accounts', [org.id('account-0')])).toThrow('recycle bin');
  });
});

test('many records can be stamped with one second, and come in the order of their ids', async () => {
  const org = await running(anOrg({ Accounts: accounts(300) }));
  const at = '2026-02-01T10:00:00+01:00';

  org.sim.control.stampRecords('Accounts', 'all', at);

  const { json } = await org.call('POST', '/crm/v8/coql', {
    body: {
      select_query: `select Modified_Time from Accounts where Modified_Time = '${at}' order by Modified_Time, id limit 2000`,
    },
  });
  const expected = Array.from({ length: 300 }, (_, index) => org.id(`account-${index}`));
  expect(json.data.map(({ id }: { id: string }) => id)).toEqual(expected);
});

test('all of it is done over HTTP as well', async () => {
  const org = await running(anOrg({ Leads: [LEAD], Accounts: accounts(3) }));
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${org.sim.url}/__control/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? null : JSON.parse(text) };
  };
  const [first, second, third] = [0, 1, 2].map((index) => org.id(`account-${index}`));

  const converted = await post(`convert/${org.id('lead')}`, { Deals: DEAL });
  const merged = await post('records/Accounts/merge', { winner: first, losers: [second] });
  const purged = await post('records/Accounts/purge', { ids: [third] });
  const stamped = await post('records/Accounts/stamp', { ids: [first], at: CREATED });
  await post('records/Accounts/delete', { ids: [first] });
  const restored = await post('records/Accounts/restore', { ids: [first], as: 'bob' });
  const refused = await post('records/Accounts/restore', { ids: [third] });

  expect(converted).toMatchObject({ status: 200, json: { deal: expect.any(String) } });
  expect([merged.status, purged.status, stamped.status, restored.status]).toEqual([204, 204, 204, 204]);
  expect(refused).toMatchObject({ status: 400, json: { error: expect.stringContaining('recycle bin') } });
  expect(record(org, 'Accounts', first ?? '')).toMatchObject({ Modified_By: { name: 'Bob Clerk' } });
});
