import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TEXTS } from '../../src/widget/texts/tables.ts';
import { expectAccessible } from '../support/axe.ts';
import { type OrgRecord, recordsOf } from '../support/org.ts';
import { aWidgetWorld, type Scene, type Shown, type WidgetWorld } from '../support/widget-world.ts';

/** The built widget inside a page that plays Zoho CRM, over the sample firm after its write-back. */

let widget: WidgetWorld;
let best: OrgRecord;
let second: OrgRecord;

beforeAll(async () => {
  widget = await aWidgetWorld();
  [best, second] = byProfit().filter(isFull) as [OrgRecord, OrgRecord]; // the sample firm has 793 accounts
});
afterAll(() => widget?.close());

const byProfit = () =>
  recordsOf(widget.world.simulator, 'Accounts').toSorted(
    (a, b) => Number(b.Profit_12_Months) - Number(a.Profit_12_Months),
  );
const isFull = (account: OrgRecord) =>
  ['Next_Step', 'Last_Contact_Summary', 'Expected_Profit_12_Months'].every((name) => account[name] != null);
const accountNow = (id: string) =>
  recordsOf(widget.world.simulator, 'Accounts').find((one) => one.id === id) as OrgRecord;
const pageOf = (module: string, { id }: OrgRecord) => ({ Entity: module, EntityId: id });
const idOf = (value: unknown) => (value as { id: string } | null)?.id;

async function shown<T>(scene: Scene, look: (shown: Shown) => Promise<T>): Promise<T> {
  const one = await widget.show(scene);
  try {
    const seen = await look(one);
    expect(one.complaints).toEqual([]);
    expect(one.strays).toEqual([]);
    await expectAccessible(one.frame);
    return seen;
  } finally {
    await one.close();
  }
}

const textOf = ({ frame }: Shown) => frame.locator('main').textContent();
const stateOf = ({ frame }: Shown) => frame.locator('.state').getAttribute('data-state');

describe('the card of a customer', () => {
  test('shows what stands in the fields, and asks for no more than the record, its tasks and the org', async () => {
    await shown({ page: pageOf('Accounts', best) }, async (card) => {
      const text = await textOf(card);

      expect(text).toContain(String(best.Value_Tier));
      expect(text).toContain(String(best.Lifecycle_Phase));
      const money = (amount: unknown) =>
        new Intl.NumberFormat('en-GB', {
          style: 'currency',
          currency: 'USD',
          currencyDisplay: 'narrowSymbol',
          maximumFractionDigits: 0,
        }).format(Number(amount));
      expect(text).toContain(money(best.Profit_12_Months));
      expect(text).toContain(money(best.Expected_Profit_12_Months));
      expect(text).toMatch(/in \d+ of 100 cases between \$[\d,]+ and \$[\d,]+/);
      expect(text).toContain(String(best.Next_Step));
      expect(text).toContain(String(best.Last_Contact_Summary));
      expect(text).toContain(String(best.Contact_Status));
      const reasons = String(best.Value_Explanation).split('\n');
      expect(await card.frame.locator('section:has(h2:text("Why")) li').allTextContents()).toEqual(reasons);
      const asked = card.calls.map(({ category, type }) => [category, type].filter(Boolean).join(' '));
      expect(new Set(asked)).toEqual(new Set(['READ', 'CONFIG ORG', 'CONFIG USER_PREFERENCE', 'UI']));
    });
  });

  test('takes the id as a list as well, and shows the next record in the same frame', async () => {
    await shown({ page: { Entity: 'Accounts', EntityId: [best.id] } }, async (card) => {
      expect(await textOf(card)).toContain(String(best.Next_Step));

      await card.page.evaluate(`window.tell('PageLoad', ${JSON.stringify(pageOf('Accounts', second))})`);
      await card.frame.getByText(String(second.Last_Contact_Summary)).waitFor();
    });
  });

  test('keeps to the record that is looked at when an earlier one is answered late', async () => {
    const late = Promise.withResolvers<void>();
    const crm: Scene['crm'] = async (call, next) => {
      const isFirst = call.category === 'READ' && JSON.stringify(call).includes(best.id);
      if (isFirst) await late.promise;
      return next(call);
    };
    await shown({ page: pageOf('Accounts', second), crm }, async (card) => {
      await card.page.evaluate(`window.tell('PageLoad', ${JSON.stringify(pageOf('Accounts', best))})`);
      await card.frame.locator('.state[data-state="loading"]').waitFor();
      await card.page.evaluate(`window.tell('PageLoad', ${JSON.stringify(pageOf('Accounts', second))})`);
      await card.frame.getByText(String(second.Last_Contact_Summary)).waitFor();
      const asked = card.calls.length;
      late.resolve();

      // With the late answer its tasks are asked for; by then it would have been shown.
      await expect.poll(() => card.calls.length).toBeGreaterThan(asked);
      expect(await textOf(card)).toContain(String(second.Last_Contact_Summary));
    });
  });

  test('lists the open reminders, soonest first, and opens them in Zoho', async () => {
    const tasks = recordsOf(widget.world.simulator, 'Tasks').filter(
      (task) => String(task.CV_Ref).startsWith('cv-') && task.Status !== 'Completed',
    );
    const account = recordsOf(widget.world.simulator, 'Accounts').find(({ id }) =>
      tasks.some((task) => idOf(task.What_Id) === id),
    ) as OrgRecord;
    const mine = tasks.filter((task) => idOf(task.What_Id) === account.id);

    await shown({ page: pageOf('Accounts', account) }, async (card) => {
      const links = card.frame.locator('.tasks button');
      await links.first().waitFor();
      expect((await links.allTextContents()).sort()).toEqual(
        mine.map(({ Subject }) => String(Subject)).sort(),
      );
      await links.first().click();
      await expect
        .poll(() => card.calls.find(({ category, action }) => category === 'UI' && action !== 'RESIZE')?.data)
        .toMatchObject({ Entity: 'Tasks', RecordID: expect.any(String) });
    });
  });

  test('shows what stands in a record as text, never as markup', async () => {
    const evil = '<img src=x onerror="parent.postMessage(1)"><b>bold</b>{title}$&';
    const crm: Scene['crm'] = async (call, next) => {
      const answer = await next(call);
      if (call.category !== 'READ' || call.APIData?.RelatedList !== undefined) return answer;
      const { data } = structuredClone(answer) as { data: { data: Record<string, unknown>[] } };
      Object.assign(data.data[0] ?? {}, { Next_Step: evil, Last_Contact_Summary: evil, Value_Tier: evil });
      return { is: 'answer', data: JSON.stringify(data) };
    };
    await shown({ page: pageOf('Accounts', best), crm }, async (card) => {
      expect(await card.frame.locator('.step').textContent()).toBe(evil);
      expect(await card.frame.locator('img, b').count()).toBe(0);
    });
  });

  test('shows the essential fields alone where an org has no others', async () => {
    const others =
      /^(Gold|Revenue|Customer_Since|Last_Contact_Summary|Contact_Status|Churn|Referral|Lifetime|Usual|Value_Rank|Last_Thanked|Goodwill_Given|Recalculation)/;
    const crm: Scene['crm'] = async (call, next) => {
      const answer = await next(call);
      if (call.category !== 'READ' || answer.is !== 'answer' || call.APIData?.RelatedList) return answer;
      const { data } = answer.data as { data: Record<string, unknown>[] }; // one record, as Zoho shows it
      const kept = Object.entries(data[0] ?? {}).filter(([name]) => !others.test(name));
      return { is: 'answer', data: { data: [Object.fromEntries(kept)] } };
    };
    await shown({ page: pageOf('Accounts', best), crm }, async (card) => {
      const text = await textOf(card);
      expect(text).toContain(String(best.Value_Tier));
      expect(text).toContain(String(best.Next_Step));
      expect(text).not.toContain(TEXTS.en.label.gold);
      expect(await card.frame.locator('.plan, .actions').count()).toBe(0);
    });
  });

  test('links to the customer page where the package names one, and to nothing that is not https', async () => {
    const linked = (config: Scene['config'] & object, crm?: Scene['crm']) =>
      shown({ page: pageOf('Accounts', best), config, ...(crm ? { crm } : {}) }, async (card) =>
        card.frame.locator('.more a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
      );

    expect(await linked({ customerPage: 'https://value.example.test/{module}/{id}' })).toEqual([
      `https://value.example.test/Accounts/${best.id}`,
    ]);
    expect(await linked({ customerPage: 'javascript:alert(1)' })).toEqual([]);
    const variable: Scene['crm'] = async (call, next) =>
      call.type === 'VARIABLE'
        ? { is: 'answer', data: { Success: { Content: 'https://other.example.test/?{id}' } } }
        : next(call);
    expect(await linked({ customerPageVariable: 'value__page' }, variable)).toEqual([
      `https://other.example.test/?${best.id}`,
    ]);
  });
});

describe('other records', () => {
  test('a deal and a case show their customer, with its next step and a way to it', async () => {
    for (const module of ['Deals', 'Cases']) {
      const record = recordsOf(widget.world.simulator, module).find(
        ({ Customer_Tier }) => Customer_Tier !== null && Customer_Tier !== undefined,
      ) as OrgRecord;
      const account = accountNow(String(idOf(record.Account_Name)));
      await shown({ page: pageOf(module, record) }, async (card) => {
        const text = await textOf(card);
        expect(text).toContain(String(account.Value_Tier));
        expect(text).toContain(
          account.Next_Step === null ? TEXTS.en.none.nextStep : String(account.Next_Step),
        );
        await card.frame.getByRole('button', { name: TEXTS.en.action.open }).click();
        await expect
          .poll(() => card.calls.filter(({ category }) => category === 'UI').map(({ data }) => data))
          .toContainEqual({ Entity: 'Accounts', RecordID: account.id });
      });
    }
  });

  test('a deal whose account may not be seen shows the copies that stand on it', async () => {
    const deal = recordsOf(widget.world.simulator, 'Deals').find(
      ({ Customer_Tier }) => Customer_Tier,
    ) as OrgRecord;
    const crm: Scene['crm'] = async (call, next) =>
      call.APIData?.Entity === 'Accounts'
        ? { is: 'failure', data: { code: 'NO_PERMISSION', message: 'permission denied' } }
        : next(call);
    await shown({ page: pageOf('Deals', deal), crm }, async (card) => {
      const text = await textOf(card);
      expect(text).toContain(String(deal.Customer_Tier));
      expect(text).toContain(TEXTS.en.none.owner);
    });
  });

  test('a lead shows its follow-up and what leads like it are worth', async () => {
    const lead = recordsOf(widget.world.simulator, 'Leads').find(
      ({ Followup_Status }) => Followup_Status,
    ) as OrgRecord;
    await shown({ page: pageOf('Leads', lead) }, async (card) => {
      expect(await textOf(card)).toContain(String(lead.Followup_Status));
    });
  });

  test('a contact of an account shows the account', async () => {
    const contact = recordsOf(widget.world.simulator, 'Contacts').find(({ Account_Name }) =>
      idOf(Account_Name),
    ) as OrgRecord;
    const account = accountNow(String(idOf(contact.Account_Name)));
    await shown({ page: pageOf('Contacts', contact) }, async (card) => {
      expect(await card.frame.locator('.compact .of').textContent()).toBe(account.Account_Name);
      expect(await textOf(card)).toContain(String(account.Value_Tier));
    });
  });
});

describe('the worklist', () => {
  test('shows the open reminders of whoever looks, most at stake first', async () => {
    await shown({ file: 'worklist.html', page: null }, async (list) => {
      const owner = recordsOf(widget.world.simulator, 'Accounts')[0];
      expect(owner).toBeDefined();
      const lines = list.frame.locator('.worklist .line');
      const stakes = (await lines.locator('.stake').allTextContents()).map((text) =>
        Number(text.replace(/[^\d-]/g, '')),
      );
      expect(stakes.length).toBeGreaterThan(2);
      expect(stakes).toEqual(stakes.toSorted((a, b) => b - a));
      const query = list.calls.find(({ category }) => category === 'QUERY')?.APIData?.select_query;
      const [, user] = /Owner = '(\d+)'/.exec(String(query)) ?? [];
      const due = recordsOf(widget.world.simulator, 'Tasks').filter(
        (task) =>
          String(task.CV_Ref).startsWith('cv-') && task.Status !== 'Completed' && idOf(task.Owner) === user,
      );
      expect(due.length).toBeGreaterThan(2);
      const shownSubjects = await lines.locator('.what button').allTextContents();
      expect(due.map(({ Subject }) => Subject)).toEqual(expect.arrayContaining(shownSubjects));
      expect(shownSubjects).toHaveLength(Math.min(15, due.length));
    });
  });

  test('says so when nothing waits, when customers cannot be read, and when tasks have no field of ours', async () => {
    const nothing: Scene['crm'] = async (call, next) =>
      call.category === 'QUERY' ? { is: 'answer', data: '' } : next(call);
    const hidden: Scene['crm'] = async (call, next) =>
      call.category === 'META' ? { is: 'answer', data: { fields: [] } } : next(call);

    const refusing: Scene['crm'] = async (call, next) =>
      /from Accounts/.test(String(call.APIData?.select_query))
        ? { is: 'failure', data: { code: 'INVALID_QUERY' } }
        : next(call);

    expect(await shown({ file: 'worklist.html', page: null, crm: nothing }, stateOf)).toBe('noWork');
    expect(await shown({ file: 'worklist.html', page: null, crm: refusing }, stateOf)).toBe('failed');
    expect(await shown({ file: 'worklist.html', page: null, crm: hidden }, stateOf)).toBe('noReminders');
  });
});
