import { z } from 'zod';
import { addDays } from '../../days.ts';
import type { Day } from '../../domain.ts';
import type { ListedCustomer } from '../../store/view-stores.ts';
import {
  CalendarDay,
  ContactStatusCode,
  CustomerKeySchema,
  Flag,
  listOf,
  Money,
  PhaseCode,
  SubPhaseCode,
  TierCode,
} from '../api-schemas.ts';

/** How customers stand in lists, and what lists are filtered by. */

export const ListedCustomerSchema = z.strictObject({
  key: CustomerKeySchema,
  name: z.string(),
  owner: z.strictObject({ id: z.string(), name: z.string().nullable() }).nullable(),
  asOf: CalendarDay,
  tier: TierCode,
  phase: PhaseCode,
  subPhase: SubPhaseCode.nullable(),
  gold: z.boolean(),
  rank: z.int().nullable(),
  contactStatus: ContactStatusCode.nullable(),
  lastContact: CalendarDay.nullable(),
  profit12: Money.nullable(),
  revenue12: Money.nullable(),
  expected12: Money.nullable(),
  relationshipMonths: z.int().nullable(),
  contactGapDays: z.int().nullable(),
  referralProfit: Money.nullable().meta({ description: 'Credited for customers that it brought' }),
  expectedLow: Money.nullable().meta({ description: 'The expected profit lies between this' }),
  expectedHigh: Money.nullable().meta({ description: 'and this, with the chance of the rules' }),
});

export function listedCustomer(
  { ownerId, ...row }: ListedCustomer,
  names: ReadonlyMap<string, string>,
): z.input<typeof ListedCustomerSchema> {
  return { ...row, owner: ownerId === null ? null : { id: ownerId, name: names.get(ownerId) ?? null } };
}

export const CustomerFilterQuery = {
  search: z.string().max(100).optional().meta({ description: 'Part of a name, or a record id' }),
  tier: listOf(TierCode),
  phase: listOf(PhaseCode),
  subPhase: listOf(SubPhaseCode),
  contactStatus: listOf(ContactStatusCode),
  owner: z.string().max(20).optional().meta({ description: 'Zoho id of a user' }),
  gold: Flag,
  quietDays: z.coerce.number().int().min(1).max(3_650).optional().meta({
    description: 'The last contact is longer ago than so many days, or there was none',
  }),
};
export const CustomerOrderQuery = {
  sort: z
    .enum(['value', 'revenue', 'expected', 'name', 'last_contact'])
    .default('value')
    .meta({ description: 'value: profit of 12 months' }),
  direction: z.enum(['asc', 'desc']).optional().meta({ description: 'Default: asc for names, else desc' }),
};
const AskedList = z.strictObject({ ...CustomerFilterQuery, ...CustomerOrderQuery });

/** What the store is asked for; days are counted from `today`. */
export function listAskedFor(asked: z.output<typeof AskedList>, today: Day) {
  const { search, gold, tier, phase, subPhase, contactStatus, owner, quietDays, sort, direction } = asked;
  return {
    filter: {
      ...{ search, gold, tiers: tier, phases: phase, subPhases: subPhase, contactStatuses: contactStatus },
      owners: owner === undefined ? undefined : [owner],
      quietSince: quietDays === undefined ? undefined : addDays(today, -quietDays),
    },
    order: sort,
    descending: (direction ?? (sort === 'name' ? 'asc' : 'desc')) === 'desc',
  };
}
