import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../src/days.ts';
import type { Day } from '../../src/domain.ts';
import type { LeadRows, LeadScore } from '../../src/leads.ts';
import { BaselineBuilder } from '../../src/scoring/baseline.ts';
import { leadFactsOf } from '../../src/scoring/lead-facts.ts';
import { scoreLead } from '../../src/scoring/lead-score.ts';
import { localDayIn } from '../../src/scoring/local-day.ts';
import { originOf } from '../../src/scoring/origin.ts';
import {
  ASOF,
  aCall,
  aContext,
  anAccount,
  anOpenLead,
  aTask,
  RULES,
  someFacts,
  someRows,
} from '../unit/scoring/builders.ts';

const localDay = localDayIn('Europe/Amsterdam');
const dayAround: fc.Arbitrary<Day> = fc.integer({ min: -400, max: 30 }).map((days) => addDays(ASOF, days));
const at = (day: Day) => new Date(`${day}T10:00:00Z`);
const anySource = fc.constantFrom('Web', 'web ', 'Trade fair', '', null);

const anyLead: fc.Arbitrary<LeadRows> = fc
  .record({
    createdDay: dayAround,
    source: anySource,
    status: fc.constantFrom('Contacted', 'Junk Lead', null),
    converted: fc.boolean(),
    convertedDay: fc.option(dayAround),
    calls: fc.array(
      fc.record({
        day: dayAround,
        seconds: fc.constantFrom(0, 9, 10, 600),
        type: fc.constantFrom('Outbound', 'Inbound', 'Missed'),
      }),
      { maxLength: 6 },
    ),
    tasks: fc.array(dayAround, { maxLength: 2 }),
  })
  .map(({ createdDay, source, status, converted, convertedDay, calls, tasks }) => {
    const lead = anOpenLead({
      createdAt: at(createdDay),
      source,
      status,
      converted,
      convertedAt: converted && convertedDay !== null ? at(convertedDay) : null,
    });
    const activities = [
      ...calls.map(({ day, seconds, type }) =>
        aCall({ whatId: lead.id, startAt: at(day), durationSeconds: seconds, callType: type }),
      ),
      ...tasks.map((day) => aTask({ whatId: lead.id, closedAt: at(day) })),
    ];
    return { lead, activities };
  });

const anyBuyer = fc.record({
  source: anySource,
  revenue: fc.integer({ min: -1_000, max: 10_000_000_000 }),
  day: dayAround,
  valueIncomplete: fc.boolean(),
});

/** Each converted lead became one of the customers, or somebody who is none any more. */
const anyOrg = fc
  .record({
    leads: fc.array(anyLead, { maxLength: 25 }),
    buyers: fc.array(anyBuyer, { maxLength: 15 }),
    owners: fc.array(fc.nat(20), { minLength: 25, maxLength: 25 }),
  })
  .map(({ leads, buyers, owners }) => ({
    leads,
    buyers: buyers.map(({ source, revenue, day, valueIncomplete }, index) =>
      someFacts({
        ...originOf(
          someRows({
            record: anAccount({ source }),
            leads: leads.flatMap(({ lead }, at) => (lead.converted && owners[at] === index ? [lead] : [])),
          }),
          [],
          localDay,
          ASOF,
        ),
        bought: day <= ASOF ? [[day, revenue, revenue / 2]] : [],
        valueIncomplete,
      }),
    ),
  }));
type Org = typeof anyOrg extends fc.Arbitrary<infer T> ? T : never;

function baselineOf({ leads, buyers }: Org) {
  const builder = new BaselineBuilder(RULES, ASOF);
  for (const facts of buyers) builder.add(facts);
  for (const { lead } of leads) builder.addLead(lead, localDay);
  return builder.finish().leads;
}
function scoresOf(leads: readonly LeadRows[], baseline: ReturnType<typeof baselineOf>): LeadScore[] {
  return leads.flatMap((rows) => {
    const facts = leadFactsOf(rows, aContext(), ASOF);
    return facts === null ? [] : [scoreLead(facts, baseline, RULES, ASOF)];
  });
}

test('the order of leads, customers and activities does not matter', () => {
  fc.assert(
    fc.property(anyOrg, (org) => {
      const leads = org.leads
        .toReversed()
        .map((row) => ({ ...row, activities: row.activities.toReversed() }));
      const reversed = { leads, buyers: org.buyers.toReversed() };

      const baseline = baselineOf(reversed);

      expect(baseline).toEqual(baselineOf(org));
      expect(scoresOf(leads, baseline).toReversed()).toEqual(scoresOf(org.leads, baselineOf(org)));
    }),
    { numRuns: 200 },
  );
});

test('every lead is open with a status or closed without; chances lie between 0 and 1, and money is whole', () => {
  fc.assert(
    fc.property(anyOrg, (org) => {
      const baseline = baselineOf(org);
      for (const score of scoresOf(org.leads, baseline)) {
        expect(score.followUp === null).toBe(score.state === 'closed');
        expect(score.expectedValue === null).toBe(score.unfilled.expected_lead_value !== undefined);
        const { chance, expectedValue, meanProfit, followUpBy, lastFollowUp } = score;
        if (chance !== null) {
          expect(chance).toBeGreaterThan(0);
          expect(chance).toBeLessThanOrEqual(1);
        }
        for (const money of [expectedValue, meanProfit])
          if (money !== null) expect(Number.isSafeInteger(money)).toBe(true);
        if (followUpBy !== null) expect(followUpBy > (lastFollowUp ?? '')).toBe(true);
        expect(JSON.stringify(score)).not.toContain('NaN');
      }
      const { all, sources } = baseline;
      for (const one of [all, ...sources.map(([, history]) => history)]) {
        expect(one.converted).toBeLessThanOrEqual(one.leads);
        expect(one.became).toBeLessThanOrEqual(one.converted);
        expect(Number.isFinite(one.profit12)).toBe(true);
      }
      for (const count of ['leads', 'converted', 'became', 'buyers'] as const) {
        const known = sources.reduce((sum, [, history]) => sum + history[count], 0);
        expect(known).toBeLessThanOrEqual(all[count]);
      }
    }),
    { numRuns: 300 },
  );
});

test('one lead scored alone equals the same lead in a full scoring with that baseline', () => {
  fc.assert(
    fc.property(anyOrg, (org) => {
      const baseline = baselineOf(org);
      // As it comes back from the store.
      const stored = JSON.parse(JSON.stringify(baseline));

      const alone = org.leads.flatMap((lead) => scoresOf([lead], stored));

      expect(alone).toEqual(scoresOf(org.leads, baseline));
    }),
    { numRuns: 200 },
  );
});

test('time alone only makes a follow-up later, and one more attempt never makes it more urgent', () => {
  const order = ['on_time', 'due', 'overdue'];
  fc.assert(
    fc.property(anyLead, fc.integer({ min: 1, max: 40 }), (rows, days) => {
      // Without what is still ahead: it would happen meanwhile.
      const past = {
        ...rows,
        activities: rows.activities.filter((one) => (one.startAt ?? at(ASOF)) <= at(ASOF)),
      };
      const on = (asOf: Day, more: LeadRows['activities'] = []) => {
        const known = {
          ...past,
          activities: [
            ...past.activities.filter(({ closedAt }) => closedAt === null || closedAt <= at(ASOF)),
            ...more,
          ],
        };
        const facts = leadFactsOf(known, aContext(), asOf);
        return facts === null
          ? null
          : scoreLead(facts, baselineOf({ leads: [], buyers: [] }), RULES, asOf).followUp;
      };
      const now = on(ASOF);
      if (now === null || rows.lead.converted) return;

      const later = on(addDays(ASOF, days));
      const called = on(ASOF, [aCall({ whatId: rows.lead.id, startAt: at(ASOF), durationSeconds: 0 })]);

      expect(order.indexOf(later ?? '')).toBeGreaterThanOrEqual(order.indexOf(now));
      expect(order.indexOf(called ?? '')).toBeLessThanOrEqual(order.indexOf(now));
    }),
    { numRuns: 300 },
  );
});
