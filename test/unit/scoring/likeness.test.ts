import { describe, expect, test } from 'vitest';
import { addDays } from '../../../src/days.ts';
import type { LeadRules } from '../../../src/rules.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { companyKey, type NewLeads, NewLeadsBuilder, newLeadsOf } from '../../../src/scoring/likeness.ts';
import { localDayIn } from '../../../src/scoring/local-day.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { domainOf } from '../../../src/sync/domain-of.ts';
import { ASOF, aBaseline, aContact, aContext, aDeal, aLead, anAccount, RULES, someRows } from './builders.ts';

describe('a company', () => {
  test.each([
    ['Acme B.V.', 'ACME bv'],
    ['Müller & Söhne GmbH', 'muller  sohne'],
    ['Żabka Sp. z o.o.', 'Zabka'],
    ['Wisła Spółka z o.o.', 'wisla'],
    ['Fjord Cykler A/S', 'fjord cykler'],
    ['Smith-Jones Holding Ltd.', 'Smith Jones'],
    ["O'Neill Inc", 'ONeill'],
  ])('is the same as %s and as %s', (one, other) => {
    expect(companyKey(one)).toBe(companyKey(other));
    expect(companyKey(one)).not.toBeNull();
  });

  test.each([
    ['Acme Tools', 'Acme Foods'],
    ['Acme', 'Acme Tools'],
    ['Coop', 'Co-op Bank'],
  ])('%s is another one than %s', (one, other) => {
    expect(companyKey(one)).not.toBe(companyKey(other));
  });

  test.each([null, '', ' . ', 'IT', 'B.V.'])('is not told by %j', (name) => {
    expect(companyKey(name)).toBeNull();
  });
});

describe('a domain', () => {
  test.each([
    ['ann@Acme.test', 'acme.test'],
    ['https://www.acme.test/shop?x=1', 'acme.test'],
    ['acme.test:8080', 'acme.test'],
    ['//shop.acme.test#top', 'shop.acme.test'],
    [' WWW.acme.test. ', 'acme.test'],
  ])('of %j is %s', (address, domain) => {
    expect(domainOf(address)).toBe(domain);
  });

  test.each([null, '', 'none', 'n/a', 'a b.test c', '@'])('of %j is none', (address) => {
    expect(domainOf(address)).toBeNull();
  });
});

type Lead = Parameters<NewLeadsBuilder['add']>[0];
const lead = (id: string, change: Partial<Lead> = {}): Lead => ({
  id,
  createdAt: new Date('2026-11-01T12:00:00Z'),
  company: null,
  domain: null,
  status: null,
  ...change,
});
function indexed(
  leads: readonly Lead[],
  rules: Pick<LeadRules, 'closedStatuses' | 'freeMailDomains'> = RULES.leads,
): NewLeads | null {
  const builder = new NewLeadsBuilder(rules, localDayIn('Europe/Amsterdam'));
  for (const one of leads) builder.add(one);
  return builder.result();
}
function likely(
  leads: readonly Lead[],
  rows: Parameters<typeof someRows>[0],
  freeMailDomains: string[] = [],
) {
  const found = indexed(leads, { closedStatuses: ['junk lead'], freeMailDomains });
  return found === null ? [] : newLeadsOf(someRows(rows), found, ASOF);
}

describe('a new lead stands for a customer', () => {
  const record = anAccount({ name: 'Acme B.V.', domain: 'acme.test' });

  test('by company, else by the domain of the website or of a contact; each once, the earliest first', () => {
    const found = likely(
      [
        lead('4', { domain: 'old.acme.test' }),
        lead('3', { company: 'ACME', domain: 'acme.test' }),
        lead('2', { domain: 'acme.test', createdAt: new Date('2026-10-01T12:00:00Z') }),
        lead('1', { company: 'Other', domain: 'other.test' }),
      ],
      { record, contacts: [aContact({ domain: 'old.acme.test' })] },
    );

    expect(found).toEqual([
      { id: '2', createdDay: '2026-10-01', domain: 'acme.test' },
      { id: '3', createdDay: '2026-11-01', domain: null },
      { id: '4', createdDay: '2026-11-01', domain: 'old.acme.test' },
    ]);
  });

  test('by the name of an account beneath it too', () => {
    const family = [{ id: '77', name: 'Acme Foods' }];
    expect(likely([lead('1', { company: 'Acme Foods Ltd' })], { record, family })).toHaveLength(1);
  });

  test('never by a domain where everybody has an address, ours or the firm’s own', () => {
    const contacts = [aContact({ domain: 'gmail.com' }), aContact({ domain: 'citymail.test' })];
    const leads = [lead('1', { domain: 'gmail.com' }), lead('2', { domain: 'citymail.test' })];

    expect(likely(leads, { record, contacts }, ['citymail.test'])).toEqual([]);
    expect(likely(leads, { record, contacts })).toHaveLength(1);
  });

  test('not once it is closed, and not before it came in', () => {
    const later = new Date('2026-11-25T12:00:00Z');
    expect(likely([lead('1', { company: 'Acme', status: ' Junk Lead ' })], { record })).toEqual([]);
    expect(likely([lead('1', { company: 'Acme', createdAt: later })], { record })).toEqual([]);
    expect(
      likely([lead('1', { company: 'Acme', createdAt: new Date(`${ASOF}T12:00:00Z`) })], { record }),
    ).toHaveLength(1);
  });

  test('not by the name of a person', () => {
    const person = aContact({ name: 'Acme' });
    const key = { module: 'Contacts', id: person.id } as const;
    expect(likely([lead('1', { company: 'Acme' })], { key, record: person, contacts: [person] })).toEqual([]);
  });
});

describe('a lost customer', () => {
  const record = anAccount({ name: 'Acme B.V.', domain: 'acme.test' });
  const deals = [aDeal({ closingDay: addDays(ASOF, -800), amount: '10.00' })];
  const told = (leads: readonly Lead[]) => {
    const newLeads = indexed(leads);
    const facts = factsOf(someRows({ record, deals }), aContext(newLeads ? { newLeads } : {}), ASOF);
    const { score } = scoreCustomer(facts, null, aBaseline(), RULES, ASOF);
    const signs = score.reasons.filter(({ code }) => code.startsWith('phase.lost.sign_of'));
    return { phase: score.phase, subPhase: score.subPhase, signs };
  };

  test('is worth winning back once a new lead of its company, or of its domain, comes in', () => {
    expect(told([])).toEqual({ phase: 'lost', subPhase: null, signs: [] });
    expect(told([lead('5', { company: 'Acme' })])).toEqual({
      phase: 'lost',
      subPhase: 'win_back',
      signs: [
        {
          code: 'phase.lost.sign_of_company',
          params: { on: '2026-11-01' },
          records: [{ module: 'Leads', id: '5' }],
        },
      ],
    });
    expect(told([lead('6', { domain: 'acme.test' })])).toMatchObject({
      subPhase: 'win_back',
      signs: [{ code: 'phase.lost.sign_of_domain', params: { on: '2026-11-01', domain: 'acme.test' } }],
    });
  });

  test('is not by one that came in before it was lost', () => {
    const before = new Date(`${addDays(ASOF, -790)}T12:00:00Z`);
    expect(told([lead('5', { company: 'Acme', createdAt: before })]).subPhase).toBeNull();
  });

  test('that got a lead of its own is told of that lead alone', () => {
    const own = aLead({ createdAt: new Date('2026-11-01T12:00:00Z'), convertedAt: null });
    const facts = factsOf(someRows({ record, deals, leads: [own] }), aContext(), ASOF);
    const { score } = scoreCustomer(facts, null, aBaseline(), RULES, ASOF);

    expect(score.reasons.map(({ code }) => code)).toContain('phase.lost.sign_of_lead');
  });
});
