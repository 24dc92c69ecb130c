import type { OrgSeed, SeedRow } from '../simulator/seed.ts';
import { type ActivityRows, addActivities } from './activities.ts';
import { dayNumber, instantOn } from './calendar.ts';
import { CUSTOM_FIELDS, FORMER_OWNER, GENERATED, OWNERS, PIPELINES, USERS } from './crm-shape.ts';
import { type DealWriter, dealWriter, drawBuyer } from './generated-deals.ts';
import { convertedLead, openLeads } from './leads.ts';
import { addressPart, FIRM_FORMS, FIRM_WORDS, FIRST_NAMES, LAST_NAMES, PRODUCT_NAMES } from './names.ts';
import { type Random, seededRandom } from './random.ts';

export const GENERATED_TIME_ZONE = 'Europe/Amsterdam';

/** Above this many customers only a share of them has activities, so that a large org fits into memory. */
const MOST_WITH_ACTIVITIES = 20_000;
const MOST_DELETED = 2_000;

/**
 * An org of any size, heavy-tailed and imperfect: irregular buyers, refunds, amounts that are zero or empty, deals
 * without account, contacts without account, foreign currencies, a stage that no pipeline has, names in many scripts,
 * converted leads, deleted records. About 3.3 deals an account. The same numbers come out for the same input.
 */
export function generatedOrg(options: {
  customers: number;
  /** The day in GENERATED_TIME_ZONE. */
  today: string;
  seed?: number;
  edition?: OrgSeed['org']['edition'];
}): OrgSeed {
  const today = dayNumber(options.today);
  const draw = (section: string) => seededRandom(`${options.seed ?? 1}/${section}`);
  const accounts = accountRows(draw('accounts'), options.customers, today);
  const contacts = contactRows(draw('contacts'), accounts, today);
  const deals = dealWriter(draw('deals'), today);
  const activities: ActivityRows = { Calls: [], Events: [], Tasks: [], Cases: [] };
  const leads = openLeads(draw('leads'), Math.min(Math.ceil(options.customers / 10), 20_000), today);
  const random = draw('customers');
  const activeShare = Math.min(1, MOST_WITH_ACTIVITIES / Math.max(contacts.customers.length, 1));
  for (const customer of contacts.customers) {
    const first = deals.write(customer, drawBuyer(random, customer.createdDay, today));
    if (random.chance(activeShare)) {
      addActivities(random, { ...customer, since: customer.createdDay, today }, activities);
    }
    if (customer.contact && random.chance(0.05 * activeShare)) {
      leads.push(
        convertedLead(random, leads.length, {
          account: customer.account,
          contact: customer.contact,
          deal: first,
          company: customer.name,
          createdDay: customer.createdDay,
        }),
      );
    }
  }
  return {
    org: {
      company_name: 'Generated Trading (sample)',
      edition: options.edition ?? 'Ultimate',
      users: 100,
      time_zone: GENERATED_TIME_ZONE,
      iso_code: 'EUR',
      country_code: 'NL',
      multiCurrency: true,
      currencies: [
        { iso_code: 'EUR', exchange_rate: 1, is_base: true },
        { iso_code: 'USD', exchange_rate: 1.25, is_base: false },
        { iso_code: 'PLN', exchange_rate: 4.3, is_base: false },
      ],
    },
    users: [...USERS],
    pipelines: PIPELINES,
    customFields: CUSTOM_FIELDS,
    records: {
      Accounts: accounts,
      Contacts: contacts.rows,
      Products: productRows(today),
      Deals: deals.rows,
      Leads: leads,
      ...activities,
    },
    deleted: deletedRecords(draw('deleted'), options.customers, today),
  };
}

type Ref = { readonly $ref: string };
type Buyer = Parameters<DealWriter['write']>[0];

function accountRows(random: Random, count: number, today: number): SeedRow[] {
  return Array.from({ length: count }, (_, index) => {
    const created = today - 1 - Math.floor(random.next() * 1_800);
    const row: SeedRow = {
      $key: `account-${index}`,
      Account_Name: `${random.pick(FIRM_WORDS)} ${index} ${random.pick(FIRM_FORMS)}`,
      Account_Type: random.chance(0.02) ? random.pick(['Vendor', 'Competitor']) : 'Customer',
      Owner: random.chance(0.04) ? FORMER_OWNER : random.pick(OWNERS),
      Created_Time: instantOn(created, 0),
      Modified_Time: instantOn(random.int(created, today - 1), random.int(0, 419)),
    };
    // A few names occur twice: duplicates that a person must judge.
    if (index > 0 && index % 97 === 0)
      row.Account_Name = `${FIRM_WORDS[0]} Dubbel ${Math.floor(index / 194)}`;
    return row;
  });
}

function contactRow(
  random: Random,
  number: number,
  owner: Buyer['owner'],
  created: string,
): SeedRow & { $key: string } {
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(LAST_NAMES);
  return {
    $key: `contact-${number}`,
    First_Name: first,
    Last_Name: last,
    Email: `${addressPart(`${first} ${last}`) || 'person'}.${number}@customer.test`,
    Owner: owner,
    Created_Time: created,
    Modified_Time: created,
  };
}

/** Most accounts have a contact, some two; one contact in twenty belongs to no account and is a customer itself. */
function contactRows(
  random: Random,
  accounts: readonly SeedRow[],
  today: number,
): { rows: SeedRow[]; customers: Buyer[] } {
  const rows: SeedRow[] = [];
  const customers: Buyer[] = [];
  accounts.forEach((account, index) => {
    const owner = index % 25 === 3 ? FORMER_OWNER : random.pick(OWNERS);
    const ref: Ref = { $ref: String(account.$key) };
    const created = String(account.Created_Time);
    const people = random.chance(0.1) ? 0 : random.chance(0.15) ? 2 : 1;
    let contact: Ref | null = null;
    for (let count = 0; count < people; count++) {
      const row = contactRow(random, rows.length, owner, created);
      row.Account_Name = ref;
      contact ??= { $ref: row.$key };
      rows.push(row);
    }
    const createdDay = dayNumber(created.slice(0, 10));
    customers.push({
      key: ref.$ref,
      name: String(account.Account_Name),
      account: ref,
      contact,
      owner,
      createdDay,
    });
    if (index % 20 !== 19) return;
    const alone = contactRow(random, rows.length, owner, created);
    alone.Description = GENERATED;
    rows.push(alone);
    customers.push({
      key: alone.$key,
      name: `${alone.First_Name} ${alone.Last_Name}`,
      account: null,
      contact: { $ref: alone.$key },
      owner,
      createdDay: Math.min(createdDay, today - 1),
    });
  });
  return { rows, customers };
}

function productRows(today: number): SeedRow[] {
  const at = instantOn(today - 1_900, 0);
  return PRODUCT_NAMES.map((name, index) => ({
    $key: `product-${index}`,
    Product_Name: name,
    Product_Code: `P-${String(index).padStart(3, '0')}`,
    Product_Active: index !== 0,
    Owner: OWNERS[0],
    Created_Time: at,
    Modified_Time: at,
  }));
}

function deletedRecords(random: Random, customers: number, today: number): NonNullable<OrgSeed['deleted']> {
  const rows = (module: string, count: number) =>
    Array.from({ length: Math.min(count, MOST_DELETED) }, (_, index) => {
      const type = random.chance(0.8) ? 'recycle' : 'permanent';
      return {
        $key: `deleted-${module}-${index}`,
        display_name: `Deleted ${index}`,
        type,
        deleted_time: instantOn(today - random.int(1, 50), random.int(0, 400)),
      } as const;
    });
  return {
    Accounts: rows('Accounts', Math.ceil(customers / 500)),
    Contacts: rows('Contacts', Math.ceil(customers / 400)),
    Deals: rows('Deals', Math.ceil(customers / 100)),
  };
}
