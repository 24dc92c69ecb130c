import { addDays } from '../../src/days.ts';
import type { Score } from '../../src/scores.ts';
import { scoreCustomer } from '../../src/scoring/score.ts';
import {
  ASOF,
  aBaseline,
  aFit,
  aTouch,
  euros,
  type FactChange,
  rulesWith,
  someFacts,
} from '../unit/scoring/builders.ts';

/** Scores that give the codes of what the org says of a relation, of soft signs, and of phases set by hand. */
export function phaseCases(): Score[] {
  const ago = (days: number) => addDays(ASOF, -days);
  const bought = (days: readonly number[], cost = 60) => days.map((day) => [ago(day), 100, cost] as const);
  const rules = rulesWith({ phases: { winBackCost: euros(1) } });
  const scored = (change: FactChange, fit = {}) =>
    scoreCustomer(someFacts(change), null, aBaseline(fit), rules, ASOF).score;
  const steady = bought([300, 240, 180, 120, 60, 10]);
  const lost = bought([420, 360, 300], 1);
  const override = { reason: 'Signs again in May', by: 'Anna', setOn: ago(3), until: addDays(ASOF, 30) };
  const lostBefore = scoreCustomer(someFacts({ bought: lost }), null, aBaseline(), rules, ago(5));
  const dealt = someFacts({ bought: lost, openDeals: [{ id: '1', name: 'Again', createdDay: ago(1) }] });
  return [
    scored({ bought: steady, closed: { word: 'Dissolved' } }, { fit: aFit(), lastPurchaseDay: ASOF }),
    scored({ closed: { word: null } }),
    scored({ bought: steady, contract: { endDay: addDays(ASOF, 20), noticeDay: ago(3) } }),
    scored({ bought: steady, contract: { endDay: null, noticeDay: ago(3) } }),
    scored({ bought: steady, contract: { endDay: ago(3), noticeDay: null } }),
    scored({ bought: lost, contract: { endDay: addDays(ASOF, 200), noticeDay: null } }),
    scored({
      bought: steady,
      isProjectBuyer: true,
      survey: 4,
      keyContactLeft: { id: '1', name: 'P', day: ASOF },
    }),
    scored({ bought: lost, openTasks: [{ id: '1', subject: 'Win back', createdDay: ago(2) }] }),
    scored({ bought: lost, appointments: [addDays(ASOF, 4)] }),
    scored({ bought: lost, touches: [aTouch(ago(4), { twoWay: false })] }),
    scored({ bought: bought([420, 360, 300], 98) }),
    scored({ bought: lost, newLeads: [{ id: '1', createdDay: ago(2), domain: null }] }),
    scored({ bought: lost, newLeads: [{ id: '1', createdDay: ago(2), domain: 'acme.test' }] }),
    scored(
      { bought: bought([10]), segment: 'Reseller' },
      { segmentGaps: [{ segment: 'Reseller', medianDays: 30 }] },
    ),
    scoreCustomer(dealt, lostBefore.state, aBaseline(), rules, ASOF).score,
    scored({
      bought: steady,
      cases: [{ id: '1', subject: 'Late', openedDay: ago(9), open: true, high: false, dueDay: ago(1) }],
      payments: [330, 300, 60, 30].map((days) => ({ day: ago(days), daysLate: days > 99 ? 2 : 30 })),
      productDays: [470, 400]
        .flatMap((days) => ['A', 'B', 'C'].map((product) => ({ day: ago(days), product })))
        .concat([60, 30].map((days) => ({ day: ago(days), product: 'A' }))),
    }),
    scored({ bought: steady, unreadSigns: ['survey', 'case_due', 'payments', 'products'] }),
    scored({ bought: steady, touches: [9, 8, 7].map((days) => aTouch(ago(days), { twoWay: false })) }),
    scored({ bought: steady, override: { ...override, phase: 'loyal', subPhase: null } }),
    scored({ bought: steady, override: { ...override, phase: 'lost', subPhase: 'closed' } }),
  ];
}
