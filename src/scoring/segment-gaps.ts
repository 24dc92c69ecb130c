import type { CustomerFacts } from '../domain.ts';
import type { Baseline } from '../scores.ts';
import { DayCounts } from './day-counts.ts';

/** How long customers of each account type wait between purchases. Grows with the types, not with the customers. */
export class SegmentGaps {
  private readonly segments = new Map<string, DayCounts>();

  add({ segment }: Pick<CustomerFacts, 'segment'>, gaps: readonly number[]): void {
    if (segment === '' || gaps.length === 0) return;
    const counts = this.of(segment);
    for (const gap of gaps) counts.add(gap);
  }

  parts() {
    return [...this.segments].map(([segment, counts]) => ({ segment, gaps: counts.parts() }));
  }

  merge(parts: ReturnType<SegmentGaps['parts']>): void {
    for (const { segment, gaps } of parts) this.of(segment).merge(gaps);
  }

  /** Of those with so many gaps. */
  result(minGaps: number): NonNullable<Baseline['segmentGaps']> {
    return [...this.segments]
      .flatMap(([segment, counts]) => {
        const medianDays = counts.size < minGaps ? null : counts.median();
        return medianDays === null ? [] : [{ segment, medianDays }];
      })
      .sort((left, right) => (left.segment < right.segment ? -1 : 1));
  }

  private of(segment: string): DayCounts {
    const counts = this.segments.get(segment) ?? new DayCounts();
    this.segments.set(segment, counts);
    return counts;
  }
}
