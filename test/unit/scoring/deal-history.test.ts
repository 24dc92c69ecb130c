import { describe, expect, test } from 'vitest';
import type { DealRecord, DealStage } from '../../../src/records.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { ASOF, aContext, aDeal, someRows } from './builders.ts';

type Stay = readonly [stage: string, at: string, leftTo?: string];

function factsOfDeal(change: Partial<DealRecord>, stays: readonly Stay[], asOf = ASOF) {
  const deal = aDeal({ wonSeenOn: '2026-11-20', ...change });
  const dealStages = stays.map(
    ([stage, at, leftTo], index): DealStage => ({
      id: String(index + 1),
      dealId: deal.id,
      stage,
      leftTo: leftTo ?? null,
      enteredAt: new Date(at),
    }),
  );
  const facts = factsOf(someRows({ deals: [deal], dealStages }), aContext(), asOf);
  return {
    purchases: facts.purchases.map(({ day }) => day),
    lost: facts.lostDeals.map(({ day }) => day),
    issues: facts.issues.map(({ issue }) => issue),
  };
}
const wonOn = (stays: readonly Stay[], asOf = ASOF) =>
  factsOfDeal({ closingDay: null }, stays, asOf).purchases;

describe('a won deal', () => {
  test('without a closing date was bought on the day it became won, in the time zone of the org', () => {
    const told = factsOfDeal({ closingDay: null }, [['Closed Won', '2026-05-06T22:30:00Z']]);

    expect(told).toMatchObject({ purchases: ['2026-05-07'], issues: [] });
  });

  test('whose date lay ahead counts from the day it became won, not from first sight', () => {
    const told = factsOfDeal({ closingDay: '2026-12-31' }, [['Closed Won', '2026-05-07T08:00:00Z']]);

    expect(told).toMatchObject({ purchases: ['2026-05-07'], issues: ['future_won_date'] });
  });

  test('keeps its closing date where that is no error', () => {
    const told = factsOfDeal({ closingDay: '2026-03-10' }, [['Closed Won', '2026-05-07T08:00:00Z']]);

    expect(told).toMatchObject({ purchases: ['2026-03-10'], issues: [] });
  });

  test.each<[string, readonly Stay[], string]>([
    [
      'counts from the first of two stays where the stage was saved twice',
      [
        ['Closed Won', '2026-05-07T08:00:00Z', 'Closed Won'],
        ['Closed Won', '2026-06-01T08:00:00Z'],
      ],
      '2026-05-07',
    ],
    [
      'that was lost in between counts from when it was won back',
      [
        ['Closed Won', '2026-05-07T08:00:00Z', 'Closed Lost'],
        ['Closed Lost', '2026-05-20T08:00:00Z', 'Closed Won'],
        ['Closed Won', '2026-06-01T08:00:00Z'],
      ],
      '2026-06-01',
    ],
    [
      'that was reopened counts from when it was won again',
      [
        ['Closed Won', '2026-05-07T08:00:00Z'],
        ['Qualification', '2026-05-20T08:00:00Z'],
        ['Closed Won', '2026-06-01T08:00:00Z'],
      ],
      '2026-06-01',
    ],
    [
      'is known to have been reopened by where its stay says that it went',
      [
        ['Closed Won', '2026-05-07T08:00:00Z', 'Qualification'],
        ['Closed Won', '2026-06-01T08:00:00Z'],
      ],
      '2026-06-01',
    ],
  ])('%s', (_words, stays, day) => {
    expect(wonOn(stays)).toEqual([day]);
  });

  test('that is won again later had been won before as of the days between', () => {
    const stays: readonly Stay[] = [
      ['Closed Won', '2026-05-07T08:00:00Z', 'Qualification'],
      ['Closed Won', '2026-06-01T08:00:00Z'],
    ];

    expect(wonOn(stays, '2026-05-06')).toEqual([]);
    expect(wonOn(stays, '2026-05-10')).toEqual(['2026-05-07']);
  });

  test('of whose winning the history tells nothing is left out and reported, as without a history', () => {
    expect(factsOfDeal({ closingDay: null }, [['Qualification', '2026-05-07T08:00:00Z']])).toMatchObject({
      purchases: [],
      issues: ['won_without_date'],
    });
  });
});

describe('a lost deal', () => {
  const lostOn = (stays: readonly Stay[], asOf = ASOF) =>
    factsOfDeal({ stage: 'Closed Lost', closingDay: '2026-03-10', wonSeenOn: null }, stays, asOf).lost;

  test('was lost on the day it became lost, whatever its closing date says', () => {
    expect(lostOn([['Closed Lost', '2026-02-03T08:00:00Z']])).toEqual(['2026-02-03']);
    expect(lostOn([['Closed Lost', '2026-05-07T08:00:00Z']], '2026-05-06')).toEqual([]);
  });

  test('that was entered as lost was lost on its closing date', () => {
    expect(lostOn([['Closed Lost', '2024-01-02T12:00:00Z']])).toEqual(['2026-03-10']);
  });
});
