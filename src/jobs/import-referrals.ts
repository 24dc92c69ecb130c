import type { ReferralLink } from '../store/import-stores.ts';

/**
 * Who referred whom, all files together: the first referrer of a customer wins, nobody refers himself, and nobody stands
 * above himself. `links` come in the order in which they count; those of the file at hand bear its lines.
 */
export function referralProblems(links: readonly ReferralLink[]): {
  rejected: { line: number; reason: string }[];
  laterReferrers: number;
} {
  const first = new Map<string, ReferralLink>();
  const rejected: { line: number; reason: string }[] = [];
  let laterReferrers = 0;
  for (const link of links) {
    if (link.referred === link.referrer) {
      if (link.line > 0) rejected.push({ line: link.line, reason: 'nobody can refer himself' });
    } else if (first.has(link.referred)) {
      if (link.line > 0) laterReferrers += 1;
    } else first.set(link.referred, link);
  }
  for (const link of first.values()) {
    const way = link.line > 0 ? wayBack(link, first) : null;
    if (way === null) continue;
    rejected.push({ line: link.line, reason: `goes round in a circle: ${way.join(' was referred by ')}` });
  }
  return { rejected: rejected.sort((a, b) => a.line - b.line), laterReferrers };
}

/** From the referred one up through the referrers to itself; null when the way ends, or ends in another circle. */
function wayBack({ referred }: ReferralLink, first: ReadonlyMap<string, ReferralLink>): string[] | null {
  const way = [referred];
  const seen = new Set(way);
  for (let at = first.get(referred); at; at = first.get(at.referrer)) {
    way.push(at.referrer);
    if (at.referrer === referred) return way;
    if (seen.has(at.referrer)) return null;
    seen.add(at.referrer);
  }
  return null;
}
