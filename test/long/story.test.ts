import { beforeAll, expect, test } from 'vitest';
import { addDays } from '../../src/days.ts';
import { START } from '../support/story/cast.ts';
import { playStory, type StoryEnd } from '../support/story/play.ts';
import { owedBy, spread, storyTable, wrongStats } from '../support/story/told.ts';

/** Eighteen months of a firm, day by day, on a virtual clock; what is told is what stands in the simulated CRM. */

const DAYS = 550;
let end: StoryEnd;

beforeAll(async () => {
  end = await playStory({ days: DAYS });
  console.log(storyTable(end));
}, 3_600_000);

test('every shipped rule fires, is updated, is closed when the need goes, and cools down after a person closed it', () => {
  expect(end.unfinished).toEqual([]);
  expect(owedBy(end, end.shipped)).toEqual([]);
});

test('on no day an owner gets more than the cap, a need two open tasks, or a task a day on which nobody works', () => {
  expect(end.faults).toEqual([]);
});

test('no plan is held, and Zoho refuses nothing', () => {
  expect(end.held).toEqual([]);
});

test('whom we sent away at a loss is lost and never won back, unlike others that went at the same time', () => {
  const firm = (name: string) =>
    end.accounts.find(({ Account_Name }) => String(Account_Name).startsWith(name));

  expect(end.tasksOf('win_back', 'Refused')).toEqual([]);
  expect(firm('Refused')).toMatchObject({ Lifecycle_Phase: 'Lost' });
  expect(firm('Win-back A')).toMatchObject({ Lifecycle_Phase: 'Win-back' });
});

test('a win-back is tried 3, 6 and 12 months after the loss', () => {
  const [first, second, third, ...more] = end.tasksOf('win_back', 'Win-back B').map(({ madeOn }) => madeOn);

  expect(more).toEqual([]);
  const months = (from: string | undefined, to: string | undefined) =>
    (Date.parse(`${to}`) - Date.parse(`${from}`)) / 86_400_000 / 30.4;
  expect(months(first, second)).toBeCloseTo(3, 0);
  expect(months(second, third)).toBeCloseTo(6, 0);
});

test('who answers nothing is asked after twice the days, and asked all the same', () => {
  const [asked] = end.tasksOf('unresponsive', 'Mute A');

  // Last spoken with 50 days before the story; the plan of its tier is 60 days.
  expect(asked?.madeOn).toBe(addDays(START, -50 + 120 + 1));
  expect(end.tasksOf('contact_gap', 'Mute A').filter(({ madeOn }) => madeOn < (asked?.madeOn ?? ''))).toEqual(
    [],
  );
});

test('the open tasks of somebody who left, and all new ones of its customers, are another’s', () => {
  const heir = end.tasksOf('contact_gap', 'Heir')[0];

  expect(heir?.owners).toHaveLength(2);
  expect(
    end.tasks.filter(({ closed, owners }) => closed === null && owners.at(-1) === heir?.owners[0]),
  ).toEqual([]);
});

test('playbook stats tells of each rule what happened in the CRM', () => {
  expect(wrongStats(end)).toEqual([]);
});

test('a day on which nobody does anything costs next to nothing', () => {
  const { median, max } = spread(end.quietCredits);

  expect(end.quietCredits.length).toBeGreaterThan(100);
  expect(median).toBeLessThanOrEqual(45);
  expect(max).toBeLessThanOrEqual(60);
});
