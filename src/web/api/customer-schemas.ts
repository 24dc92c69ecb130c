import { z } from 'zod';
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
};
