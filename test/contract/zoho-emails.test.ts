import { describe, expect, test } from 'vitest';
import type { CustomerKey } from '../../src/domain.ts';
import { silentLog } from '../../src/log.ts';
import type { ActivityRecord } from '../../src/records.ts';
import type { Score } from '../../src/scores.ts';
import type { MailsStore } from '../../src/store/store.ts';
import { mailBudget, readMails } from '../../src/sync/emails.ts';
import { MailQueue, type MailTurn, mailTurnOf } from '../../src/sync/mail-turns.ts';
import { listEmails } from '../../src/zoho/emails.ts';
import { aScore } from '../store/builders.ts';
import { type Answer, API, type Sent, serve, withMockedHttp } from '../support/http.ts';
import { NOW, zohoWorld } from './zoho-world.ts';

withMockedHttp();

const ACCOUNT = '5725767000000410001';
const CONTACT = '5725767000000420001';
const KEY: CustomerKey = { module: 'Accounts', id: ACCOUNT };
const pathOf = (key: CustomerKey) => `/crm/v8/${key.module}/${key.id}/Emails`;
const OF_ACCOUNT = pathOf(KEY);
const OF_CONTACT = pathOf({ module: 'Contacts', id: CONTACT });

function aMail(id: string, change: Record<string, unknown> = {}) {
  return {
    message_id: id,
    subject: `Mail ${id}`,
    time: '2026-02-01T09:00:00+01:00',
    sent: true,
    from: { user_name: 'Ann', email: 'ann@firm.test' },
    status: [{ type: 'sent' }],
    ...change,
  };
}
const received = (id: string) => aMail(id, { sent: false, status: [] });
const answer = (mails: unknown[], info: Record<string, unknown> = {}): Answer => ({
  body: { Emails: mails, info },
});
const more = (index: string) => ({ more_records: true, next_index: index, per_page: 10, count: 10 });
const queries = (sent: readonly Sent[]) => sent.map(({ url }) => Object.fromEntries(url.searchParams));

describe('the list of a record', () => {
  test('gives id, time, direction and subject, newest first, and where it goes on', async () => {
    const { client, ledger } = zohoWorld();
    const sent = serve(API, 'GET', OF_ACCOUNT, answer([received('m1'), aMail('m2')], more('i2')));

    const page = await listEmails(client, KEY, { index: 'i1' });

    expect(queries(sent)).toEqual([{ index: 'i1' }]);
    expect(page).toEqual({
      mails: [
        { messageId: 'm1', subject: 'Mail m1', at: new Date('2026-02-01T08:00:00Z'), isInbound: true },
        { messageId: 'm2', subject: 'Mail m2', at: new Date('2026-02-01T08:00:00Z'), isInbound: false },
      ],
      nextIndex: 'i2',
    });
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([1]);
  });

  test('without mails is empty', async () => {
    serve(API, 'GET', OF_ACCOUNT, { status: 204 });

    expect(await listEmails(zohoWorld().client, KEY, {})).toEqual({ mails: [], nextIndex: null });
  });

  test('drafts, planned mails and mails without id or time are left out; an unknown direction is no answer', async () => {
    const mails = [
      aMail('draft', { status: [{ type: 'draft' }], sent: false }),
      aMail('planned', { status: [{ type: 'scheduled' }] }),
      { subject: 'no id' },
      aMail('timeless', { time: null }),
      aMail('odd time', { time: 'yesterday' }),
      aMail('unsaid', { sent: undefined }),
    ];
    serve(API, 'GET', OF_ACCOUNT, answer(mails));

    const { mails: read } = await listEmails(zohoWorld().client, KEY, {});

    expect(read).toMatchObject([{ messageId: 'unsaid', isInbound: false }]);
  });
});

function memoryMails() {
  const stored = new Map<string, ActivityRecord>();
  const reads: { customer: string; credits: number; at: Date }[] = [];
  const store: MailsStore = {
    reads: async () => new Map(reads.map(({ customer, at }) => [customer, at])),
    spentSince: async (_connection, since) =>
      reads.filter(({ at }) => at > since).reduce((sum, { credits }) => sum + credits, 0),
    known: async (_connection, ids) => new Set(ids.filter((id) => stored.has(id))),
    save: async (_connection, { customer, at, credits }, mails) => {
      reads.push({ customer: customer.id, credits, at });
      for (const mail of mails) stored.set(mail.id, mail);
    },
  };
  return { store: { mails: store }, stored, reads };
}
function world() {
  const zoho = zohoWorld();
  const memory = memoryMails();
  const deps = { zoho: zoho.client, store: memory.store, clock: zoho.clock, log: silentLog };
  const read = (turns: readonly MailTurn[], budget = 100) =>
    readMails(deps, { connection: 'c1', turns, budget });
  return { ...zoho, ...memory, deps, read };
}
function aTurn(change: Partial<MailTurn> = {}): MailTurn {
  return { key: KEY, contactId: null, urgency: 0, rank: [0, 0, 0], ...change };
}
const other = (last: number): CustomerKey => ({ module: 'Accounts', id: `572576700000041000${last}` });

describe('reading the mails of customers', () => {
  test('stores what came in and what went out, of the customer and of its main contact, each once', async () => {
    const { read, stored, reads } = world();
    serve(API, 'GET', OF_ACCOUNT, answer([received('m1'), aMail('m2')]));
    serve(API, 'GET', OF_CONTACT, answer([received('m1'), received('m3')]));

    const result = await read([aTurn({ contactId: CONTACT })]);

    expect(result).toEqual({ customers: 1, read: 3, changed: 3, credits: 2, error: null });
    expect([...stored.values()]).toMatchObject([
      { module: 'Emails', subject: 'Mail m1', callType: 'Inbound', whatId: ACCOUNT, whoId: CONTACT },
      { subject: 'Mail m2', callType: 'Outbound', whatId: ACCOUNT, whoId: null },
      { subject: 'Mail m3', callType: 'Inbound', whoId: CONTACT, startAt: new Date('2026-02-01T08:00:00Z') },
    ]);
    expect(reads).toEqual([{ customer: ACCOUNT, credits: 2, at: new Date(NOW) }]);
  });

  test('goes on to older pages only until the customer speaks or a stored mail is met', async () => {
    const { read } = world();
    const sent = serve(API, 'GET', OF_ACCOUNT, [
      answer([aMail('m3')], more('i2')),
      answer([received('m2')], more('i3')),
      answer([received('m4'), aMail('m3')], more('i2')),
    ]);

    await read([aTurn()]);
    const again = await read([aTurn()]);

    expect(queries(sent)).toEqual([{}, { index: 'i2' }, {}]);
    expect(again).toMatchObject({ read: 2, changed: 1, credits: 1 });
  });

  test('where Zoho shows only what we sent, the mailboxes are asked for', async () => {
    const { read } = world();
    const sent = serve(API, 'GET', OF_ACCOUNT, [answer([aMail('m1')]), answer([received('m2')])]);

    expect(await read([aTurn()])).toMatchObject({ changed: 2, credits: 2 });
    expect(queries(sent)).toEqual([{}, { type: 'user_emails' }]);
  });

  test('mailboxes that are refused are not asked for again in this run', async () => {
    const { read } = world();
    serve(API, 'GET', OF_ACCOUNT, [
      answer([aMail('m1')]),
      { status: 400, body: { code: 'INVALID_DATA', status: 'error', message: 'type', details: {} } },
    ]);
    const second = serve(API, 'GET', pathOf(other(2)), answer([aMail('m2')]));

    expect(await read([aTurn(), aTurn({ key: other(2) })])).toMatchObject({ customers: 2, changed: 2 });
    expect(queries(second)).toEqual([{}]);
  });

  test('ends with the budget of the day, to the credit', async () => {
    const { read, deps, clock } = world();
    serve(API, 'GET', OF_ACCOUNT, [answer([aMail('m1')], more('i2')), answer([aMail('m0')], more('i3'))]);

    const result = await read([aTurn(), aTurn({ key: other(2) })], 2);

    expect(result).toMatchObject({ customers: 1, credits: 2 });
    expect(await mailBudget(deps, 'c1', 10)).toBe(8);
    expect(await mailBudget(deps, 'c1', 1)).toBe(0);
    clock.advance(86_400_000);
    expect(await mailBudget(deps, 'c1', 10)).toBe(10);
  });

  test('a record that is gone is passed over and counted as read', async () => {
    const { read, reads } = world();
    const gone = { code: 'INVALID_DATA', status: 'error', message: 'the id is not valid', details: {} };
    serve(API, 'GET', OF_ACCOUNT, { status: 400, body: gone });
    serve(API, 'GET', pathOf(other(2)), answer([received('m2')]));

    expect(await read([aTurn(), aTurn({ key: other(2) })])).toMatchObject({ customers: 2, error: null });
    expect(reads.map(({ customer }) => customer)).toEqual([ACCOUNT, other(2).id]);
  });

  test('an access that does not cover e-mails ends the reading, and only that', async () => {
    const { read, reads } = world();
    const refusal = {
      code: 'OAUTH_SCOPE_MISMATCH',
      status: 'error',
      message: 'invalid oauth scope',
      details: {},
    };
    serve(API, 'GET', OF_ACCOUNT, { status: 401, body: refusal });

    const result = await read([aTurn(), aTurn({ key: other(2) })]);

    expect(result).toMatchObject({ customers: 0, error: { code: 'zoho_auth' } });
    expect(reads).toEqual([]);
  });
});

describe('whose turn it is', () => {
  const now = new Date(NOW);
  const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
  const score = (last: number, change: Partial<Score>) =>
    aScore({ id: other(last).id, contactDue: false, contactStatus: 'on_plan', ...change });

  test('who is about to be reminded comes first, of these the best tier; a budget reaches no further', () => {
    const queue = new MailQueue(4);
    const scores = [
      score(1, { contactStatus: 'on_plan', tier: 'top' }),
      score(2, { contactStatus: 'due', tier: 'top' }),
      score(3, { contactStatus: 'overdue', contactDue: true, tier: 'marginal' }),
      score(4, { contactStatus: null, contactDue: true, tier: 'good' }),
      score(5, { contactStatus: 'overdue', contactDue: true, tier: 'good', gold: true }),
      score(6, { plannedContactDays: null, contactStatus: null }),
    ];

    for (const one of scores) {
      const turn = mailTurnOf(one, undefined, now);
      if (turn) queue.add(turn);
    }

    expect(queue.inOrder().map(({ key }) => key.id)).toEqual([5, 4, 3, 2].map((last) => other(last).id));
  });

  test('who was read within a day waits; who is on plan waits a week', () => {
    const due = score(1, { contactDue: true });

    expect(mailTurnOf(due, hoursAgo(23), now)).toBeNull();
    expect(mailTurnOf(due, hoursAgo(24), now)).not.toBeNull();
    expect(mailTurnOf(score(1, {}), hoursAgo(24), now)).toBeNull();
    expect(mailTurnOf(score(1, {}), hoursAgo(7 * 24), now)).not.toBeNull();
  });

  test('memory follows the budget, not the number of customers', () => {
    const queue = new MailQueue(1);

    for (let count = 0; count < 5_000; count += 1) queue.add(aTurn({ rank: [0, 0, -count] }));

    expect(queue.inOrder()).toEqual([aTurn({ rank: [0, 0, -4_999] })]);
  });
});
