import { addDays } from '../../../src/days.ts';
import type { Day } from '../../../src/domain.ts';
import type { OrgSeed, SeedRow } from '../../../src/simulator/seed.ts';

/** Who plays: the firms with their past, and how the line is set up. All people and firms are invented. */

/** A Monday. */
export const START: Day = '2025-01-06';
/** Days that the past of a firm may begin before the story. */
const LONG_AGO = 900;

export interface Firm {
  readonly name: string;
  readonly owner: 'ann' | 'bob' | 'cor';
  /** Days between two orders; null: never bought. */
  readonly every: number | null;
  readonly amount: number;
  /** What an order costs us; left out: by the margin. */
  readonly cost?: number;
  /** Days before the story of the first order. */
  readonly since?: number;
  /** Day of the story after which nothing is ordered any more. */
  readonly until?: number;
  /** Day of the story of its first order in it. */
  readonly offset?: number;
  /** Day before the story of the last call. */
  readonly lastCall?: number;
  /** False: nobody calls unless a part says so. */
  readonly calls?: boolean;
  /** Fields that people filled in. */
  readonly known: SeedRow;
}

const ago = (days: number): Day => addDays(START, -days);
/** What is known of a firm whose profile asks nothing. */
const KNOWN = {
  Why_They_Chose_Us: 'Short delivery times',
  Needs: 'Paper',
  Last_Thanked: ago(20),
  Profile_Reviewed_On: ago(10),
  Lead_Source: 'Web',
} as const;

function group(name: string, count: number, firm: Omit<Firm, 'name' | 'owner' | 'known'>): Firm[] {
  const owners = ['ann', 'bob', 'cor'] as const;
  return Array.from({ length: count }, (_, n) => ({
    ...firm,
    name: `${name} ${n + 1}`,
    owner: owners[n % owners.length] ?? 'ann',
    since: (firm.since ?? LONG_AGO) - 13 * n,
    known: KNOWN,
  }));
}
/** Two firms for each need: at the one it goes by itself, at the other a person closes the task first. */
function pair(name: string, firm: Omit<Firm, 'name' | 'owner' | 'known'>, known: SeedRow = {}): Firm[] {
  return (['ann', 'bob'] as const).map((owner, n) => ({
    ...{ ...firm, owner, name: `${name} ${'AB'[n]}`, known: { ...KNOWN, ...known } },
  }));
}
const MONTHLY = { every: 28, amount: 2600 } as const;
/** Ordered every 28 days, the last time so many days before the story. */
const stopped = (days: number) => ({ ...MONTHLY, since: days + 28 * 30, until: 1 - days, calls: false });

export const FIRMS: readonly Firm[] = [
  ...group('Grand', 8, { every: 28, amount: 6000 }),
  ...group('Steady', 10, { every: 42, amount: 2600 }),
  ...group('Corner', 8, { every: 56, amount: 700 }),
  ...pair('Case', { every: 28, amount: 12_000 }),
  ...pair('Contract', MONTHLY),
  ...pair('Leaving case', stopped(34)),
  ...pair('Leaving', stopped(34)),
  ...pair('Sign', stopped(200)),
  ...pair('Win-back', stopped(62)),
  ...pair('New', { every: null, amount: 0, calls: false }),
  ...pair('Won back', stopped(210)),
  ...pair('Loss', { every: 28, amount: 1000, cost: 1300 }),
  ...pair('Mute', { ...MONTHLY, calls: false, lastCall: 50 }),
  ...pair('Gap', { ...MONTHLY, calls: false, lastCall: 52 }),
  ...pair('Referrer', MONTHLY),
  ...pair('Jubilee', { every: 28, amount: 20_000, since: 706 }),
  ...pair('Gold', { every: 28, amount: 21_000 }, { Last_Thanked: ago(355) }),
  ...pair('Review', MONTHLY, { Profile_Reviewed_On: ago(358) }),
  ...pair('Why', MONTHLY, { Why_They_Chose_Us: null }),
  ...pair('Source', MONTHLY, { Lead_Source: null }),
  { ...MONTHLY, name: 'Meeting', owner: 'ann', known: KNOWN, calls: false, lastCall: 51 },
  { ...MONTHLY, name: 'Heir', owner: 'cor', known: KNOWN },
  // Sent away by us at a loss.
  {
    ...{ ...stopped(62), amount: 1000, cost: 1400, name: 'Refused', owner: 'ann' },
    known: { ...KNOWN, Reason_Left: 'Refused by us' },
  },
];

export const CONFIG: Readonly<Record<string, string>> = {
  'scoring.yaml': `version: 1
money: { defaultMarginPercent: 30 }
tiers: { goodMinProfit: 3000 }
`,
  'fields.yaml': `version: 1
mapping:
  deals: { cost: Cost }
  accounts: { contractEnd: Contract_Until }
`,
  'playbook.yaml': `version: 1
guards: { maxTierChangePercent: 100 }
`,
};

export function storySeed(): OrgSeed {
  return {
    org: {
      company_name: 'Papeterie Test',
      edition: 'Enterprise',
      users: 9,
      time_zone: 'Europe/Amsterdam',
      iso_code: 'EUR',
      country_code: 'NL',
    },
    users: [
      { key: 'ann', name: 'Ann Admin', email: 'ann@office.test', active: true, admin: true },
      { key: 'bob', name: 'Bob Buyer', email: 'bob@office.test', active: true, admin: false },
      { key: 'cor', name: 'Cor Caller', email: 'cor@office.test', active: true, admin: false },
    ],
    pipelines: [
      {
        name: 'Standard (Standard)',
        default: true,
        stages: [
          { display: 'Talking', actual: 'Talking', forecast_type: 'Open', probability: 20 },
          { display: 'Closed Won', actual: 'Closed Won', forecast_type: 'Closed Won', probability: 100 },
          { display: 'Closed Lost', actual: 'Closed Lost', forecast_type: 'Closed Lost', probability: 0 },
        ],
      },
    ],
    customFields: {
      Accounts: [
        { label: 'Contract Until', api_name: 'Contract_Until', data_type: 'date' },
        { label: 'Lead Source', api_name: 'Lead_Source', data_type: 'text' },
      ],
      Deals: [{ label: 'Cost', api_name: 'Cost', data_type: 'currency' }],
    },
    records: {
      Accounts: FIRMS.map(({ name, owner, since = LONG_AGO }) => ({
        ...{ $key: name, Account_Name: name, Owner: { $user: owner } },
        Created_Time: `${ago(since + 20)}T09:00:00+01:00`,
      })),
      Deals: FIRMS.flatMap(pastOrders),
      Calls: FIRMS.map(pastCall),
    },
  };
}

function pastOrders({ name, owner, every, amount, cost, since = LONG_AGO, until = 0 }: Firm): SeedRow[] {
  if (every === null) return [];
  const rows: SeedRow[] = [];
  for (let days = since; days > Math.max(0, -until); days -= every) {
    const row = {
      ...{
        $key: `${name} ${days}`,
        Deal_Name: `Order of ${name}`,
        Account_Name: { $ref: name },
        Amount: amount,
      },
      ...{ Stage: 'Closed Won', Pipeline: 'Standard (Standard)', Closing_Date: ago(days) },
      ...{ Owner: { $user: owner }, Created_Time: `${ago(days)}T09:00:00+01:00` },
    };
    rows.push(cost === undefined ? row : { ...row, Cost: cost });
  }
  return rows;
}

function pastCall({ name, owner, lastCall = 5 + (name.length % 9) }: Firm): SeedRow {
  const at = `${ago(lastCall)}T10:00:00+01:00`;
  return {
    ...{ $key: `call ${name}`, Subject: 'Order talk', Call_Type: 'Outbound', Call_Duration: '06:00' },
    ...{ Call_Start_Time: at, What_Id: { $ref: name }, $se_module: 'Accounts' },
    ...{ Owner: { $user: owner }, Created_Time: at, Modified_Time: at },
  };
}
