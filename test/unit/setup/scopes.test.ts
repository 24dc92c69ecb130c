import { describe, expect, test } from 'vitest';
import { coversScope, judgeScopes } from '../../../src/setup/scopes.ts';

describe('coversScope', () => {
  test.each([
    ['ZohoCRM.modules.ALL', 'ZohoCRM.modules.deals.READ', true],
    ['ZohoCRM.modules.READ', 'ZohoCRM.modules.deals.READ', true],
    ['ZohoCRM.modules.READ', 'ZohoCRM.modules.deals.UPDATE', false],
    ['ZohoCRM.modules.Deals.ALL', 'ZohoCRM.modules.deals.READ', true],
    ['ZohoCRM.modules.deals.WRITE', 'ZohoCRM.modules.deals.UPDATE', true],
    ['ZohoCRM.modules.deals.WRITE', 'ZohoCRM.modules.deals.READ', false],
    ['ZohoCRM.modules.deals.READ', 'ZohoCRM.modules.READ', false],
    ['ZohoCRM.settings.ALL', 'ZohoCRM.settings.fields.CREATE', true],
    ['ZohoCRM.settings.fields.ALL', 'ZohoCRM.settings.layouts.READ', false],
    ['ZohoBooks.modules.ALL', 'ZohoCRM.modules.deals.READ', false],
    ['ZohoCRM.notifications.CREATE', 'ZohoCRM.notifications.ALL', false],
  ])('%s covers %s: %s', (granted, wanted, expected) => {
    expect(coversScope(granted, wanted)).toBe(expected);
  });
});

describe('judgeScopes', () => {
  test('names every required scope that nothing covers, and keeps what the token says', () => {
    const answer = judgeScopes(['ZohoCRM.modules.ALL'], ['ZohoCRM.modules.ALL', 'ZohoCRM.coql.READ']);

    expect(answer).toEqual({ granted: ['ZohoCRM.modules.ALL'], missing: ['ZohoCRM.coql.READ'] });
  });

  test('accepts module scopes one by one in place of modules.ALL, and names it when one lacks', () => {
    const reading = [
      'leads',
      'accounts',
      'contacts',
      'deals',
      'tasks',
      'calls',
      'events',
      'cases',
      'products',
    ].map((module) => `ZohoCRM.modules.${module}.READ`);
    const writing = ['accounts', 'contacts', 'deals', 'tasks'].map(
      (module) => `ZohoCRM.modules.${module}.WRITE`,
    );

    expect(judgeScopes([...reading, ...writing], ['ZohoCRM.modules.ALL']).missing).toEqual([]);
    expect(judgeScopes([...reading, ...writing.slice(1)], ['ZohoCRM.modules.ALL']).missing).toEqual([
      'ZohoCRM.modules.ALL',
    ]);
  });
});
