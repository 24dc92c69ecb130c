import type { CustomerKey, Day, Minor, Phase, RecordId, Tier } from '../domain.ts';
import { DIGEST } from './digest-words.ts';
import type { Format } from './format.ts';
import { fill, type Values } from './template.ts';

/** What a week brought, for one owner or for the administrators. Codes and numbers; words are rendered on read. */
export interface Digest {
  /** First and last day that it tells of. */
  readonly from: Day;
  readonly until: Day;
  /** Null: of everybody, for the administrators. */
  readonly ownerId: RecordId | null;
  readonly ownerName: string | null;
  readonly customers: number;
  /** By tier, or into or out of gold; the most profit first, at most so many as are listed. */
  readonly up: Listed<DigestMove>;
  readonly down: Listed<DigestMove>;
  /** Customers that are leaving, with their profit of 12 months where it is one. */
  readonly atRisk: Listed<DigestCustomer> & { readonly profit12: Minor };
  readonly wonBack: Listed<DigestCustomer>;
  readonly lost: Listed<DigestCustomer>;
  readonly tasks: {
    readonly made: number;
    readonly done: number;
    /** Closed by us: the need was gone. */
    readonly notNeeded: number;
    readonly open: number;
    readonly overdue: Listed<{ readonly subject: string; readonly dueDay: Day }>;
    /** Not made because the owner had its share of the day: the rest of the list. */
    readonly overCap: Listed<{ readonly name: string; readonly rule: string }>;
    /** Not made for other reasons, counted. */
    readonly suppressed: { readonly [why: string]: number };
  };
  readonly quality: {
    readonly neverContacted: number;
    readonly valueIncomplete: number;
    readonly profilePercent: number | null;
    /** Of the whole org; null in the digest of an owner. */
    readonly org: {
      readonly unmatchedDeals: number;
      readonly setAside: number;
      readonly oddities: number;
      /** Customers whose owner is no active user of the CRM. */
      readonly ownerless: number;
    } | null;
  };
}
export interface Listed<T> {
  readonly count: number;
  readonly list: readonly T[];
}
export interface DigestCustomer {
  readonly key: CustomerKey;
  readonly name: string;
  readonly phase: Phase;
  readonly since: Day;
  readonly profit12: Minor;
}
export interface DigestMove {
  readonly key: CustomerKey;
  readonly name: string;
  readonly before: Tier;
  readonly after: Tier;
  readonly goldBefore: boolean;
  readonly goldAfter: boolean;
  readonly profit12: Minor;
}

/** `titleOf`: what people call the rule of an id. */
export function digestText(digest: Digest, format: Format, titleOf: (rule: string) => string): string {
  const words = DIGEST[format.language];
  const say = (template: string, values: Values) => fill(template, values, format);
  const listed = <T>(section: string, { count, list }: Listed<T>, line: (item: T) => string): string[] => {
    if (count === 0) return [];
    const more = count - list.length;
    return [
      section,
      ...list.map((item) => `  ${line(item)}`),
      ...(more > 0 ? [`  ${say(words.more, { more })}`] : []),
    ];
  };
  const move = ({ name, before, after, goldBefore, goldAfter, profit12 }: DigestMove) => {
    const gold = goldBefore === goldAfter ? null : goldAfter ? words.now_gold : words.not_gold;
    return say(before === after ? words.gold_move : words.move, { name, before, after, gold, profit12 });
  };
  const customer = ({ name, since, profit12 }: DigestCustomer) =>
    say(words.customer, { name, since, profit12 });
  const { up, down, atRisk, wonBack, lost, tasks, quality } = digest;
  const who = digest.ownerId === null ? words.everybody : (digest.ownerName ?? digest.ownerId);
  const { neverContacted, valueIncomplete, profilePercent, org } = quality;
  const { made, done, notNeeded, open, overdue, overCap } = tasks;
  return [
    say(words.title, { from: digest.from, until: digest.until, who, customers: digest.customers }),
    '',
    ...listed(say(words.up, { n: up.count }), up, move),
    ...listed(say(words.down, { n: down.count }), down, move),
    ...listed(say(words.at_risk, { n: atRisk.count, profit: atRisk.profit12 }), atRisk, customer),
    ...listed(say(words.won_back, { n: wonBack.count }), wonBack, customer),
    ...listed(say(words.lost, { n: lost.count }), lost, customer),
    say(words.tasks, { made, done, notNeeded, open, overdue: overdue.count }),
    ...listed(words.overdue, overdue, (task) => say(words.task, { ...task })),
    ...listed(say(words.over_cap, { n: overCap.count }), overCap, ({ name, rule }) =>
      say(words.rest, { name, rule: titleOf(rule) }),
    ),
    say(words.quality, { neverContacted, valueIncomplete, profilePercent }),
    ...(org === null ? [] : [say(words.quality_org, org)]),
  ].join('\n');
}
