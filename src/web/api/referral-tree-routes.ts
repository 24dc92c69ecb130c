import { z } from 'zod';
import type { CustomerKey, RecordId } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import type { Score } from '../../scores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CustomerKeySchema, Money, TierCode } from '../api-schemas.ts';
import { OfCustomer } from './customer-routes.ts';

/** Whom a customer brought, and whom those brought. */

const DEEPEST = 5;
/** More than one looks through; the sum says that it is not all. */
const MOST = 200;

const Brought = z.strictObject({
  key: CustomerKeySchema,
  name: z.string(),
  tier: TierCode,
  profit12: Money,
  level: z.int().meta({ description: '1: brought by the customer itself' }),
  by: z.string().meta({ description: 'Id of who brought it' }),
  brought: z.int().meta({ description: 'How many it brought itself, also beyond the levels asked for' }),
});
const Tree = z.strictObject({
  items: z.array(Brought).meta({ description: 'Each stands behind who brought it' }),
  customers: z.int(),
  profit12: Money.meta({ description: 'Sum over the items' }),
  isWhole: z.boolean().meta({ description: `False: there are more, deeper or beyond the first ${MOST}` }),
});
type Node = z.input<typeof Brought>;

export function referralTreeRoutes({ store }: Pick<ApiDeps, 'store'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers/{customer}/referral-tree',
      summary: 'Whom a customer brought, and whom those brought, over some levels',
      description: `Each customer once, where it comes first; a circle ends where it began. At most ${MOST} customers.`,
      tag: 'Customers',
      params: OfCustomer,
      query: z.strictObject({ levels: z.coerce.number().int().min(1).max(DEEPEST).default(3) }),
      answer: Tree,
      async handle({ connection, params, query }) {
        const root = await store.scores.get(connection.id, params.customer);
        if (!root)
          throw new NotFoundError(
            `no customer ${params.customer} was scored; is it an account or a contact without one?`,
          );
        const of = (ids: readonly RecordId[]) => store.scores.of(connection.id, ids);
        const { nodes, isWhole } = await nodesBeneath(of, root, query.levels);
        return {
          items: inOrder(root.key.id, nodes),
          customers: nodes.length,
          profit12: nodes.reduce((sum, { profit12 }) => sum + profit12, 0),
          isWhole,
        };
      },
    }),
  ];
}

const broughtBy = ({ profile }: Score): readonly CustomerKey[] => profile.facts?.brought ?? [];

/** Level by level. */
async function nodesBeneath(
  scoresOf: (ids: readonly RecordId[]) => Promise<Score[]>,
  root: Score,
  levels: number,
): Promise<{ nodes: Node[]; isWhole: boolean }> {
  const seen = new Set([root.key.id]);
  const nodes: Node[] = [];
  let isWhole = true;
  let at = [root];
  for (let level = 1; at.length > 0; level += 1) {
    const by = new Map<RecordId, RecordId>();
    for (const score of at)
      for (const { id } of broughtBy(score)) if (!seen.has(id) && !by.has(id)) by.set(id, score.key.id);
    const fitting = level > levels ? [] : [...by.keys()].slice(0, MOST - nodes.length);
    if (fitting.length < by.size) isWhole = false;
    for (const id of fitting) seen.add(id);
    at = fitting.length === 0 ? [] : await scoresOf(fitting);
    for (const score of at) {
      const { key, name, tier, window12 } = score;
      const brought = broughtBy(score).length;
      const node = { key, name, tier, profit12: window12.profit, level, brought };
      nodes.push({ ...node, by: by.get(key.id) ?? root.key.id });
    }
  }
  return { nodes, isWhole };
}

/** Those of one bringer by their value. */
function inOrder(root: RecordId, nodes: readonly Node[]): Node[] {
  const children = Map.groupBy(nodes, ({ by }) => by);
  const beneath = (id: RecordId): Node[] =>
    (children.get(id) ?? [])
      .toSorted((a, b) => b.profit12 - a.profit12)
      .flatMap((node) => [node, ...beneath(node.key.id)]);
  return beneath(root);
}
