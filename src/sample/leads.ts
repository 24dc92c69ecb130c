import type { SeedRow } from '../simulator/seed.ts';
import { dayNumber, instantOn } from './calendar.ts';
import { GENERATED, LEAD_SOURCES, OWNERS } from './crm-shape.ts';
import { addressPart, FIRM_FORMS, FIRM_WORDS, FIRST_NAMES, LAST_NAMES } from './names.ts';
import type { Random } from './random.ts';

/** A customer that once was a lead. */
export interface LeadOrigin {
  readonly account: { readonly $ref: string } | null;
  readonly contact: { readonly $ref: string };
  readonly deal: { readonly $ref: string } | null;
  readonly company: string;
  readonly createdDay: number;
}

function leadRow(random: Random, number: number, company: string): SeedRow {
  const first = random.pick(FIRST_NAMES);
  const last = random.pick(LAST_NAMES);
  return {
    $key: `lead-${number}`,
    First_Name: first,
    Last_Name: last,
    Company: company,
    Email: `${addressPart(`${first} ${last}`) || 'lead'}.${number}@lead.test`,
    Lead_Source: random.pick(LEAD_SOURCES),
    Rating: random.pick(['Acquired', 'Active', 'Market Failed', 'Project Cancelled']),
    Owner: random.pick(OWNERS),
    Description: GENERATED,
  };
}

export function openLeads(random: Random, count: number, today: number): SeedRow[] {
  return Array.from({ length: count }, (_, index) => {
    const row = leadRow(random, index, `${random.pick(FIRM_WORDS)} ${index} ${random.pick(FIRM_FORMS)}`);
    const created = today - random.int(1, 240);
    row.Lead_Status = random.pick(['Not Contacted', 'Contact in Future', 'Contacted', 'Lost Lead']);
    row.Created_Time = instantOn(created, random.int(0, 400));
    row.Modified_Time = instantOn(Math.min(created + random.int(0, 30), today - 1), 410);
    return row;
  });
}

export function convertedLead(random: Random, number: number, origin: LeadOrigin): SeedRow {
  const row = leadRow(random, number, origin.company);
  const converted = instantOn(origin.createdDay, 0);
  row.Lead_Status = 'Qualified';
  row.Created_Time = instantOn(origin.createdDay - random.int(1, 60), 0);
  row.Modified_Time = converted;
  row.Converted__s = true;
  row.Converted_Date_Time = converted;
  row.Converted_Contact = origin.contact;
  if (origin.account) row.Converted_Account = origin.account;
  if (origin.deal) row.Converted_Deal = origin.deal;
  return row;
}

/**
 * Calls to leads that are worked on, most within two weeks of yesterday, so that every follow-up status occurs. Who was
 * not contacted yet got none, or calls that nobody answered.
 */
export function leadCalls(random: Random, leads: readonly SeedRow[], today: number): SeedRow[] {
  return leads.flatMap((lead) => {
    if (lead.Converted__s === true || lead.Lead_Status === 'Lost Lead') return [];
    const created = dayNumber(String(lead.Created_Time).slice(0, 10));
    const isReached = lead.Lead_Status !== 'Not Contacted';
    if (!isReached && random.chance(0.5)) return [];
    const calls: SeedRow[] = [];
    let day = today - random.int(1, 20);
    for (let left = random.int(1, 4); left > 0 && day >= created; left--) {
      calls.push(leadCall(random, lead, day, isReached && random.chance(0.6) ? random.int(30, 600) : 0));
      day -= random.int(7, 15);
    }
    return calls;
  });
}

function leadCall(random: Random, lead: SeedRow, day: number, seconds: number): SeedRow {
  const start = instantOn(day, random.int(0, 380));
  const pad = (part: number) => String(part).padStart(2, '0');
  return {
    $key: `call-${lead.$key}-${day - dayNumber(String(lead.Created_Time).slice(0, 10))}`,
    Subject: 'First talk',
    What_Id: { $ref: String(lead.$key) },
    $se_module: 'Leads',
    Call_Type: 'Outbound',
    Call_Start_Time: start,
    Call_Duration: `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`,
    Call_Duration_in_seconds: seconds,
    Owner: lead.Owner,
    Description: GENERATED,
    Created_Time: start,
    Modified_Time: start,
  };
}
