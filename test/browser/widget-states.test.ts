import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES, type StateName, TEXTS } from '../../src/widget/texts/tables.ts';
import { expectAccessible } from '../support/axe.ts';
import { type OrgRecord, recordsOf } from '../support/org.ts';
import { aWidgetWorld, type Scene, type WidgetWorld } from '../support/widget-world.ts';

/** Whatever is missing, the widget says what and what to do. */

let widget: WidgetWorld;
let account: OrgRecord;

beforeAll(async () => {
  widget = await aWidgetWorld();
  account = recordsOf(widget.world.simulator, 'Accounts')[0] as OrgRecord; // 793 of them
});
afterAll(() => widget?.close());

const answering =
  (data: unknown, is: 'answer' | 'failure' = 'answer'): NonNullable<Scene['crm']> =>
  async (call, next) =>
    call.category === 'READ' ? { is, data } : next(call);
const onRecord = () => ({ Entity: 'Accounts', EntityId: account.id });
const bare = { data: [{ id: '1', Account_Name: 'One' }] };
const OURS = { Value_Tier: null, Lifecycle_Phase: null, Next_Step: null };

const CASES: readonly [string, StateName, (page: unknown) => Scene][] = [
  ['the page around is not Zoho', 'outside', (page) => ({ page, isDeaf: true })],
  ['the script of Zoho is blocked', 'sdk', (page) => ({ page, isSdkBlocked: true })],
  ['no PageLoad comes', 'noRecord', () => ({ page: null })],
  ['PageLoad names no record', 'noRecord', () => ({ page: { Entity: 'Accounts', EntityId: [] } })],
  ['PageLoad names nonsense', 'noRecord', () => ({ page: { Entity: 'Accounts', EntityId: "1' or 1=1" } })],
  [
    'Zoho never answers',
    'silent',
    (page) => ({
      page,
      crm: async ({ category }, next) =>
        category === 'READ' ? { is: 'silence' } : next({ category, type: 'ORG' }),
    }),
  ],
  [
    'the record may not be seen',
    'forbidden',
    (page) => ({ page, crm: answering({ code: 'NO_PERMISSION' }, 'failure') }),
  ],
  [
    'the refusal comes as an answer',
    'forbidden',
    (page) => ({ page, crm: answering({ data: [{ code: 'NO_PERMISSION', status: 'error' }] }) }),
  ],
  ['the record is gone', 'absent', (page) => ({ page, crm: answering('') })],
  [
    'the record was merged',
    'absent',
    (page) => ({ page, crm: answering({ code: 'INVALID_DATA' }, 'failure') }),
  ],
  ['Zoho fails', 'failed', (page) => ({ page, crm: answering({ code: 'INTERNAL_ERROR' }, 'failure') })],
  ['fields exist and are hidden', 'hiddenFields', (page) => ({ page, crm: answering(bare) })],
  [
    'the module has no fields of ours',
    'noFields',
    (page) => ({
      page,
      crm: async (call, next) =>
        call.category === 'META' ? { is: 'answer', data: { fields: [] } } : answering(bare)(call, next),
    }),
  ],
  [
    'nothing was scored yet',
    'notYet',
    (page) => ({ page, crm: answering({ data: [{ id: '1', ...OURS }] }) }),
  ],
  ['a module without a card', 'otherModule', () => ({ page: { Entity: 'Vendors', EntityId: '1' } })],
];

describe('when there is nothing to show', () => {
  test.each(CASES)('%s: %s', async (_, state, sceneOf) => {
    const shown = await widget.show(sceneOf(onRecord()));

    const text = (await shown.frame.locator('.state').textContent()) ?? '';
    expect(await shown.frame.locator('.state').getAttribute('data-state'), text).toBe(state);
    expect(text).toContain(TEXTS.en.state[state].title);
    expect(text.length).toBeGreaterThan(TEXTS.en.state[state].title.length + 20);
    await expectAccessible(shown.frame);
    await shown.close();
  });

  test('after silence a second try shows the card', async () => {
    let isAwake = false;
    const shown = await widget.show({
      page: onRecord(),
      crm: async (call, next) => (call.category === 'READ' && !isAwake ? { is: 'silence' } : next(call)),
    });
    isAwake = true;

    await shown.frame.getByRole('button', { name: TEXTS.en.action.retry }).click();

    await shown.frame.locator('.card').waitFor();
    await shown.close();
  });

  test('what only makes the card nicer is not waited for: tasks, theme, currency', async () => {
    const startedAt = performance.now();
    const shown = await widget.show({
      page: onRecord(),
      crm: async (call, next) =>
        call.category === 'CONFIG' || call.APIData?.RelatedList !== undefined
          ? { is: 'silence' }
          : next(call),
    });

    expect(performance.now() - startedAt).toBeLessThan(7_000);
    const profit = Math.round(Number(account.Profit_12_Months));
    expect(await shown.frame.locator('.figure dd').first().textContent()).toBe(
      new Intl.NumberFormat('en-GB').format(profit),
    );
    await shown.frame.getByText(TEXTS.en.none.remindersUnread).waitFor();
    await shown.close();
  });

  test('tasks that cannot be read cost the card one line', async () => {
    const shown = await widget.show({
      page: onRecord(),
      crm: async (call, next) =>
        call.APIData?.RelatedList === undefined
          ? next(call)
          : { is: 'failure', data: { code: 'NO_PERMISSION' } },
    });

    await shown.frame.getByText(TEXTS.en.none.remindersUnread).waitFor();
    expect(await shown.frame.locator('.card').count()).toBe(1);
    await shown.close();
  });
});

describe('a page that is not Zoho', () => {
  test('cannot tell the widget which record to show', async () => {
    const shown = await widget.show({ page: null });
    const before = shown.calls.length;

    // A frame beside it sends what only the page around may send.
    await shown.page.evaluate(`(() => {
      const other = document.createElement('iframe');
      document.body.append(other);
      const script = other.contentDocument.createElement('script');
      script.textContent = "parent.frames[0].postMessage({ type: 'FRAMEWORK.EVENT', eventName: 'PageLoad', data: { Entity: 'Accounts', EntityId: '${account.id}' } }, '*')";
      other.contentDocument.body.append(script);
    })()`);
    await shown.page.waitForTimeout(500);

    expect(shown.calls.slice(before).filter(({ category }) => category === 'READ')).toEqual([]);
    expect(await shown.frame.locator('.state').getAttribute('data-state')).toBe('noRecord');
    await shown.close();
  });
});

describe('language, theme and size', () => {
  test.each(LANGUAGES)('%s comes from the locale of Zoho, not of the browser', async (language) => {
    const shown = await widget.show({ page: onRecord(), locale: `${language}_XX` });

    expect(await shown.frame.locator('html').getAttribute('lang')).toBe(language);
    const text = await shown.frame.locator('.card').textContent();
    expect(text).toContain(TEXTS[language].label.reasons);
    expect(text).toContain(TEXTS[language].action.recalculate);
    await expectAccessible(shown.frame);
    await shown.close();
  });

  test.each([
    ['Night', 'light', 'night'],
    ['Day', 'dark', 'day'],
    [null, 'dark', 'night'],
  ] as const)('theme %s of Zoho, %s of the system: %s', async (theme, colorScheme, expected) => {
    const shown = await widget.show({
      page: onRecord(),
      browser: { colorScheme },
      crm: async (call, next) =>
        call.type === 'USER_PREFERENCE'
          ? { is: theme === null ? 'failure' : 'answer', data: theme === null ? 'unknown' : { theme } }
          : next(call),
    });

    await expect.poll(() => shown.frame.locator('html').getAttribute('data-theme')).toBe(expected);
    await expectAccessible(shown.frame);
    await shown.close();
  });

  test('on a phone nothing is wider than the screen, and the frame is as high as the card', async () => {
    const shown = await widget.show({ page: onRecord(), browser: { viewport: { width: 320, height: 640 } } });

    const width = await shown.frame.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(320);
    const height = Number(await shown.frame.evaluate('document.documentElement.scrollHeight'));
    await expect
      .poll(async () => (await shown.page.locator('iframe').boundingBox())?.height)
      .toBeGreaterThanOrEqual(height - 1);
    await shown.close();
  });
});
