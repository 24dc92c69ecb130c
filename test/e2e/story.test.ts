import { beforeAll, expect, test } from 'vitest';
import { playStory, type StoryEnd } from '../support/story/play.ts';
import { owedBy, spread, storyTable, wrongStats } from '../support/story/told.ts';

/** The first weeks of the story that test/long/story.test.ts tells to its end. */

const RULES = ['case_of_top', 'contact_gap', 'lead_follow_up', 'renewal'];
let end: StoryEnd;

beforeAll(async () => {
  end = await playStory({ days: 40, only: ({ rule, firm }) => RULES.includes(rule) && firm !== 'Heir' });
  console.log(storyTable(end));
}, 300_000);

test('rules fire, tasks follow the facts, close with the need, and come again only after their cool-down', () => {
  expect(end.unfinished).toEqual([]);
  expect(owedBy(end, RULES)).toEqual([]);
});

test('no owner gets more than the cap on a day, no need two open tasks, and nothing is due on a day off', () => {
  expect(end.faults).toEqual([]);
  expect(end.held).toEqual([]);
});

test('playbook stats tells of each rule what happened in the CRM', () => {
  expect(wrongStats(end)).toEqual([]);
});

test('a quiet day costs no more than looking', () => {
  expect(end.quietCredits.length).toBeGreaterThan(5);
  expect(spread(end.quietCredits).max).toBeLessThanOrEqual(60);
});
