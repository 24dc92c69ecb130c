import type { OrgSeed, RowSeries, SeedRow } from '../simulator/seed.ts';
import { dayNumber, dayText, instantOn } from './calendar.ts';
import {
  CUSTOM_FIELDS,
  FORMER_OWNER,
  KEY_PIPELINE,
  LEAD_SOURCES,
  LOST_STAGES,
  OPEN_STAGES,
  OWNERS,
  PIPELINES,
  STANDARD_PIPELINE,
  USERS,
} from './crm-shape.ts';
import { GENERATED_TIME_ZONE } from './generator.ts';
import { addressPart, FIRM_FORMS, FIRM_WORDS, FIRST_NAMES, LAST_NAMES } from './names.ts';
import { type Random, seededRandom } from './random.ts';

const HISTORY_DAYS = 1_800;

interface ScaleOptions {
  accounts: number;
  contacts: number;
  deals: number;
  /** Two fifths calls, two fifths tasks, one fifth meetings. */
  activities: number;
  /** The day in GENERATED_TIME_ZONE. */
  today: string;
  seed?: number;
  edition?: OrgSeed['org']['edition'];
  /** A row of DealHistory for each deal; they cost as much memory as the deals. */
  stageHistory?: boolean;
}

/**
 * An org for benchmarks: as many rows of each module as asked for, made one by one while they are loaded. Plainer
 * than generatedOrg, yet with what exports trip over: commas, quotes, line breaks, other scripts, empty values,
 * deals and contacts without account. The same rows come out for the same input.
 */
export function scaleOrg(options: ScaleOptions): OrgSeed {
  const { accounts, contacts, deals, activities } = options;
  const today = dayNumber(options.today);
  const draw = (section: string) => seededRandom(`${options.seed ?? 1}/scale/${section}`);
  const calls = Math.floor((activities * 2) / 5);
  const events = Math.floor(activities / 5);
  const size: Size = { accounts, contacts, today };
  return {
    org: {
      company_name: 'Scale Trading (sample)',
      edition: options.edition ?? 'Ultimate',
      users: 100,
      time_zone: GENERATED_TIME_ZONE,
      iso_code: 'EUR',
      country_code: 'NL',
      multiCurrency: false,
    },
    users: [...USERS],
    pipelines: PIPELINES,
    customFields: CUSTOM_FIELDS,
    stageHistory: options.stageHistory ?? false,
    records: {},
    series: {
      Accounts: series(accounts, draw('accounts'), (random, index) => accountRow(random, index, today)),
      Contacts: series(contacts, draw('contacts'), (random, index, idOf) =>
        contactRow(random, index, size, idOf),
      ),
      Deals: series(deals, draw('deals'), (random, index, idOf) => dealRow(random, index, size, idOf)),
      Calls: series(calls, draw('calls'), (random, _index, idOf) => callRow(random, size, idOf)),
      Events: series(events, draw('events'), (random, _index, idOf) => eventRow(random, size, idOf)),
      Tasks: series(activities - calls - events, draw('tasks'), (random, _index, idOf) =>
        taskRow(random, size, idOf),
      ),
    },
  };
}

interface Size {
  accounts: number;
  contacts: number;
  today: number;
}

type IdOf = (module: string, index: number) => string;

function series(
  count: number,
  random: Random,
  make: (random: Random, index: number, idOf: IdOf) => SeedRow,
): RowSeries {
  return {
    count,
    rows: function* (idOf) {
      for (let index = 0; index < count; index++) yield make(random, index, idOf);
    },
  };
}

/** The dates of a row, and who owns it. All rows of a module have their keys in one order: so they stay small. */
function base(random: Random, today: number): { owned: SeedRow; day: number } {
  const day = today - 1 - Math.floor(random.next() * HISTORY_DAYS);
  const modified = Math.min(today - 1, day + Math.floor(random.exponential(40)));
  const minute = random.int(0, 200);
  const owned = {
    Owner: random.chance(0.04) ? FORMER_OWNER : random.pick(OWNERS),
    Created_Time: instantOn(day, minute),
    Modified_Time: instantOn(modified, minute + random.int(1, 200)),
  };
  return { owned, day };
}

function accountRow(random: Random, index: number, today: number): SeedRow {
  return {
    ...base(random, today).owned,
    Account_Name: `${random.pick(FIRM_WORDS)} ${index} ${random.pick(FIRM_FORMS)}`,
    Account_Type: random.chance(0.02) ? random.pick(['Vendor', 'Competitor']) : 'Customer',
    Industry: random.chance(0.2) ? null : random.pick(['Retail', 'Consulting', 'Manufacturing']),
    Phone: `+31 30 ${String(index).padStart(7, '0')}`,
    Description: random.chance(0.05) ? 'Gate on the left,\nring twice; ask for "Sam"' : null,
  };
}

function contactRow(random: Random, index: number, { accounts, today }: Size, idOf: IdOf): SeedRow {
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(LAST_NAMES);
  const isAlone = index % 20 === 19 || accounts === 0;
  return {
    ...base(random, today).owned,
    First_Name: first,
    Last_Name: last,
    Email: `${addressPart(first) || 'person'}.${index}@customer.test`,
    Account_Name: isAlone ? null : idOf('Accounts', index % accounts),
    Lead_Source: random.chance(0.5) ? null : random.pick(LEAD_SOURCES),
  };
}

const WON = { pipeline: STANDARD_PIPELINE, stage: 'Closed Won' } as const;
const AGREEMENT = { pipeline: KEY_PIPELINE, stage: 'Agreement Signed' } as const;

function dealRow(random: Random, index: number, size: Size, idOf: IdOf): SeedRow {
  const { owned, day } = base(random, size.today);
  const share = random.next();
  const isOpen = share >= 0.94;
  const place = isOpen
    ? random.pick(OPEN_STAGES)
    : share < 0.8
      ? WON
      : share < 0.84
        ? AGREEMENT
        : random.pick(LOST_STAGES);
  const cents = Math.round(120 * random.pareto(1.6) * 100);
  return {
    ...owned,
    Deal_Name: `Deal ${index}`,
    Stage: place.stage,
    Pipeline: place.pipeline,
    Closing_Date: dayText(isOpen ? size.today + random.int(0, 90) : day),
    Amount: random.chance(0.01) ? null : (random.chance(0.02) ? -cents : cents) / 100,
    Cost: random.chance(0.3) ? null : Math.round(cents * (0.4 + 0.4 * random.next())) / 100,
    ...linked(random, size, idOf, 'Account_Name', 'Contact_Name'),
  };
}

/** An account, a few of them much oftener than the others, and one of its contacts. One in fifty has no account. */
function linked(
  random: Random,
  { accounts, contacts }: Size,
  idOf: IdOf,
  accountField: string,
  contactField: string,
): SeedRow {
  const account = Math.floor(accounts * random.next() ** 1.5);
  const ofAccount = Math.ceil((contacts - account) / Math.max(accounts, 1));
  const contact = account + accounts * Math.floor(random.next() * ofAccount);
  return {
    [accountField]: accounts === 0 || random.chance(0.02) ? null : idOf('Accounts', account),
    [contactField]: accounts === 0 || ofAccount <= 0 ? null : idOf('Contacts', contact),
  };
}

function callRow(random: Random, size: Size, idOf: IdOf): SeedRow {
  const { owned } = base(random, size.today);
  const seconds = random.chance(0.2) ? random.int(0, 9) : 20 + Math.floor(random.exponential(240));
  const isMissed = seconds === 0 || random.chance(0.1);
  const pad = (part: number) => String(part).padStart(2, '0');
  return {
    ...owned,
    Subject: 'Order talk',
    Call_Type: isMissed ? 'Missed' : random.chance(0.4) ? 'Inbound' : 'Outbound',
    Call_Start_Time: owned.Created_Time,
    Call_Duration: isMissed ? '00:00' : `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`,
    ...linked(random, size, idOf, 'What_Id', 'Who_Id'),
  };
}

function eventRow(random: Random, size: Size, idOf: IdOf): SeedRow {
  const { owned, day } = base(random, size.today);
  const minute = random.int(0, 300);
  return {
    ...owned,
    Event_Title: 'Visit',
    Start_DateTime: instantOn(day, minute),
    End_DateTime: instantOn(day, minute + 60),
    ...linked(random, size, idOf, 'What_Id', 'Who_Id'),
  };
}

function taskRow(random: Random, size: Size, idOf: IdOf): SeedRow {
  const { owned, day } = base(random, size.today);
  const isDone = random.chance(0.9);
  return {
    ...owned,
    Subject: random.chance(0.5) ? 'Follow-up call' : 'Send price list',
    Status: isDone ? 'Completed' : 'Not Started',
    Priority: 'Normal',
    Due_Date: dayText(day),
    Closed_Time: isDone ? owned.Modified_Time : null,
    ...linked(random, size, idOf, 'What_Id', 'Who_Id'),
  };
}
