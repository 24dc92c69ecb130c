import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import type { OrgSeed, SeedRow } from '../../src/simulator/seed.ts';
import { addDaysTo, todayIn } from './org.ts';

/** The blocks of docs/cookbook.md: settings as they are stored, and an org of the customers that an example names. */

const FILE = 'docs/cookbook.md';

const Bookings = z.strictObject({
  every: z.int().optional(),
  from: z.int().optional(),
  to: z.int().optional(),
  daysAgo: z.int().optional(),
  amount: z.number().optional(),
  cost: z.number().optional(),
  freight: z.number().optional(),
  minutes: z.number().optional(),
  km: z.number().optional(),
});
type Booking = z.infer<typeof Bookings>;
const Days = z.union([z.array(z.union([z.int(), Bookings])), Bookings]);
const ExampleCustomer = z.strictObject({
  is: z.literal('contact').optional(),
  orders: Days,
  returns: Days.default([]),
  calls: Days.default([]),
  meetings: Days.default([]),
  cases: Days.default([]),
  account: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  gets: z.strictObject({
    tier: z.string(),
    phase: z.string(),
    profit: z.number(),
    tasks: z.array(z.string()),
  }),
});
const Example = z.record(z.string(), ExampleCustomer);
export type Example = z.infer<typeof Example>;

const Patch = z.looseObject({
  fields: z.looseObject({
    mapping: z.record(z.string(), z.record(z.string(), z.string())),
  }),
});

export function cookbookBlock(name: string): string {
  const block = new RegExp(`\`\`\`yaml ${name}\\n([\\s\\S]*?)\`\`\``).exec(readFileSync(FILE, 'utf8'))?.[1];
  if (block === undefined) throw new Error(`${FILE} has no block "${name}"`);
  return block;
}

/** Names of its blocks, in their order. */
export function cookbookNames(): string[] {
  const text = readFileSync(FILE, 'utf8');
  return [...text.matchAll(/^```yaml ([a-z-]+)$/gm)].map(([, name = '']) => name);
}

export function exampleOf(block: string): Example {
  return Example.parse(parse(cookbookBlock(block)));
}

const TYPES: { readonly [input: string]: string } = {
  contractEnd: 'date',
  noticeGiven: 'date',
  survey: 'integer',
  kilometres: 'double',
  cost: 'currency',
  freight: 'currency',
};
const MODULES: { readonly [part: string]: string } = {
  accounts: 'Accounts',
  deals: 'Deals',
  events: 'Events',
};

const MINUTES = { label: 'Minutes Spent', api_name: 'Minutes_Spent', data_type: 'integer' };

/** The org of an example: its customers, thirty small ones, and every field that the settings of the branch map. */
export function orgOf(blocks: { readonly settings: string; readonly example: string }): OrgSeed {
  const today = todayIn(GENERATED_TIME_ZONE);
  const { org, users, pipelines } = generatedOrg({ customers: 1, today });
  const { mapping } = Patch.parse(parse(cookbookBlock(blocks.settings))).fields;
  const rows = rowsOf({ ...fillIns(mapping), ...exampleOf(blocks.example) }, mapping, {
    day: (ago) => addDaysTo(today, -ago),
    owner: { $user: users[0]?.key ?? '' },
    pipeline: pipelines[0]?.name ?? '',
  });
  const customFields = Object.entries(mapping).map(([part, inputs]) => [
    MODULES[part] ?? part,
    Object.entries(inputs).map(([input, name]) => ({
      label: name.replaceAll('_', ' '),
      api_name: name,
      data_type: TYPES[input] ?? 'text',
    })),
  ]);
  return {
    org: { ...org, iso_code: 'EUR' },
    users,
    pipelines,
    customFields: { ...Object.fromEntries(customFields), Cases: [MINUTES] },
    records: rows,
  };
}

type Mapping = z.infer<typeof Patch>['fields']['mapping'];
interface Place {
  readonly day: (ago: number) => string;
  readonly owner: { readonly $user: string };
  readonly pipeline: string;
}

/** As the page says: one order each, a profit of 10 to 300, called yesterday. */
function fillIns(mapping: Mapping): Example {
  // What each order costs to serve comes on top of this profit; it is the same for all.
  const hasCost = mapping.deals?.cost !== undefined;
  const customer = (profit: number) => ({
    orders: [{ daysAgo: 100, amount: hasCost ? profit + 100 : profit, ...(hasCost ? { cost: 100 } : {}) }],
    ...{ returns: [], calls: [1], meetings: [], cases: [], account: {} },
    gets: { tier: '', phase: '', profit, tasks: [] },
  });
  return Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`Small ${at + 1}`, customer((at + 1) * 10)]),
  );
}

function eachOf(days: z.infer<typeof Days>): (Booking & { daysAgo: number })[] {
  if (Array.isArray(days))
    return days.map((one) =>
      typeof one === 'number' ? { daysAgo: one } : { ...one, daysAgo: one.daysAgo ?? 0 },
    );
  const { every = 1, from = 0, to = 0, ...rest } = days;
  const found: (Booking & { daysAgo: number })[] = [];
  for (let daysAgo = to; daysAgo <= from; daysAgo += every) found.push({ ...rest, daysAgo });
  return found;
}

type Rows = Record<'Accounts' | 'Contacts' | 'Deals' | 'Calls' | 'Events' | 'Cases', SeedRow[]>;

function rowsOf(example: Example, mapping: Mapping, place: Place): Rows {
  const rows: Rows = { Accounts: [], Contacts: [], Deals: [], Calls: [], Events: [], Cases: [] };
  for (const [name, customer] of Object.entries(example)) {
    const key = name.toLowerCase().replace(/\W+/g, '-');
    addCustomer(rows, { name, key, customer }, place);
    addDeals(rows, { name, key, customer }, mapping, place);
    addActivities(rows, { name, key, customer }, mapping, place);
  }
  return rows;
}

interface Named {
  readonly name: string;
  readonly key: string;
  readonly customer: Example[string];
}
const isContact = ({ customer }: Named) => customer.is === 'contact';
const at = (day: string, hour = '09:00') => `${day}T${hour}:00+00:00`;

function addCustomer(rows: Rows, named: Named, place: Place): void {
  const { name, key, customer } = named;
  const base = { $key: key, Owner: place.owner, Created_Time: at(place.day(1500)) };
  const [first, ...last] = name.split(' ');
  if (isContact(named)) rows.Contacts.push({ ...base, First_Name: first, Last_Name: last.join(' ') });
  else rows.Accounts.push({ ...base, Account_Name: name, ...dated(customer.account, place) });
}

function addDeals(rows: Rows, named: Named, { deals = {} }: Mapping, { day, owner, pipeline }: Place): void {
  const { name, key, customer } = named;
  const back = (value: number | undefined) => (value === undefined ? undefined : -value);
  const returned = eachOf(customer.returns).map((one) => ({
    daysAgo: one.daysAgo,
    amount: back(one.amount),
    cost: back(one.cost),
    freight: undefined,
  }));
  for (const [number, one] of [...eachOf(customer.orders), ...returned].entries()) {
    rows.Deals.push({
      $key: `${key}-deal-${number}`,
      Deal_Name: `${name} ${number}`,
      Owner: owner,
      [isContact(named) ? 'Contact_Name' : 'Account_Name']: { $ref: key },
      Stage: 'Closed Won',
      Pipeline: pipeline,
      Closing_Date: day(one.daysAgo),
      Created_Time: at(day(one.daysAgo)),
      Amount: one.amount ?? null,
      ...(one.cost === undefined ? {} : { [deals.cost ?? '']: one.cost }),
      ...(one.freight === undefined ? {} : { [deals.freight ?? '']: one.freight }),
    });
  }
}

function addActivities(rows: Rows, named: Named, { events = {} }: Mapping, { day, owner }: Place): void {
  const { key, customer } = named;
  const of = isContact(named)
    ? { Owner: owner, Who_Id: { $ref: key } }
    : { Owner: owner, What_Id: { $ref: key }, $se_module: 'Accounts' };
  for (const [number, { daysAgo }] of eachOf(customer.calls).entries()) {
    rows.Calls.push({
      ...{ $key: `${key}-call-${number}`, Subject: 'Talked', Call_Type: 'Outbound', ...of },
      ...{ Call_Start_Time: at(day(daysAgo)), Call_Duration: '05:00' },
    });
  }
  for (const [number, { daysAgo, minutes = 60, km }] of eachOf(customer.meetings).entries()) {
    rows.Events.push({
      ...{ $key: `${key}-meeting-${number}`, Event_Title: 'Meeting', ...of },
      ...{ Start_DateTime: at(day(daysAgo)), End_DateTime: endOf(day(daysAgo), minutes) },
      ...(km === undefined ? {} : { [events.kilometres ?? '']: km }),
    });
  }
  for (const [number, { daysAgo, minutes }] of eachOf(customer.cases).entries()) {
    rows.Cases.push({
      ...{ $key: `${key}-case-${number}`, Subject: 'Help', Status: 'Closed', Owner: owner },
      ...{ Account_Name: { $ref: key }, Created_Time: at(day(daysAgo)), Minutes_Spent: minutes ?? null },
    });
  }
}

const endOf = (day: string, minutes: number): string =>
  `${new Date(Date.parse(`${day}T09:00:00Z`) + minutes * 60_000).toISOString().slice(0, 19)}+00:00`;

/** "today+60" and "today-7" as days. */
function dated(fields: Record<string, string | number>, { day }: Place): Record<string, string | number> {
  const value = (text: string | number) => {
    const [, offset] = /^today([+-]\d+)$/.exec(String(text)) ?? [];
    return offset === undefined ? text : day(-Number(offset));
  };
  return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, value(text)]));
}
