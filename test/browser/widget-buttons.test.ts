import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEXTS } from '../../src/widget/texts/tables.ts';
import { expectAccessible } from '../support/axe.ts';
import { type OrgRecord, recordsOf } from '../support/org.ts';
import { aWidgetWorld, type Scene, TODAY, type WidgetWorld } from '../support/widget-world.ts';

/** From a click in Zoho to what the next run makes of it. */

const { action, done, failed } = TEXTS.en;
let widget: WidgetWorld;
let best: OrgRecord;

beforeAll(async () => {
  widget = await aWidgetWorld();
  const budget = ({ Goodwill_Budget }: OrgRecord) => Number(Goodwill_Budget ?? 0);
  [best] = accounts().toSorted((a, b) => budget(b) - budget(a)) as [OrgRecord]; // the sample firm has 793 accounts
});
afterAll(() => widget?.close());

const accounts = () => recordsOf(widget.world.simulator, 'Accounts');
const bestNow = () => accounts().find(({ id }) => id === best.id) as OrgRecord;
const scene = (more: Partial<Scene> = {}): Scene => ({
  page: { Entity: 'Accounts', EntityId: best.id },
  ...more,
});
const isUpdate = ({ category }: { category: string }) => category === 'UPDATE';

test('goodwill that is logged lowers the budget with the next run, once', async () => {
  const budget = Number(best.Goodwill_Budget);
  expect(budget).toBeGreaterThan(20);
  const { frame, calls, complaints, close } = await widget.show(scene());
  await frame.getByRole('button', { name: action.goodwill }).click();
  const [amount, note] = [frame.getByLabel('Amount in USD'), frame.getByLabel(action.note)];
  await expectAccessible(frame);

  await amount.fill('none');
  await frame.getByRole('button', { name: action.save }).click();
  await frame.getByText(failed.amount).waitFor();
  await expectAccessible(frame);
  expect(calls.some(isUpdate)).toBe(false);
  await amount.fill('12,50');
  await note.fill('crate; broken');
  await frame.getByRole('button', { name: action.save }).click();
  await frame.getByText('$12.50 noted').waitFor();

  expect(calls.filter(isUpdate)).toEqual([
    expect.objectContaining({
      Entity: 'Accounts',
      APIData: { id: best.id, Goodwill_Given: `${TODAY} 12.50 crate broken`, trigger: [] },
    }),
  ]);
  expect(await amount.isVisible()).toBe(false);
  await widget.runLine();
  expect(Number(bestNow().Goodwill_Budget)).toBeCloseTo(budget - 12.5, 2);

  await frame.getByRole('button', { name: action.goodwill }).click();
  await amount.fill('2');
  await frame.getByRole('button', { name: action.save }).click();
  await frame.getByText('$2.00 noted').waitFor();
  expect(bestNow().Goodwill_Given).toBe(`${TODAY} 12.50 crate broken; ${TODAY} 2.00`);
  await widget.runLine();
  await widget.runLine();
  expect(Number(bestNow().Goodwill_Budget)).toBeCloseTo(budget - 14.5, 2);
  expect(complaints).toEqual([]);
  await close();
});

test('thanks are noted on today, and the explanation of the next run knows of them', async () => {
  const { frame, calls, close } = await widget.show(scene());

  await frame.getByRole('button', { name: action.thanked }).click();
  await frame.getByText('Thanks noted for 2 Mar 2026.').waitFor();

  expect(calls.filter(isUpdate).map(({ APIData }) => APIData)).toEqual([
    { id: best.id, Last_Thanked: TODAY, trigger: [] },
  ]);
  expect(bestNow().Last_Thanked).toBe(TODAY);
  await widget.runLine();
  const { store } = widget.world.newDeps();
  const score = await store.scores.get(widget.world.connection.id, best.id);
  expect(JSON.stringify(score)).toContain(`"on":"${TODAY}"`);
  await close();
});

test('asking for a new score makes the next sync score this record anew, and no other', async () => {
  const { frame, close } = await widget.show(scene());

  await frame.getByRole('button', { name: action.recalculate }).click();
  await frame.getByText(/^Asked for at/).waitFor();

  expect(bestNow().Recalculation_Asked).toBe(`${TODAY}T09:30:00`);
  await widget.runLine();
  const run = await widget.world.newDeps().store.runs.latest(widget.world.connection.id, 'sync');
  expect(run?.summary).toMatchObject({
    modules: expect.arrayContaining([expect.objectContaining({ module: 'Accounts', changed: 1 })]),
  });
  await close();
});

test('a double click notes one thing, and buttons whose field is not there are not there', async () => {
  let isHeld = true;
  const held: Scene['crm'] = async (call, next) => {
    while (isUpdate(call) && isHeld) await new Promise((resolve) => setTimeout(resolve, 20));
    return next(call);
  };
  const { frame, calls, close } = await widget.show(scene({ crm: held }));
  const thanked = frame.getByRole('button', { name: action.thanked });
  await thanked.click();
  await thanked.click();
  await frame.getByText(done.working).waitFor();
  isHeld = false;
  await frame.getByText(/^Thanks noted/).waitFor();
  expect(calls.filter(isUpdate)).toHaveLength(1);
  await close();

  const without: Scene['crm'] = async (call, next) => {
    const answer = await next(call);
    if (call.category !== 'READ' || answer.is !== 'answer') return answer;
    const text = JSON.stringify(answer.data).replaceAll(/Goodwill_Given|Recalculation_Asked/g, 'Other');
    return { is: 'answer', data: text };
  };
  const bare = await widget.show(scene({ crm: without }));
  expect(await bare.frame.locator('.actions button').allTextContents()).toEqual([action.thanked]);
  await bare.close();
});

test.each([
  ['may not', { data: [{ code: 'NO_PERMISSION', status: 'error' }] }, failed.forbidden],
  [
    'is refused',
    { data: [{ code: 'INVALID_DATA', status: 'error' }] },
    'Zoho refused to save this (INVALID_DATA).',
  ],
])('whoever %s to write is told so, and may try again', async (_, data, words) => {
  const crm: Scene['crm'] = async (call, next) => (isUpdate(call) ? { is: 'answer', data } : next(call));
  const { frame, close } = await widget.show(scene({ crm }));

  await frame.getByRole('button', { name: action.thanked }).click();

  await frame.getByText(words).waitFor();
  await expectAccessible(frame);
  expect(await frame.locator('.buttons').first().getAttribute('aria-busy')).toBeNull();
  await close();
});

test('a write that nobody answers is told as what it is: not known', async () => {
  const crm: Scene['crm'] = async (call, next) => (isUpdate(call) ? { is: 'silence' } : next(call));
  const { frame, close } = await widget.show(scene({ crm }));

  await frame.getByRole('button', { name: action.thanked }).click();

  await frame.getByText(failed.silent).waitFor();
  await close();
});

test('with no room left nothing is written', async () => {
  widget.world.simulator.control.writeRecords('Accounts', [
    {
      id: best.id,
      Goodwill_Given: Array.from({ length: 14 }, () => `${TODAY} 10.00 abc`)
        .join('; ')
        .slice(0, 255),
    },
  ]);
  const { frame, calls, close } = await widget.show(scene());

  await frame.getByRole('button', { name: action.goodwill }).click();
  await frame.getByLabel('Amount in USD').fill('5');
  await frame.getByRole('button', { name: action.save }).click();

  await frame.getByText(/no room for another entry/).waitFor();
  expect(calls.some(isUpdate)).toBe(false);
  await close();
});
