import type { OrgSeed, SeedRow } from '../simulator/seed.ts';
import { type ActivityRows, addActivities } from './activities.ts';
import { dayNumber, dayText, instantOn } from './calendar.ts';
import {
  CUSTOM_FIELDS,
  DEAL_LINES,
  FORMER_OWNER,
  LEAD_SOURCES,
  OWNERS,
  PIPELINES,
  STANDARD_PIPELINE,
  USERS,
} from './crm-shape.ts';
import { leadCalls } from './leads.ts';
import { addressPart } from './names.ts';
import { seededRandom } from './random.ts';
import {
  addReferrals,
  deletedLeads,
  leadRows,
  lostDeals,
  openDeals,
  type PlacedCustomer,
  touchedBetween,
} from './superstore-around.ts';
import { readSuperstore, type Superstore, type SuperstoreCustomer } from './superstore-csv.ts';

export const SUPERSTORE_TIME_ZONE = 'America/New_York';

/**
 * A year of an office-supplies wholesaler: Superstore's customers, orders, products and lines, moved in time by whole
 * days so that the last order is yesterday, and the generated rest of a CRM around them. Generated deals are open or
 * lost, so the money of all won deals stays Superstore's. `today` is the day in SUPERSTORE_TIME_ZONE.
 */
export function superstoreOrg(options: { today: string; edition?: OrgSeed['org']['edition'] }): OrgSeed {
  const today = dayNumber(options.today);
  const superstore = readSuperstore();
  const shift = today - 1 - Math.max(...superstore.orders.map((order) => order.day));
  const customers = superstore.customers.map((customer) => placeCustomer(customer, shift));
  const activities: ActivityRows = { Calls: [], Events: [], Tasks: [], Cases: [] };
  for (const customer of customers) {
    addActivities(
      seededRandom(`activity/${customer.id}`),
      { ...customer, key: customer.id, since: customer.createdDay, today },
      activities,
    );
  }
  const leads = leadRows(superstore, customers, today);
  return {
    org: {
      company_name: 'Superstore Office Supplies (sample)',
      edition: options.edition ?? 'Enterprise',
      users: 10,
      time_zone: SUPERSTORE_TIME_ZONE,
      iso_code: 'USD',
      country_code: 'US',
    },
    users: [...USERS],
    pipelines: PIPELINES,
    customModules: [DEAL_LINES],
    customFields: CUSTOM_FIELDS,
    records: {
      Accounts: accountRows(customers, today),
      Contacts: contactRows(customers, today),
      Products: productRows(superstore, customers, today),
      Deals: [
        ...wonDeals(superstore, customers, shift, today),
        ...openDeals(customers, today),
        ...lostDeals(customers, today),
      ],
      Deal_Lines: lineRows(superstore, shift),
      Leads: leads,
      ...activities,
      Calls: [...activities.Calls, ...leadCalls(seededRandom('lead calls'), leads, today)],
    },
    deleted: { Leads: deletedLeads(today) },
  };
}

function placeCustomer(customer: SuperstoreCustomer, shift: number): PlacedCustomer {
  const random = seededRandom(`customer/${customer.id}`);
  const firstOrderDay = customer.firstDay + shift;
  return {
    ...customer,
    account: { $ref: `account-${customer.id}` },
    contact: { $ref: `contact-${customer.id}` },
    owner: random.chance(0.06) ? FORMER_OWNER : random.pick(OWNERS),
    firstOrderDay,
    createdDay: firstOrderDay - random.int(1, 9),
  };
}

function accountRows(customers: readonly PlacedCustomer[], today: number): SeedRow[] {
  const random = seededRandom('accounts');
  const rows = customers.map((customer): SeedRow => {
    return {
      $key: customer.account.$ref,
      Account_Name: customer.name,
      Account_Type: 'Customer',
      Industry: customer.segment,
      Billing_City: customer.city,
      Billing_State: customer.state,
      Billing_Code: customer.postalCode,
      Billing_Country: 'United States',
      Owner: customer.owner,
      Created_Time: instantOn(customer.createdDay, 0),
      Modified_Time: touchedBetween(random, customer.createdDay, today),
    };
  });
  addReferrals(customers, rows);
  return rows;
}

function contactRows(customers: readonly PlacedCustomer[], today: number): SeedRow[] {
  const random = seededRandom('contacts');
  return customers.map((customer): SeedRow => {
    const [first = customer.name, ...rest] = customer.name.split(' ');
    return {
      $key: customer.contact.$ref,
      First_Name: rest.length > 0 ? first : null,
      Last_Name: rest.length > 0 ? rest.join(' ') : first,
      Email: `${addressPart(`${customer.name} ${customer.id}`)}@customer.test`,
      Account_Name: customer.account,
      Lead_Source: random.pick(LEAD_SOURCES),
      Mailing_City: customer.city,
      Owner: customer.owner,
      Created_Time: instantOn(customer.createdDay, 0),
      Modified_Time: touchedBetween(random, customer.createdDay, today),
    };
  });
}

function productRows(superstore: Superstore, customers: readonly PlacedCustomer[], today: number): SeedRow[] {
  const random = seededRandom('products');
  const created = Math.min(...customers.map((customer) => customer.createdDay)) - 30;
  return superstore.products.map((product) => ({
    $key: product.key,
    Product_Name: product.name,
    Product_Code: product.code,
    Product_Category: product.category,
    Product_Active: true,
    Owner: OWNERS[0],
    Created_Time: instantOn(created, 0),
    Modified_Time: touchedBetween(random, created, today),
  }));
}

function wonDeals(
  superstore: Superstore,
  customers: readonly PlacedCustomer[],
  shift: number,
  today: number,
): SeedRow[] {
  const random = seededRandom('won deals');
  const byId = new Map(customers.map((customer) => [customer.id, customer]));
  const seen = new Set<string>();
  return superstore.orders.map((order): SeedRow => {
    const customer = byId.get(order.customerId);
    if (!customer) throw new Error(`order ${order.id} has no customer`);
    const day = order.day + shift;
    const isFirst = !seen.has(customer.id);
    seen.add(customer.id);
    const minute = random.int(0, 300);
    const modifiedDay = Math.min(day + random.int(0, 20), today - 1);
    return {
      $key: `deal-${order.id}`,
      Deal_Name: `Order ${order.id}`,
      Amount: order.amount / 100,
      Cost: (order.amount - order.profit) / 100,
      Stage: 'Closed Won',
      Pipeline: STANDARD_PIPELINE,
      Probability: 100,
      Closing_Date: dayText(day),
      Type: isFirst ? 'New Business' : 'Existing Business',
      Account_Name: customer.account,
      Contact_Name: customer.contact,
      Owner: customer.owner,
      Created_Time: instantOn(day, minute),
      Modified_Time: instantOn(modifiedDay, minute + random.int(1, 100)),
    };
  });
}

function lineRows(superstore: Superstore, shift: number): SeedRow[] {
  return superstore.orders.flatMap((order) => {
    const deal = { $ref: `deal-${order.id}` };
    const at = instantOn(order.day + shift, 0);
    return order.lines.map((line) => ({
      $key: `line-${line.rowId}`,
      Name: `${order.id} / ${line.rowId}`,
      Deal: deal,
      Product: { $ref: line.product.key },
      Quantity: line.quantity,
      Sales: line.sales / 10_000,
      Discount: line.discountPercent,
      Profit: line.profit / 10_000,
      Created_Time: at,
      Modified_Time: at,
    }));
  });
}
