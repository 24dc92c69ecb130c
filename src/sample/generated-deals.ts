import type { SeedRow } from '../simulator/seed.ts';
import { dayText, instantOn } from './calendar.ts';
import {
  GENERATED,
  KEY_PIPELINE,
  LOSS_REASONS,
  LOST_STAGES,
  OPEN_STAGES,
  type Owner,
  STANDARD_PIPELINE,
} from './crm-shape.ts';
import type { Random } from './random.ts';

/** Purchases of heavy-tailed, partly irregular buyers, and all that goes wrong with deals in real orgs. */

const AGREEMENT = { pipeline: KEY_PIPELINE, stage: 'Agreement Signed' } as const;
const WON = { pipeline: STANDARD_PIPELINE, stage: 'Closed Won' } as const;
/** No pipeline has it: somebody removed it and left the deals. */
const FORGOTTEN = { pipeline: STANDARD_PIPELINE, stage: 'Verbal Yes (old)' } as const;
const HOME = { iso: 'EUR', rate: 1 } as const;
const FOREIGN = [
  { iso: 'USD', rate: 1.25 },
  { iso: 'PLN', rate: 4.3 },
] as const;
/** ln(3.3) - 1/2: a lognormal with sigma 1 then has the mean 3.3. */
const MEDIAN_DEALS = Math.exp(Math.log(3.3) - 0.5);
const MOST_DEALS = 400;

interface Buyer {
  readonly days: readonly number[];
  readonly typicalAmount: number;
  readonly currency: { readonly iso: string; readonly rate: number };
}

/** Number, days and size of a customer's deals. Half of the buyers keep a rhythm, the others come as they like. */
export function drawBuyer(random: Random, createdDay: number, today: number): Buyer {
  const count = Math.min(Math.round(random.lognormal(MEDIAN_DEALS, 1)), MOST_DEALS);
  const lastDay = Math.min(today - 1, createdDay + Math.floor(random.exponential(1_100)));
  const span = Math.max(lastDay - createdDay, 0);
  const isRegular = random.chance(0.5);
  const days = Array.from({ length: count }, (_, index) => {
    const place = isRegular ? (index + 0.2 + 0.6 * random.next()) / count : random.next() ** 2;
    return createdDay + Math.floor(place * span);
  });
  return {
    days: days.sort((a, b) => a - b),
    typicalAmount: 120 * random.pareto(1.4),
    currency: random.chance(0.06) ? random.pick(FOREIGN) : HOME,
  };
}

export interface DealWriter {
  readonly rows: SeedRow[];
  /** Adds the buyer's deals; answers the first of them. */
  write(
    customer: {
      readonly key: string;
      readonly name: string;
      readonly account: { readonly $ref: string } | null;
      readonly contact: { readonly $ref: string } | null;
      readonly owner: Owner;
      readonly createdDay: number;
    },
    buyer: Buyer,
  ): { readonly $ref: string } | null;
}

interface Kind {
  readonly place: { readonly pipeline: string; readonly stage: string };
  readonly outcome: 'won' | 'lost' | 'open';
  readonly sign: 1 | -1 | 0 | null;
}

function drawKind(random: Random, isLast: boolean): Kind {
  const share = random.next();
  if (isLast && share < 0.15) return { place: random.pick(OPEN_STAGES), outcome: 'open', sign: 1 };
  if (share < 0.84) return { place: random.chance(0.05) ? AGREEMENT : WON, outcome: 'won', sign: 1 };
  if (share < 0.95) return { place: random.pick(LOST_STAGES), outcome: 'lost', sign: 1 };
  if (share < 0.97) return { place: WON, outcome: 'won', sign: -1 };
  if (share < 0.98) return { place: WON, outcome: 'won', sign: 0 };
  if (share < 0.99) return { place: WON, outcome: 'won', sign: null };
  return { place: FORGOTTEN, outcome: 'open', sign: 1 };
}

export function dealWriter(random: Random, today: number): DealWriter {
  const rows: SeedRow[] = [];
  return {
    rows,
    write(customer, buyer) {
      const start = rows.length;
      buyer.days.forEach((day, index) => {
        const kind = drawKind(random, index === buyer.days.length - 1);
        const row = dealRow(random, rows.length, buyer, kind, day, today);
        row.Owner = customer.owner;
        const link = random.next();
        // Neither account nor contact: money that no customer explains. Contact only: the account is found through it.
        if (customer.account && link >= 0.02) row.Account_Name = customer.account;
        if (customer.contact && link >= 0.008) row.Contact_Name = customer.contact;
        rows.push(row);
      });
      return rows.length > start ? { $ref: `deal-${start}` } : null;
    },
  };
}

function dealRow(
  random: Random,
  number: number,
  buyer: Buyer,
  kind: Kind,
  day: number,
  today: number,
): SeedRow {
  const cents = Math.round(buyer.typicalAmount * random.lognormal(1, 0.6) * 100);
  const closingDay = kind.outcome === 'open' ? today + random.int(-20, 90) : day;
  const minute = random.int(0, 300);
  const row: SeedRow = {
    $key: `deal-${number}`,
    Deal_Name: kind.sign === -1 ? `Refund ${number}` : `Deal ${number}`,
    Stage: kind.place.stage,
    Pipeline: kind.place.pipeline,
    Closing_Date: dayText(closingDay),
    Currency: buyer.currency.iso,
    Exchange_Rate: buyer.currency.rate,
    Created_Time: instantOn(day, minute),
    Modified_Time: instantOn(Math.min(day + random.int(0, 20), today - 1), minute + random.int(0, 119)),
  };
  if (kind.sign !== null) {
    const amount = kind.sign * cents;
    row.Amount = amount / 100;
    // Three deals in ten have no cost of their own: the default margin speaks for them.
    if (random.chance(0.7)) row.Cost = Math.round(amount * (0.4 + 0.75 * random.next())) / 100;
  }
  if (kind.outcome === 'lost') row.Reason_For_Loss__s = random.pick(LOSS_REASONS);
  if (kind.outcome === 'open') row.Description = GENERATED;
  return row;
}
