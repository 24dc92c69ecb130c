import { describe, expect, test } from 'vitest';
import { factsOf } from '../../../src/scoring/facts.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { renderExplainPage } from '../../../src/texts/explain-page.ts';
import {
  aBaseline,
  aCall,
  aContact,
  aContext,
  aDeal,
  aLead,
  anAccount,
  RULES,
  someFacts,
  someRows,
} from './builders.ts';

const AS_OF = '2026-11-24';
const on = (day: string) => new Date(`${day}T12:00:00Z`);

const factsFor = (change: Parameters<typeof someRows>[0]) => factsOf(someRows(change), aContext(), AS_OF);

describe('where a customer came from', () => {
  test('the source of the record comes first, then that of a contact, a lead, a deal', () => {
    const record = anAccount({ source: 'Partner' });
    const contacts = [aContact({ source: 'Website' })];
    const leads = [aLead({ source: 'Trade fair' })];
    const deals = [aDeal({ source: 'Cold call' })];

    expect(factsFor({ record, contacts, leads, deals }).source).toBe('Partner');
    expect(factsFor({ contacts, leads, deals }).source).toBe('Website');
    expect(factsFor({ leads, deals }).source).toBe('Trade fair');
    expect(factsFor({ deals }).source).toBe('Cold call');
    expect(factsFor({}).source).toBeNull();
  });

  test('of several it is the first that names one, in whatever order they are read', () => {
    const leads = [
      aLead({ createdAt: on('2026-03-01'), source: 'Website' }),
      aLead({ createdAt: on('2026-01-01'), source: null }),
      aLead({ createdAt: on('2026-02-01'), source: 'Trade fair' }),
    ];

    expect(factsFor({ leads }).source).toBe('Trade fair');
    expect(factsFor({ leads: leads.toReversed() }).source).toBe('Trade fair');
  });

  test('the first contact is the first two-way one, the time as lead included; attempts are none', () => {
    const lead = aLead();
    const activities = [
      aCall({ whatId: lead.id, startAt: on('2026-01-06'), durationSeconds: 0 }),
      aCall({ whatId: lead.id, startAt: on('2026-01-08'), durationSeconds: 120 }),
      aCall({ startAt: on('2026-04-01'), durationSeconds: 120 }),
    ];

    const facts = factsFor({ leads: [lead], activities });

    expect(facts.firstContact).toBe('2026-01-08');
    expect(facts.leads).toEqual([
      { id: lead.id, createdDay: '2026-01-05', source: lead.source, isConverted: true },
    ]);
  });

  test('a lead of after the analysis date is not known yet', () => {
    expect(factsFor({ leads: [aLead({ createdAt: on('2026-12-01') })] }).leads).toEqual([]);
  });

  test.each([
    ['en', 'Came from: Trade fair, as a lead of 5 Jan 2026.', 'First contact on 8 Jan 2026.'],
    ['nl', 'Herkomst: Trade fair; binnengekomen als lead op 5 jan 2026.', 'Eerste contact op 8 jan 2026.'],
    ['pl', 'Źródło: Trade fair; pozyskany jako lead 5 sty 2026.', 'Pierwszy kontakt: 8 sty 2026.'],
    ['da', 'Kilde: Trade fair; kom til som lead den 5. jan. 2026.', 'Første kontakt den 8. jan. 2026.'],
  ] as const)('explain says it in %s, beside the first purchase', (language, source, contact) => {
    const leads = [
      { id: '4876876000000600001', createdDay: '2026-01-05', source: 'Trade fair', isConverted: true },
    ];
    const bought = [['2026-03-01', 100, 50]] as const;
    const facts = someFacts({ bought, source: 'Trade fair', firstContact: '2026-01-08', leads });

    const { score } = scoreCustomer(facts, null, aBaseline(), RULES, AS_OF);
    const page = renderExplainPage(score, { language, currency: 'EUR' });

    expect(page).toContain(`${source} [lead 4876876000000600001]`);
    expect(page).toContain(contact);
    expect(score.firstPurchase).toBe('2026-03-01');
  });

  test('a family is named with the accounts counted together', () => {
    const facts = someFacts({ bought: [['2026-03-01', 100, 50]], family: ['4876876000000100002'] });

    const { score } = scoreCustomer(facts, null, aBaseline(), RULES, AS_OF);

    expect(score.reasons).toContainEqual({
      code: 'family.accounts',
      params: { accounts: 1 },
      records: [{ module: 'Accounts', id: '4876876000000100002' }],
    });
  });
});
