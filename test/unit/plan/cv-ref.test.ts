import { describe, expect, test } from 'vitest';
import {
  cvRefOf,
  MAX_RULE_ID,
  parseCvRef,
  refIn,
  withNewWords,
  withNote,
  withoutRef,
  withRef,
} from '../../../src/plan/cv-ref.ts';

const ID = '5725767000000410001';
const REF = cvRefOf('contact_gap', ID, 3);

describe('the key of a reminder', () => {
  test('names reason, record and episode, and fits into CV Ref', () => {
    expect(REF).toBe(`cv-contact_gap-${ID}-3`);
    expect(parseCvRef(REF)).toEqual({ reason: 'contact_gap', recordId: ID, episode: 3 });
    expect(cvRefOf('r'.repeat(MAX_RULE_ID), '9'.repeat(19), 99_999_999)).toHaveLength(64);
  });

  test.each(['', 'cv-Other-1-1', 'cv--1-1', `cv-contact_gap-${ID}`, `cv-contact_gap-${ID}-x`, `x ${REF}`])(
    '%j is no key of ours',
    (text) => {
      expect(parseCvRef(text)).toBeNull();
    },
  );
});

describe('the key in a description', () => {
  test('is found whatever a person wrote around it', () => {
    expect(refIn(withRef('Please call.', REF))).toBe(REF);
    expect(refIn(`Please call.\r\n\r\nref: ${REF}\r\ncalled, nobody there\r\n`)).toBe(REF);
    expect(refIn('Please call, see ref: cv-thing')).toBeNull();
    expect(refIn(null)).toBeNull();
  });

  test('stays last when a line is added, and nothing a person wrote is lost', () => {
    const text = withNote(`Please call.\r\n\r\nref: ${REF}\r\ncalled, nobody there`, 'Completed.', REF);

    expect(text.split('\n')).toEqual([
      'Please call.',
      '',
      'called, nobody there',
      '',
      'Completed.',
      '',
      `ref: ${REF}`,
    ]);
    expect(withNote(null, 'Completed.', REF)).toBe(`Completed.\n\nref: ${REF}`);
  });
});

describe('our words in a description', () => {
  test('are what stands above the key that we wrote', () => {
    expect(withoutRef(withRef('Please call.\nSoon.', REF), REF)).toBe('Please call.\nSoon.');
  });

  test('are replaced as they stand, whatever signs they hold; a text without them has none to replace', () => {
    const text = withRef('Mine.\r\nProfit $5', REF);

    expect(withNewWords(text, 'Profit $5', 'Profit $& $6')).toBe(withRef('Mine.\nProfit $& $6', REF));
    expect(withNewWords(text, 'Profit $4', 'x')).toBeNull();
    expect(withNewWords(text, '', 'x')).toBeNull();
    expect(withNewWords(null, 'Profit $5', 'x')).toBeNull();
  });
});
