import type { ModuleName } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { People } from './assess-people.ts';

/** Inputs that scoring will have to do without, in words. Null stands for what could not be asked. */
export function missingInputs(input: {
  counts: ReadonlyMap<ModuleName, number | null>;
  /** The mapped field that holds a deal's cost or profit; null: the org has none; undefined: nobody knows. */
  costField: string | null | undefined;
  marginIsSet: boolean;
  wonDeals: number | null;
  purchaseFrom: ScoringRules['purchase']['from'];
  /** Records that name where they came from. */
  sources: number | null;
  lossReasons: number | null;
  foreignDeals: number;
  rateDirection: 'divide' | 'multiply' | 'unknown';
  time: People['time'] | null;
}): string[] {
  const { counts, costField, marginIsSet } = input;
  const none = (module: ModuleName) => counts.get(module) === 0;
  const lacking: [boolean, string][] = [
    [input.wonDeals === 0, 'no won deals: there is no value to compute'],
    [
      input.purchaseFrom === 'deals' && input.wonDeals !== 0 && (counts.get('Products') ?? 0) > 0,
      'no lines of deals: Zoho documents no way to read which products a deal holds; what was bought is known where purchase.from is invoices, orders or imports',
    ],
    [costField === null, 'no cost or profit field on Deals: profit rests on the default margin'],
    [
      !marginIsSet,
      'the margin was not chosen: the default of money.defaultMarginPercent is taken where no cost is known',
    ],
    [
      input.foreignDeals > 0 && input.rateDirection === 'unknown',
      `no direction of exchange rates: ${input.foreignDeals} deals in other currencies are withheld until currency.rateDirection is set`,
    ],
    [
      none('Calls') && none('Events'),
      'no calls and no meetings: the contact gap rests on tasks alone, or stays empty',
    ],
    [
      input.time !== null && input.time.usersLogging === 0 && !(none('Calls') && none('Events')),
      'nobody logs the time of calls or meetings: cost to serve is incomplete',
    ],
    [none('Cases'), 'no cases: service cost and open complaints are not known'],
    [none('Leads'), 'no leads: the quality of lead sources is not known'],
    [input.sources === 0, 'no sources on deals or leads: what brings good customers is not known'],
    [
      input.lossReasons === 0 && (counts.get('Deals') ?? 0) > 0,
      'no reasons for loss on deals: why deals are lost is not known',
    ],
  ];
  return lacking.filter(([isMissing]) => isMissing).map(([, text]) => text);
}
