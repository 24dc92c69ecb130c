import { describe, expect, test } from 'vitest';
import type { ModuleName } from '../../../src/domain.ts';
import {
  duplicateNames,
  estimateCredits,
  missingInputs,
  wonPredicates,
} from '../../../src/setup/assess-report.ts';
import { DEFAULT_PRICES } from '../../../src/zoho/prices.ts';

describe('wonPredicates', () => {
  test('a stage is won by its outcome, not by its name, and only in the pipelines that say so', () => {
    const predicates = wonPredicates([
      { pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' },
      { pipeline: 'Key', stage: 'Closed Won', outcome: 'won' },
      { pipeline: 'Standard', stage: 'Done', outcome: 'open' },
      { pipeline: 'Key', stage: 'Done', outcome: 'won' },
      { pipeline: 'Key', stage: "Won't buy", outcome: 'lost' },
    ]);

    expect(predicates).toEqual(["Stage in ('Closed Won')", "(Stage = 'Done' and Pipeline in ('Key'))"]);
  });

  test('more stages than COQL takes in one list become several queries', () => {
    const stages = Array.from({ length: 120 }, (_, index) => {
      return { pipeline: 'P', stage: `Won ${index}`, outcome: 'won' } as const;
    });

    expect(wonPredicates(stages).map((predicate) => predicate.split(',').length)).toEqual([50, 50, 20]);
  });
});

describe('duplicateNames', () => {
  test('names that differ in case, spaces and punctuation only are the same name', () => {
    const found = duplicateNames([
      'Øst & Søn A/S',
      'øst søn  a-s',
      'Acme',
      'ACME.',
      'acme',
      'Other',
      '',
      '!!',
    ]);

    expect(found).toEqual({ names: 2, accounts: 5, examples: ['Acme (3)', 'Øst & Søn A/S (2)'], checked: 8 });
  });
});

describe('missingInputs', () => {
  test('names what scoring will have to do without', () => {
    const counts = new Map<ModuleName, number>([
      ['Calls', 0],
      ['Events', 0],
      ['Cases', 4],
      ['Leads', 0],
    ]);

    const lacking = missingInputs({ counts, costField: null, wonDeals: 12 });

    expect(lacking.map((text) => text.split(':')[0])).toEqual([
      'no cost or profit field on Deals',
      'no calls and no meetings',
      'no leads',
    ]);
  });
});

describe('estimateCredits', () => {
  const full = (rows: [ModuleName, number][]) => estimateCredits(new Map(rows), DEFAULT_PRICES).fullRun;
  const nothing = full([['Deals', 0]]);

  test('a small module is priced by queries of 2,000 rows, a large one by bulk jobs of 200,000', () => {
    expect(full([['Deals', 6_001]]) - nothing).toBe(4 * 3 - 3);
    expect(full([['Deals', 1_000_000]]) - nothing).toBe(5 * 52 - 3);
  });

  test('meetings are priced by list pages of 200', () => {
    expect(full([['Events', 1_001]]) - full([['Events', 0]])).toBe(5);
  });

  test('every account is written once, at one credit per ten', () => {
    expect(full([['Accounts', 1_001]]) - full([['Accounts', 0]])).toBe(101);
  });

  test('a day without changes is the price of its quiet syncs', () => {
    const modules: ModuleName[] = [
      'Accounts',
      'Contacts',
      'Leads',
      'Deals',
      'Tasks',
      'Calls',
      'Events',
      'Cases',
      'Products',
    ];
    const counts = new Map(modules.map((module) => [module, 0] as const));

    // A quiet sync of nine modules was measured at 59 credits.
    expect(estimateCredits(counts, DEFAULT_PRICES).daily).toBe(24 * 59);
  });
});
