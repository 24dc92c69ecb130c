import { z } from 'zod';
import type { Connection, CustomerKey, RecordId } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import type { Score } from '../../scores.ts';
import { renderReason } from '../../texts/reasons.ts';
import { renderExplanation, renderNextStep } from '../../texts/render.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import {
  CalendarDay,
  ContactStatusCode,
  CustomerKeySchema,
  Instant,
  Lang,
  Money,
  PhaseCode,
  RecordIdText,
  SubPhaseCode,
  TierCode,
} from '../api-schemas.ts';

/** One customer: its score with the reasons in words, its contacts, its history, its value by period. */

const tag = 'Customers';
export const OfCustomer = z.strictObject({ customer: RecordIdText });

const ReasonInWords = z.strictObject({
  code: z.string(),
  text: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  records: z.array(
    z.strictObject({
      module: z.string(),
      id: z.string(),
      url: z
        .string()
        .nullable()
        .meta({ description: "Its page in Zoho; null: the data centre is none of Zoho's" }),
    }),
  ),
});
/** Beside value and gold, which the tier tells. */
const Known = z.strictObject({
  percent: z.number(),
  ask: z.string().nullable().meta({ description: 'Code of the one question to ask next' }),
  whyUs: z.string().nullable(),
  needs: z.string().nullable(),
  source: z.string().nullable(),
  referredBy: z.string().nullable().meta({ description: 'Id of the customer that brought it' }),
  brought: z.int().meta({ description: 'How many customers it brought' }),
  referralProfit: Money.nullable().meta({ description: 'Credited for them' }),
  contributions12: Money,
  thanked: z.strictObject({ on: CalendarDay, how: z.string().nullable() }).nullable(),
  reasonLeft: z.string().nullable(),
  lossReason: z.strictObject({ on: CalendarDay, reason: z.string() }).nullable(),
  openCases: z.int(),
  reviewedOn: CalendarDay.nullable(),
});
const Customer = z.strictObject({
  key: CustomerKeySchema,
  name: z.string(),
  asOf: CalendarDay,
  tier: TierCode,
  phase: PhaseCode,
  subPhase: SubPhaseCode.nullable(),
  gold: z.boolean(),
  rank: z.int().nullable(),
  owner: z.strictObject({ id: z.string(), name: z.string().nullable() }).nullable(),
  figures: z.strictObject({
    revenue12: Money,
    directCost12: Money,
    costToServe12: Money,
    profit12: Money,
    expectedProfit12: Money.nullable(),
    goodwillLeft: Money.nullable().meta({ description: 'Of the goodwill budget of 12 months' }),
    relationshipMonths: z.int().nullable(),
    lastContact: CalendarDay.nullable(),
    contactStatus: ContactStatusCode.nullable(),
  }),
  known: Known,
  url: z.string().nullable().meta({ description: 'Its page in Zoho' }),
  nextStep: z.string(),
  explanation: z.string().meta({ description: 'As it is written into Zoho' }),
  reasons: z.array(ReasonInWords),
  score: z.record(z.string(), z.unknown()).meta({ description: 'As `zcv explain --json` prints it' }),
});
const HistoryRow = z.strictObject({
  asOf: CalendarDay,
  tier: TierCode,
  phase: PhaseCode,
  subPhase: SubPhaseCode.nullable(),
  gold: z.boolean(),
  profit12: Money,
});
export const TouchRow = z.strictObject({
  at: Instant,
  day: CalendarDay,
  channel: z.enum(['call', 'meeting', 'task', 'email', 'case', 'note', 'field']),
  direction: z.enum(['in', 'out', 'both']),
  twoWay: z.boolean().meta({ description: 'False: an attempt that reached nobody' }),
  subject: z.string(),
  recordId: z.string(),
  contactId: z.string().nullable(),
  durationSeconds: z.number().nullable(),
});
const Period = z.strictObject({
  period: z.string().meta({ description: 'YYYY or YYYY-MM' }),
  revenue: Money,
  directCost: Money,
  costToServe: Money,
  profit: Money,
});
const Link = z.strictObject({ key: CustomerKeySchema, name: z.string(), tier: TierCode, profit12: Money });

/** The newest 1,000 contacts: a page shows fewer, and the rest stands in Zoho. */
const MOST_TOUCHES = 1_000;
const MOST_BROUGHT = 200;

async function scoreOf(
  { store }: Pick<ApiDeps, 'store'>,
  connection: Connection,
  id: RecordId,
): Promise<Score> {
  const score = await store.scores.get(connection.id, id);
  if (score) return score;
  throw new NotFoundError(`no customer ${id} was scored; is it an account or a contact without one?`);
}

function figuresOf({ window12, expectedProfit12, goodwillBudget, ...score }: Score) {
  const { relationshipMonths, lastContact, contactStatus } = score;
  return {
    revenue12: window12.revenue,
    directCost12: window12.directCost,
    costToServe12: window12.costToServe,
    profit12: window12.profit,
    goodwillLeft: goodwillBudget,
    ...{ expectedProfit12, relationshipMonths, lastContact, contactStatus },
  };
}

function knownOf({ profile, source, referralProfit, contributions12 }: Score): z.input<typeof Known> {
  const { percent, ask, facts } = profile;
  return {
    ...{ percent, ask, source, referralProfit, contributions12 },
    ...{ whyUs: facts?.whyUs ?? null, needs: facts?.needs ?? null, referredBy: facts?.referredBy ?? null },
    ...{ brought: facts?.brought.length ?? 0, thanked: facts?.thanked ?? null },
    ...{ reasonLeft: facts?.reasonLeft ?? null, lossReason: facts?.lossReason ?? null },
    ...{ openCases: facts?.openCases ?? 0, reviewedOn: facts?.reviewedOn ?? null },
  };
}

function absent(key: CustomerKey): NotFoundError {
  return new NotFoundError(`${key.module} ${key.id} is no customer any more`);
}

export function customerRoutes(deps: Pick<ApiDeps, 'store' | 'settingsOf' | 'work'>): ApiRoute[] {
  const { store, settingsOf, work } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers/{customer}',
      summary: 'A customer: score, arithmetic and reasons in words',
      tag,
      params: OfCustomer,
      query: z.strictObject({ lang: Lang }),
      answer: Customer,
      async handle({ connection, params, query }) {
        const score = await scoreOf(deps, connection, params.customer);
        const language = query.lang ?? (await settingsOf(connection)).plan.language;
        const format = { language, currency: connection.org.currency };
        const { key, name, asOf, tier, phase, subPhase, gold, rank, ownerId } = score;
        const owners = ownerId === null ? [] : await store.users.all(connection.id);
        return {
          ...{ key, name, asOf, tier, phase, subPhase, gold, rank },
          owner:
            ownerId === null
              ? null
              : { id: ownerId, name: owners.find(({ id }) => id === ownerId)?.name ?? null },
          figures: figuresOf(score),
          known: knownOf(score),
          url: work.recordUrl(connection, key.module, key.id),
          nextStep: renderNextStep(score, format),
          explanation: renderExplanation(score, format),
          reasons: score.reasons.map((reason) => ({
            code: reason.code,
            text: renderReason(reason, format),
            params: { ...reason.params },
            records: (reason.records ?? []).map(({ module, id }) => ({
              ...{ module, id },
              url: work.recordUrl(connection, module, id),
            })),
          })),
          score: { ...score },
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers/{customer}/history',
      summary: 'Changes of tier, phase and gold, oldest first',
      tag,
      params: OfCustomer,
      answer: z.strictObject({ items: z.array(HistoryRow) }),
      async handle({ connection, params }) {
        await scoreOf(deps, connection, params.customer);
        return { items: await store.scores.history(connection.id, params.customer) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers/{customer}/touches',
      summary: 'Contacts and attempts, newest first',
      tag,
      params: OfCustomer,
      answer: z.strictObject({ items: z.array(TouchRow), total: z.int() }),
      async handle({ connection, params }) {
        const { key } = await scoreOf(deps, connection, params.customer);
        const touches = await work.touches(connection, key);
        if (touches === null) throw absent(key);
        const newest = touches.toReversed().slice(0, MOST_TOUCHES);
        return {
          items: newest.map(({ at, ...touch }) => ({ ...touch, at: at.toISOString() })),
          total: touches.length,
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers/{customer}/value',
      summary: 'Revenue, costs and profit by month or year',
      tag,
      params: OfCustomer,
      query: z.strictObject({ by: z.enum(['month', 'year']).default('year') }),
      answer: z.strictObject({ items: z.array(Period) }),
      async handle({ connection, params, query }) {
        const { key } = await scoreOf(deps, connection, params.customer);
        const rows = await work.periods(connection, key, query.by);
        if (rows === null) throw absent(key);
        return { items: rows.map(({ key: _of, name: _named, ...sums }) => sums) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers/{customer}/referrals',
      summary: 'Who brought this customer, and whom it brought',
      tag,
      params: OfCustomer,
      answer: z.strictObject({ broughtBy: Link.nullable(), brought: z.array(Link) }),
      async handle({ connection, params }) {
        const { profile } = await scoreOf(deps, connection, params.customer);
        const by = profile.facts?.referredBy ?? null;
        const brought = (profile.facts?.brought ?? []).slice(0, MOST_BROUGHT).map(({ id }) => id);
        const scores = await store.scores.of(connection.id, by === null ? brought : [by, ...brought]);
        const linkOf = ({ key, name, tier, window12 }: Score) => ({
          key,
          name,
          tier,
          profit12: window12.profit,
        });
        const links = new Map(scores.map((score) => [score.key.id, linkOf(score)]));
        return {
          broughtBy: by === null ? null : (links.get(by) ?? null),
          brought: brought.flatMap((id) => links.get(id) ?? []),
        };
      },
    }),
  ];
}
