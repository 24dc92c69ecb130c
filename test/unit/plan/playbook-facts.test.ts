import { expect, test } from 'vitest';
import { customerSubject } from '../../../src/plan/reminder-subject.ts';
import { aScore } from './builders.ts';

test('an open reminder of ours is no sign that somebody is winning the customer back; a task of a person is', () => {
  const records = [{ module: 'Tasks', id: '5725767000000900001' }] as const;
  const running = { code: 'phase.lost.running_task', params: { subject: 'Call', on: '2026-02-01' }, records };
  const score = aScore({ phase: 'lost', reasons: [running] });
  const reasons = (ours: string[]) => customerSubject(score, false, new Set(ours)).about.reasons;

  expect(reasons(['5725767000000900001'])).toEqual([]);
  expect(reasons(['5725767000000900002'])).toEqual(['phase.lost.running_task']);
});

test('a task of a person beside a newer one of ours still shows that somebody is at it', () => {
  const [ours, theirs] = ['5725767000000900001', '5725767000000900003'];
  const records = [theirs, ours].map((id) => ({ module: 'Tasks' as const, id }));
  const running = { code: 'phase.lost.running_task', params: { subject: 'Call', on: '2026-02-01' }, records };
  const score = aScore({ phase: 'lost', reasons: [running] });

  const { reasons } = customerSubject(score, false, new Set([ours])).about;

  expect(reasons).toEqual(['phase.lost.running_task']);
});
