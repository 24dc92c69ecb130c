import type { OrgSeed, SeedRow } from '../simulator/seed.ts';
import { dayText, instantOn } from './calendar.ts';
import { GENERATED, LEAD_SOURCES, LOSS_REASONS, LOST_STAGES, OPEN_STAGES, type Owner } from './crm-shape.ts';
import { convertedLead, openLeads } from './leads.ts';
import { type Random, seededRandom } from './random.ts';
import type { Superstore, SuperstoreCustomer } from './superstore-csv.ts';

/** What a CRM holds around Superstore's orders: generated, and marked so. No deal here is won. */

const OPEN_DEALS = 150;
const LOST_DEALS = 180;
const OPEN_LEADS = 180;
const CONVERTED_LEADS = 60;
const REFERRALS = 45;

/** A customer at its place in today's calendar, with its owner. */
export interface PlacedCustomer extends SuperstoreCustomer {
  readonly account: { readonly $ref: string };
  readonly contact: { readonly $ref: string };
  readonly owner: Owner;
  readonly createdDay: number;
  readonly firstOrderDay: number;
}

export function touchedBetween(random: Random, from: number, today: number): string {
  return instantOn(random.int(from, Math.max(today - 1, from)), random.int(0, 410));
}

/** The referrer bought before the referred one, so no circle can arise. */
export function addReferrals(customers: readonly PlacedCustomer[], rows: SeedRow[]): void {
  const random = seededRandom('referrals');
  const order = customers.map((_, index) => index);
  order.sort((a, b) => (customers[a]?.firstOrderDay ?? 0) - (customers[b]?.firstOrderDay ?? 0) || a - b);
  for (let count = 0; count < REFERRALS; count++) {
    const place = random.int(100, order.length - 1);
    const referred = rows[order[place] ?? 0];
    const referrer = customers[order[random.int(0, 60)] ?? 0];
    if (!referred || !referrer) continue;
    referred.Referred_By = referrer.account;
    referred.Description = `${GENERATED}: referral`;
  }
}

function generatedDeal(random: Random, customer: PlacedCustomer, name: string): SeedRow {
  return {
    $key: name.toLowerCase().replaceAll(' ', '-'),
    Deal_Name: `${name} (${customer.name})`,
    Amount: Math.round(random.lognormal(400, 1.1) * 100) / 100,
    Type: 'Existing Business',
    Account_Name: customer.account,
    Contact_Name: customer.contact,
    Lead_Source: random.pick(LEAD_SOURCES),
    Owner: customer.owner,
    Description: GENERATED,
  };
}

/** Some are past their date, some have no amount, a few no customer, three stand in a stage that no pipeline has. */
export function openDeals(customers: readonly PlacedCustomer[], today: number): SeedRow[] {
  const random = seededRandom('open deals');
  return Array.from({ length: OPEN_DEALS }, (_, index) => {
    const customer = random.pick(customers);
    const row = generatedDeal(random, customer, `Open deal ${index + 1}`);
    const created = Math.max(today - random.int(1, 120), customer.createdDay);
    const place = random.pick(OPEN_STAGES);
    row.Pipeline = place.pipeline;
    row.Stage = index < 3 ? 'Awaiting Callback (old)' : place.stage;
    row.Probability = random.pick([10, 20, 60, 75, 90]);
    row.Closing_Date = dayText(random.chance(0.2) ? today - random.int(1, 20) : today + random.int(5, 90));
    row.Created_Time = instantOn(created, 30);
    row.Modified_Time = touchedBetween(random, created, today);
    if (index % 25 === 4) row.Amount = null;
    if (index % 40 === 7) {
      delete row.Account_Name;
      delete row.Contact_Name;
    }
    return row;
  });
}

export function lostDeals(customers: readonly PlacedCustomer[], today: number): SeedRow[] {
  const random = seededRandom('lost deals');
  return Array.from({ length: LOST_DEALS }, (_, index) => {
    const customer = random.pick(customers);
    const row = generatedDeal(random, customer, `Lost deal ${index + 1}`);
    const closed = random.int(Math.max(customer.createdDay + 1, today - 1100), today - 1);
    const created = Math.max(closed - random.int(5, 90), customer.createdDay);
    const place = random.pick(LOST_STAGES);
    row.Pipeline = place.pipeline;
    row.Stage = place.stage;
    row.Probability = 0;
    row.Reason_For_Loss__s = random.pick(LOSS_REASONS);
    row.Closing_Date = dayText(closed);
    row.Created_Time = instantOn(created, 30);
    row.Modified_Time = instantOn(closed, 60);
    return row;
  });
}

export function leadRows(
  superstore: Superstore,
  customers: readonly PlacedCustomer[],
  today: number,
): SeedRow[] {
  const random = seededRandom('leads');
  const firstDeals = new Map<string, { $ref: string }>();
  for (const order of superstore.orders) {
    if (!firstDeals.has(order.customerId)) firstDeals.set(order.customerId, { $ref: `deal-${order.id}` });
  }
  // Every thirteenth customer once was a lead: each at most once.
  const converted = customers
    .filter((_, index) => index % 13 === 5)
    .slice(0, CONVERTED_LEADS)
    .map((customer, index) =>
      convertedLead(random, OPEN_LEADS + index, {
        account: customer.account,
        contact: customer.contact,
        deal: firstDeals.get(customer.id) ?? null,
        company: customer.name,
        createdDay: customer.createdDay,
      }),
    );
  return [...openLeads(random, OPEN_LEADS, today), ...converted];
}

export function deletedLeads(today: number): NonNullable<OrgSeed['deleted']>[string] {
  return [1, 2, 3].map((number) => ({
    $key: `deleted-lead-${number}`,
    display_name: `Doubled lead ${number}`,
    type: 'recycle',
    deleted_time: instantOn(today - number * 5, 0),
  }));
}
