import type { Connection, Day, RecordId } from '../domain.ts';
import type { LeadBaseline, LeadRows, LeadScore, LeadState, LeadUnfilled } from '../leads.ts';
import { DecimalSum, minorToDecimal } from '../money.ts';
import type { LeadRecord } from '../records.ts';
import type { BaselineBuilder } from '../scoring/baseline.ts';
import { type FactContext, prepared } from '../scoring/facts.ts';
import { leadFactsOf } from '../scoring/lead-facts.ts';
import { scoreLead } from '../scoring/lead-score.ts';
import { leadState } from '../scoring/lead-state.ts';
import type { LineDeps } from './line.ts';

const CHUNK = 500;

export interface LeadSummary {
  /** onTime + due + overdue + closed. */
  readonly scored: number;
  readonly onTime: number;
  readonly due: number;
  readonly overdue: number;
  readonly closed: number;
  /** Customers by now: they have no score as a lead. */
  readonly converted: number;
  /** Leads with an expected value, and the sum of these, in the home currency. */
  readonly valued: number;
  readonly expectedValue: string;
  readonly unfilled: {
    readonly [K in keyof LeadScore['unfilled']]-?: { readonly [W in LeadUnfilled]?: number };
  };
}

interface With {
  readonly context: FactContext;
  readonly asOf: Day;
}

/** Every lead that is known, for what became of those of each source. */
export async function countLeads(
  { store }: Pick<LineDeps, 'store'>,
  connection: Connection,
  builder: BaselineBuilder,
  context: FactContext,
): Promise<void> {
  const { localDay } = prepared(context);
  for await (const rows of store.leads.inKeyOrder(connection.id, CHUNK, () => false)) {
    for (const { lead } of rows) builder.addLead(lead, localDay);
  }
}

/** Every lead, in key order; scores of those that are none any more go. */
export async function scoreLeads(
  { store }: Pick<LineDeps, 'store'>,
  connection: Connection,
  with_: With & { readonly baseline: LeadBaseline; readonly startedAt: Date },
): Promise<LeadSummary> {
  const { asOf, startedAt } = with_;
  const tally = new LeadTally();
  const isScored = (lead: LeadRecord) => ['open', 'closed'].includes(stateOf(lead, with_));
  for await (const rows of store.leads.inKeyOrder(connection.id, CHUNK, isScored)) {
    await store.leadScores.save(connection.id, scoresOf(rows, with_, tally));
  }
  await store.leadScores.removeExcept(connection.id, asOf, startedAt);
  return tally.summary();
}

/** Some leads, against what the last full scoring knew of the sources. */
export async function rescoreLeads(
  { store }: Pick<LineDeps, 'store'>,
  connection: Connection,
  ids: readonly RecordId[],
  with_: With & { readonly baseline: LeadBaseline },
): Promise<LeadSummary> {
  const tally = new LeadTally();
  for (let at = 0; at < ids.length; at += CHUNK) {
    const chunk = ids.slice(at, at + CHUNK);
    const scores = scoresOf(await store.leads.byIds(connection.id, chunk), with_, tally);
    await store.leadScores.save(connection.id, scores);
    const scored = new Set(scores.map((score) => score.key.id));
    await store.leadScores.remove(
      connection.id,
      chunk.filter((id) => !scored.has(id)),
    );
  }
  return tally.summary();
}

function stateOf(lead: LeadRecord, { context, asOf }: With): LeadState {
  return leadState(lead, context.rules.leads.closedStatuses, prepared(context).localDay, asOf);
}

function scoresOf(
  rows: readonly LeadRows[],
  with_: With & { readonly baseline: LeadBaseline },
  tally: LeadTally,
): LeadScore[] {
  const { context, asOf, baseline } = with_;
  return rows.flatMap((row) => {
    const facts = leadFactsOf(row, context, asOf);
    if (facts === null) {
      if (stateOf(row.lead, with_) === 'converted') tally.addConverted();
      return [];
    }
    const score = scoreLead(facts, baseline, context.rules, asOf);
    tally.add(score);
    return [score];
  });
}

class LeadTally {
  readonly #counts = { onTime: 0, due: 0, overdue: 0, closed: 0, converted: 0, valued: 0 };
  readonly #expected = new DecimalSum();
  readonly #unfilled = { follow_up_status: {}, expected_lead_value: {} } satisfies LeadSummary['unfilled'];

  addConverted(): void {
    this.#counts.converted += 1;
  }
  add({ followUp, expectedValue, unfilled }: LeadScore): void {
    const counts = this.#counts;
    if (followUp === null) counts.closed += 1;
    else counts[followUp === 'on_time' ? 'onTime' : followUp] += 1;
    if (expectedValue !== null) {
      counts.valued += 1;
      this.#expected.add(minorToDecimal(expectedValue));
    }
    for (const field of ['follow_up_status', 'expected_lead_value'] as const) {
      const why = unfilled[field];
      const reasons: { [W in LeadUnfilled]?: number } = this.#unfilled[field];
      if (why !== undefined) reasons[why] = (reasons[why] ?? 0) + 1;
    }
  }
  summary(): LeadSummary {
    const { onTime, due, overdue, closed, converted, valued } = this.#counts;
    const scored = onTime + due + overdue + closed;
    return {
      ...{ scored, onTime, due, overdue, closed, converted, valued },
      expectedValue: this.#expected.toDecimal(),
      unfilled: this.#unfilled,
    };
  }
}
