import { addDays } from '../../../src/days.ts';
import type { People } from './people.ts';

/** The parts of the story: which need arises at whom and when, and how it goes. */

export interface Arc {
  readonly rule: string;
  /** Firm or lead. */
  readonly firm: string;
  /** Day of the story on which it begins. */
  readonly on: number;
  readonly begin?: (people: People, firm: string) => void;
  /** Every day until the task comes. */
  readonly meanwhile?: (people: People, firm: string, days: number) => void;
  /**
   * by us: the need goes; by a person: the first task is deleted by a person, one more comes, then the need goes; for
   * good: deleted by a person, and none comes again.
   */
  readonly ends: 'by us' | 'by a person' | 'for good';
  /** So many days after a person closed the task something new happens. */
  readonly again?: { readonly after: number; readonly happens: (people: People, firm: string) => void };
  /** Lets the words of an open task change; left out: the firm is renamed. */
  readonly change?: (people: People, firm: string) => void;
  /** Lets the need go. */
  readonly satisfy: (people: People, firm: string) => void;
}
type Play = (people: People, firm: string) => void;

const call: Play = (people, firm) => people.call(firm);
const thank: Play = (people, firm) => people.set(firm, { Last_Thanked: people.today });
const earn: Play = (people, firm) => people.win(firm, 20_000, { Cost: 1_000 });
const callLead: Play = (people, lead) => people.call(lead, 'spoke', 'Leads');
const renameLead: Play = (people, lead) => people.setLead(lead, { Company: `${lead} Group` });

/** At firm A the need goes by itself, at firm B a person closes the first task. */
function both(
  rule: string,
  name: string,
  on: number,
  how: Pick<Arc, 'satisfy'> & Partial<Pick<Arc, 'begin' | 'meanwhile' | 'change' | 'again'>>,
  ends: 'by a person' | 'for good' = 'by a person',
): Arc[] {
  return [
    { ...how, rule, firm: `${name} A`, on, ends: 'by us' },
    { ...how, rule, firm: `${name} B`, on, ends },
  ];
}

export const ARCS: readonly Arc[] = [
  ...both('case_of_top', 'Case', 12, {
    begin: (people, firm) => people.complain(firm, 'Medium'),
    satisfy: (people, firm) => people.solve(firm),
  }),
  ...both('renewal', 'Contract', 8, {
    begin: (people, firm) => people.set(firm, { Contract_Until: addDays(people.today, 55) }),
    satisfy: (people, firm) => people.set(firm, { Contract_Until: addDays(people.today, 400) }),
  }),
  ...both('leaving_case', 'Leaving case', 15, {
    begin: (people, firm) => people.complain(firm, 'Medium'),
    satisfy: (people, firm) => people.solve(firm),
  }),
  ...both('leaving_ask', 'Leaving', 5, { satisfy: call }),
  ...both('sign_of_return', 'Sign', 6, {
    begin: (people, firm) => people.call(firm, 'called in'),
    again: { after: 40, happens: (people, firm) => people.call(firm, 'called in') },
    satisfy: call,
  }),
  ...both('win_back', 'Win-back', 60, { satisfy: call }),
  ...both('welcome', 'New', 9, { begin: (people, firm) => people.win(firm, 900), satisfy: call }, 'for good'),
  ...both('welcome_back', 'Won back', 16, {
    begin: (people, firm) => people.win(firm, 2000),
    again: { after: 64, happens: (people, firm) => people.win(firm, 2000) },
    satisfy: call,
  }),
  ...both('price_talk', 'Loss', 0, { satisfy: earn }),
  ...both('unresponsive', 'Mute', 3, {
    begin: (people, firm) => people.call(firm, 'in vain'),
    meanwhile: (people, firm, days) => {
      if (days === 2 || days === 4) people.call(firm, 'in vain');
    },
    satisfy: call,
  }),
  ...both('contact_gap', 'Gap', 0, { satisfy: call }),
  {
    ...{ rule: 'contact_gap', firm: 'Meeting', on: 0, ends: 'by us' },
    satisfy: (people, firm) => void people.meet(firm, 5),
  },
  // Its owner leaves the firm while the task is open.
  {
    ...{ rule: 'contact_gap', firm: 'Heir', on: 130, ends: 'by us' },
    change: (people) => people.leave('cor'),
    satisfy: call,
  },
  ...both('referral_thanks', 'Referrer', 20, {
    begin: (people, firm) => {
      people.found(`Friend of ${firm}`, { Referred_By: { id: people.idOf(firm) } });
      people.win(`Friend of ${firm}`, 1500);
    },
    satisfy: thank,
  }),
  ...both('anniversary', 'Jubilee', 20, { satisfy: thank }),
  ...both('gold_thanks', 'Gold', 5, { satisfy: thank }),
  ...both('profile_review', 'Review', 2, {
    satisfy: (people, firm) => people.set(firm, { Profile_Reviewed_On: people.today }),
  }),
  ...both('ask_why_us', 'Why', 0, {
    satisfy: (people, firm) => people.set(firm, { Why_They_Chose_Us: 'Short ways' }),
  }),
  ...both('ask_source', 'Source', 0, {
    satisfy: (people, firm) => people.set(firm, { Lead_Source: 'Trade fair' }),
  }),
  ...both('lead_follow_up', 'Lead', 4, {
    begin: (people, lead) => people.lead(lead),
    change: renameLead,
    satisfy: (people, lead) => (lead === 'Lead A' ? callLead(people, lead) : people.convert(lead)),
  }),
  ...both('lead_unresponsive', 'Mute lead', 10, {
    begin: (people, lead) => people.lead(lead),
    meanwhile: (people, lead, days) => {
      if (days >= 1 && days <= 3) people.call(lead, 'in vain', 'Leads');
    },
    change: renameLead,
    satisfy: (people, lead) =>
      lead === 'Mute lead A' ? callLead(people, lead) : people.setLead(lead, { Lead_Status: 'Junk Lead' }),
  }),
];
