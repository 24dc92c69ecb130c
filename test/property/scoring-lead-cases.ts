import type { LeadBaseline, LeadFacts, LeadScore, SourceHistory } from '../../src/leads.ts';
import { NO_HISTORY } from '../../src/scoring/lead-history.ts';
import { scoreLead } from '../../src/scoring/lead-score.ts';
import { ASOF, aTouch, rulesWith, someLeadFacts } from '../unit/scoring/builders.ts';

/** Scores that give every code that is told of leads. */
export function leadCases(): LeadScore[] {
  const rules = rulesWith({
    leads: { ratings: { active: { everyDays: 7 } }, sources: { web: { everyDays: 5 } } },
  });
  const one = (change: Partial<SourceHistory>): SourceHistory => ({ ...NO_HISTORY.all, ...change });
  const all = one({ leads: 400, converted: 60, became: 40, buyers: 50, profit12: 5_000_000 });
  const known: LeadBaseline = { all, sources: [['trade fair', one({ leads: 82, became: 18, buyers: 16 })]] };
  const of = (facts: Partial<LeadFacts>, baseline = known) =>
    scoreLead(someLeadFacts(facts), baseline, rules, ASOF);
  const attempt = (day: string) => aTouch(day, { twoWay: false });
  return [
    of({ isClosed: true, status: 'Junk Lead' }),
    of({ appointments: ['2026-12-01'], rating: 'Active', unread: [{ channel: 'email', why: 'no_budget' }] }),
    of({ touches: [aTouch('2026-11-02'), attempt('2026-11-03')], rating: 'Active' }),
    of({ touches: ['2026-11-02', '2026-11-03', '2026-11-04'].map(attempt), source: 'Web' }),
    of({ source: null, unread: [{ channel: 'call', why: 'not_readable' }] }),
    of({}, NO_HISTORY),
    of({}, { all: one({ leads: 5, converted: 2 }), sources: [] }),
    of({}, { all: one({ leads: 5, converted: 2, became: 1 }), sources: [] }),
  ];
}
