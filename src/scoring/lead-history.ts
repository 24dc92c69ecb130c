import type { CustomerFacts, Day, Minor } from '../domain.ts';
import type { LeadBaseline, SourceHistory } from '../leads.ts';
import type { LeadRecord } from '../records.ts';
import type { LeadRules } from '../rules.ts';
import { addDays } from './calendar.ts';
import { leadState } from './lead-state.ts';
import type { LocalDay } from './local-day.ts';

/** What became of the leads of each source, and what its customers earn: what an expected lead value rests on. */

/** Names of sources are those of a list that people edit: the case in which they stand tells nothing. */
export function sourceKey(source: string | null): string {
  return (source ?? '').trim().toLowerCase();
}

interface Counts {
  leads: number;
  converted: number;
  became: number;
  buyers: number;
  /** Exact, so that the order of the customers does not matter. */
  profit12: bigint;
}
const noCounts = (): Counts => ({ leads: 0, converted: 0, became: 0, buyers: 0, profit12: 0n });
function addCounts(to: Counts, more: Readonly<Counts>): void {
  to.leads += more.leads;
  to.converted += more.converted;
  to.became += more.became;
  to.buyers += more.buyers;
  to.profit12 += more.profit12;
}
const historyOf = (counts: Counts): SourceHistory => ({ ...counts, profit12: Number(counts.profit12) });

export const NO_HISTORY: LeadBaseline = { all: historyOf(noCounts()), sources: [] };

/** Keeps a few counts a source: memory grows neither with the leads nor with the customers. */
export class LeadHistoryTally {
  readonly #asOf: Day;
  readonly #matureUntil: Day;
  readonly #closedStatuses: LeadRules['closedStatuses'];
  readonly #all = noCounts();
  readonly #bySource = new Map<string, Counts>();

  constructor({ matureDays, closedStatuses }: LeadRules, asOf: Day) {
    this.#asOf = asOf;
    this.#matureUntil = addDays(asOf, -matureDays);
    this.#closedStatuses = closedStatuses;
  }

  addLead(lead: LeadRecord, localDay: LocalDay): void {
    if (localDay(lead.createdAt) > this.#matureUntil) return;
    const isConverted = leadState(lead, this.#closedStatuses, localDay, this.#asOf) === 'converted';
    this.#add(lead.source, (counts) => {
      counts.leads += 1;
      if (isConverted) counts.converted += 1;
    });
  }

  /** Somebody who bought. The profit of a customer with withheld amounts is not known, but that it bought is. */
  addBuyer(facts: CustomerFacts, profit12: Minor): void {
    const last = facts.purchases.findLast(({ revenue }) => revenue > 0)?.day ?? null;
    for (const { source, createdDay, isConverted } of facts.leads) {
      if (!isConverted || createdDay > this.#matureUntil || last === null || last < createdDay) continue;
      this.#add(source, (counts) => {
        counts.became += 1;
      });
    }
    if (facts.valueIncomplete) return;
    this.#add(facts.source, (counts) => {
      counts.buyers += 1;
      counts.profit12 += BigInt(profit12);
    });
  }

  #add(source: string | null, count: (counts: Counts) => void): void {
    count(this.#all);
    const key = sourceKey(source);
    if (key === '') return;
    const counts = this.#bySource.get(key) ?? noCounts();
    this.#bySource.set(key, counts);
    count(counts);
  }

  parts() {
    return { all: this.#all, bySource: this.#bySource };
  }
  merge({ all, bySource }: ReturnType<LeadHistoryTally['parts']>): void {
    addCounts(this.#all, all);
    for (const [source, counts] of bySource) {
      const known = this.#bySource.get(source) ?? noCounts();
      this.#bySource.set(source, known);
      addCounts(known, counts);
    }
  }

  result(): LeadBaseline {
    return {
      all: historyOf(this.#all),
      sources: [...this.#bySource]
        .map(([source, counts]) => [source, historyOf(counts)] as const)
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    };
  }
}
