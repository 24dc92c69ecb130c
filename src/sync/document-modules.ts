import type { DocumentModule } from '../domain.ts';
import type { BilledModule, ScoringRules } from '../rules.ts';

/** Which sales documents the settings use: no others are read. */

type PurchaseRules = Pick<ScoringRules['purchase'], 'from' | 'quotes'>;

const BILLED: { readonly [F in PurchaseRules['from']]: BilledModule | null } = {
  deals: null,
  imports: null,
  orders: 'Sales_Orders',
  invoices: 'Invoices',
};

/** Whose documents are purchases; null where won deals or imported documents are. */
export function billedModule({ from }: PurchaseRules): BilledModule | null {
  return BILLED[from];
}

export function documentModules(rules: PurchaseRules): DocumentModule[] {
  const billed = billedModule(rules);
  return [...(rules.quotes === 'auto' ? (['Quotes'] as const) : []), ...(billed === null ? [] : [billed])];
}
