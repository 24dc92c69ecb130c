/** How often each number of days occurred: medians and percentiles without keeping every gap of every customer. */
export class DayCounts {
  private readonly counts = new Map<number, number>();
  private total = 0;

  add(days: number): void {
    this.counts.set(days, (this.counts.get(days) ?? 0) + 1);
    this.total += 1;
  }

  /** What `merge` takes, of another thread too. */
  parts(): ReadonlyMap<number, number> {
    return this.counts;
  }
  merge(parts: ReturnType<DayCounts['parts']>): void {
    for (const [days, count] of parts) {
      this.counts.set(days, (this.counts.get(days) ?? 0) + count);
      this.total += count;
    }
  }

  get size(): number {
    return this.total;
  }

  /** Mean of the two middle values for an even number of them; null without any. */
  median(): number | null {
    if (this.total === 0) return null;
    const lower = this.nth(Math.floor((this.total + 1) / 2));
    const upper = this.nth(Math.floor(this.total / 2) + 1);
    return (lower + upper) / 2;
  }

  /** The smallest value that at least `percent` of all values do not exceed; null without any. */
  percentile(percent: number): number | null {
    return this.total === 0 ? null : this.nth(Math.max(1, Math.ceil((this.total * percent) / 100)));
  }

  /** 1-based, ascending. */
  private nth(position: number): number {
    let left = position;
    for (const [days, count] of [...this.counts].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return days;
    }
    throw new RangeError(`no value at position ${position} of ${this.total}`);
  }
}
