import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { OwnStep } from '../../../src/rules.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { readSettings } from '../../../src/settings.ts';
import { renderNextStep } from '../../../src/texts/render.ts';
import { ASOF, aBaseline, rulesWith, someFacts } from './builders.ts';

const words = (text: string) => ({ en: text, nl: `${text} NL`, pl: text, da: text });
const stepWith = (
  nextSteps: readonly OwnStep[],
  facts = someFacts({ bought: [['2026-11-01', 1000, 950]] }),
) => scoreCustomer(facts, null, aBaseline(), rulesWith({ nextSteps }), ASOF).score;

test('the first step that fits goes before the table; one that asks for anything else does not', () => {
  const score = stepWith([
    { phase: 'lost', step: words('no') },
    { tier: 'top', step: words('no') },
    { gold: true, step: words('no') },
    { reason: 'signal.high_case', step: words('no') },
    {
      phase: 'first_order',
      tier: 'good',
      gold: false,
      reason: 'next.new.welcome_call',
      step: words('Send {x} [cake]'),
    },
    { step: words('too late') },
  ]);

  expect(renderNextStep(score, { language: 'nl', currency: 'EUR' })).toBe('Send {x} [cake] NL');
});

test('nothing is a step, and without one that fits ours stands', () => {
  expect(stepWith([{ phase: 'new', step: 'nothing' }]).nextStep).toEqual({
    code: 'next.nothing',
    params: {},
  });
  expect(stepWith([{ phase: 'lost', step: 'nothing' }]).nextStep?.code).toBe('next.new.welcome_call');
});

test('a file may word a step in one language, must word it in any, and may name only codes that exist', () => {
  const dir = mkdtempSync(join(tmpdir(), 'own-steps-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const read = (steps: string) => {
    writeFileSync(join(dir, 'scoring.yaml'), `version: 1\nnextSteps: ${steps}\n`);
    const problems: string[] = [];
    const { settings } = readSettings(dir, problems);
    return { steps: settings?.scoring.nextSteps, problems };
  };

  expect(read('[{ phase: loyal, step: { nl: Bel } }]').steps).toEqual([
    { phase: 'loyal', step: { en: 'Bel', nl: 'Bel', pl: 'Bel', da: 'Bel' } },
  ]);
  expect(read('[{ step: {} }]').problems.join()).toContain('nextSteps.0.step');
  expect(read('[{ reason: signal.typo, step: nothing }]').problems.join()).toContain('nextSteps.0.reason');
});
