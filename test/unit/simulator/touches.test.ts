import { describe, expect, test } from 'vitest';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const CREATED = '2026-01-05T09:00:00+00:00';
const email = (index: number, more: Record<string, unknown> = {}) => ({
  from: 'ada@office.test',
  to: ['jo@customer.test'],
  subject: `Mail ${index}`,
  time: `2026-02-${String(index + 1).padStart(2, '0')}T10:00:00+00:00`,
  sent: true,
  ...more,
});
const contact = (key: string, account: string) => ({
  $key: key,
  Last_Name: key,
  Account_Name: { $ref: account },
  Created_Time: CREATED,
});
const seed = () =>
  anOrg(
    {
      Accounts: accounts(2),
      Contacts: [contact('jo', 'account-0'), contact('mia', 'account-0')],
      Tasks: [
        { $key: 'task', Subject: 'Call', What_Id: { $ref: 'account-0' }, Who_Id: { $ref: 'jo' } },
        { $key: 'other', Subject: 'Other', What_Id: { $ref: 'account-1' } },
      ],
      Notes: [
        { $key: 'note', Note_Title: 'Met', Note_Content: 'a', Parent_Id: { $ref: 'account-0' } },
        { $key: 'stray', Note_Title: 'Stray', Note_Content: 'b', Parent_Id: { $ref: 'jo' } },
      ],
    },
    {
      emails: {
        jo: Array.from({ length: 23 }, (_, index) => email(index)),
        mia: [
          email(1, { sent: false, from: 'mia@customer.test', to: ['ada@office.test'] }),
          email(2, { source: 'mailbox', status: ['opened'] }),
        ],
      },
    },
  );
const emails = (org: Running, key: string, query = '', module = 'Contacts') =>
  org.get(`/crm/v8/${module}/${org.id(key)}/Emails${query}`);
const subjects = (json: { Emails: { subject: string }[] }) => json.Emails.map(({ subject }) => subject);

describe('e-mails of a record', () => {
  test('come ten a call, newest first, by the index of the call before', async () => {
    const org = await running(seed());

    const first = await emails(org, 'jo');
    const second = await emails(org, 'jo', `?index=${first.json.info.next_index}`);
    const third = await emails(org, 'jo', `?index=${second.json.info.next_index}`);

    const pages = [first, second, third].map(({ json }) => subjects(json));
    expect(pages.flat()).toEqual(Array.from({ length: 23 }, (_, index) => `Mail ${22 - index}`));
    expect(first.json.info).toMatchObject({ count: 10, per_page: 10, prev_index: null, more_records: true });
    expect(second.json.info.prev_index).toBeNull();
    expect(third.json.info).toMatchObject({
      ...{ count: 3, more_records: false, next_index: null },
      prev_index: first.json.info.next_index,
    });
    expect(org.sim.control.report().credits).toBe(3);
  });

  test('tell who wrote whom, when, in the zone of the user', async () => {
    const org = await running(seed());

    const { json } = await emails(org, 'mia');

    expect(json.Emails).toMatchObject([
      { sent: true, source: 'mailbox', status: [{ type: 'opened' }], owner: { name: 'Ada Admin' } },
      {
        subject: 'Mail 1',
        sent: false,
        from: { email: 'mia@customer.test' },
        to: [{ email: 'ada@office.test' }],
        time: '2026-02-02T11:00:00+01:00',
        message_id: expect.any(String),
      },
    ]);
  });

  test('are told apart by type', async () => {
    const org = await running(seed());
    const count = async (key: string, type: string, module?: string) =>
      (await emails(org, key, `?type=${type}`, module)).json.Emails?.length ?? 0;

    expect(await count('jo', 'sent_from_crm')).toBe(10);
    expect(await count('mia', 'sent_from_crm')).toBe(0);
    expect(await count('mia', 'user_emails')).toBe(2);
    expect(await count('mia', 'drafts')).toBe(0);
    expect(await count('account-0', 'all_contacts_sent_crm_emails', 'Accounts')).toBe(10);
    expect((await emails(org, 'jo', '?type=all_contacts_sent_crm_emails')).json.code).toBe('INVALID_DATA');
  });

  test('none is 204; strange records, modules and indexes are refused', async () => {
    const org = await running(seed());
    const { json } = await emails(org, 'jo');

    expect((await emails(org, 'account-1', '', 'Accounts')).status).toBe(204);
    expect((await org.get('/crm/v8/Contacts/1/Emails')).json.code).toBe('INVALID_DATA');
    expect((await emails(org, 'task', '', 'Tasks')).json.code).toBe('INVALID_MODULE');
    expect((await emails(org, 'mia', `?index=${json.info.next_index}`)).json.code).toBe('INVALID_DATA');
  });

  test('need a scope of their own', async () => {
    const org = await running(seed(), { scopes: ['ZohoCRM.modules.contacts.READ'] });

    expect((await emails(org, 'jo')).json.code).toBe('OAUTH_SCOPE_MISMATCH');
  });

  test('can come in later', async () => {
    const org = await running(seed());
    const answer = await fetch(`${org.sim.url}/__control/emails/${org.id('account-1')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ emails: [email(9, { sent: false })] }),
    });

    expect(answer.status).toBe(204);
    expect((await emails(org, 'account-1', '', 'Accounts')).json.Emails).toMatchObject([{ sent: false }]);
  });

  test('of a record that the seed lacks are an error at the start', async () => {
    await expect(running(anOrg({}, { emails: { nobody: [email(1)] } }))).rejects.toThrow('nobody');
  });
});

describe('related records', () => {
  const ids = async (org: Running, key: string, list: string, module = 'Accounts') =>
    (await org.get(`/crm/v8/${module}/${org.id(key)}/${list}?fields=id`)).json.data?.map(
      ({ id }: { id: string }) => id,
    );

  test('are those that name the record in any lookup', async () => {
    const org = await running(seed());

    expect(await ids(org, 'account-0', 'Notes')).toEqual([org.id('note')]);
    expect(await ids(org, 'account-0', 'Tasks')).toEqual([org.id('task')]);
    expect(await ids(org, 'jo', 'Tasks', 'Contacts')).toEqual([org.id('task')]);
    expect(await ids(org, 'account-0', 'Contacts')).toEqual([org.id('mia'), org.id('jo')]);
    expect(await ids(org, 'account-1', 'Notes')).toBeUndefined();
  });

  test('follow what is written later', async () => {
    const org = await running(seed());
    expect(await ids(org, 'account-1', 'Notes')).toBeUndefined();

    org.sim.control.writeRecords('Notes', [{ id: org.id('note'), Parent_Id: { id: org.id('account-1') } }]);

    expect(await ids(org, 'account-1', 'Notes')).toEqual([org.id('note')]);
    expect(await ids(org, 'account-0', 'Notes')).toBeUndefined();
  });

  test.each([
    ['Nowhere', 'INVALID_DATA'],
    ['Products', 'INVALID_DATA'],
    ['DealHistory', 'INVALID_DATA'],
  ])('a list that is none, %s, is refused', async (list, code) => {
    const org = await running(seed());

    expect((await org.get(`/crm/v8/Accounts/${org.id('account-0')}/${list}?fields=id`)).json.code).toBe(code);
  });

  test('need their fields named', async () => {
    const org = await running(seed());

    expect((await org.get(`/crm/v8/Accounts/${org.id('account-0')}/Notes`)).json.code).toBe(
      'REQUIRED_PARAM_MISSING',
    );
  });

  test('notes can be queried', async () => {
    const org = await running(seed());

    const { json } = await org.call('POST', '/crm/v8/coql', {
      body: {
        select_query: `select Note_Title, Parent_Id from Notes where Parent_Id in ('${org.id('jo')}')`,
      },
    });

    expect(json.data).toEqual([
      { id: org.id('stray'), Note_Title: 'Stray', Parent_Id: { id: org.id('jo'), name: 'jo' } },
    ]);
  });
});
