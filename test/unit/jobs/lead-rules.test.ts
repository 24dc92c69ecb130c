import { expect, test } from 'vitest';
import { leadRulesOf } from '../../../src/jobs/lead-rules.ts';
import type { LeadRules } from '../../../src/rules.ts';
import { readSettings } from '../../../src/settings.ts';

type Deps = Parameters<typeof leadRulesOf>[0];
type Option = { readonly actual: string; readonly display: string; readonly reference: string | null };

/** A store that knows the options of Lead_Status and Rating. */
function depsWith(
  leads: Partial<LeadRules>,
  status: readonly Option[],
  rating: readonly Option[] = [],
): Deps {
  const { settings } = readSettings('test/no-such-folder', []);
  if (!settings) throw new Error('the defaults are wrong');
  const body = [
    { apiName: 'Lead_Status', picklist: status },
    { apiName: 'Rating', picklist: rating },
  ];
  const states = [
    { input: 'status', apiName: 'Lead_Status' },
    { input: 'rating', apiName: 'Rating' },
  ];
  const store = {
    metadata: { get: async () => ({ body, readAt: new Date(0) }) },
    mappingStates: { of: async () => states },
  } as unknown as Deps['store']; // only these two are asked, and only for what stands here
  const rules = { ...settings.scoring, leads: { ...settings.scoring.leads, ...leads } };
  return { store, settings: { ...settings, scoring: rules } };
}

test('statuses that end a lead are known by any text of their option', async () => {
  const dutch = [
    { actual: 'Verloren', display: 'Verloren lead', reference: 'Lost Lead' },
    { actual: 'Junk Lead', display: 'Ongewenst', reference: 'Junk Lead' },
    { actual: 'Nieuw', display: 'Nieuw', reference: null },
  ];

  const byDefault = await leadRulesOf(depsWith({}, dutch), 'org');
  const asShown = await leadRulesOf(
    depsWith({ closedStatuses: ['ongewenst', 'verloren lead'] }, dutch),
    'org',
  );

  expect(byDefault.closedStatuses).toEqual(['junk lead', 'verloren', 'not qualified']);
  expect(asShown.closedStatuses).toEqual(['junk lead', 'verloren']);
});

test('a rhythm goes by the stored text of its rating; a name that is no option stays', async () => {
  const rating = [{ actual: 'Active', display: 'Actief', reference: 'Active' }];
  const ratings = { actief: { everyDays: 7 }, koud: { everyDays: 60 } };

  const rules = await leadRulesOf(depsWith({ ratings }, [], rating), 'org');

  expect(rules.ratings).toEqual({ active: { everyDays: 7 }, koud: { everyDays: 60 } });
});
