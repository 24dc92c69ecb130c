import type { DocumentModule } from '../domain.ts';
import type { BilledModule, ScoringRules } from '../rules.ts';

/** Which sales documents the settings use: no others are read. */

type PurchaseRules = Pick<ScoringRules['purchase'], 'from' | 'quotes' | 'orders'>;

const BILLED: { readonly [F in ScoringRules['purchase']['from']]: BilledModule | null } = {
  deals: null,
  imports: null,
  orders: 'Sales_Orders',
  invoices: 'Invoices',
};

/** Whose documents are purchases; null where won deals or imported documents are. */
export function billedModule({ from }: Pick<PurchaseRules, 'from'>): BilledModule | null {
  return BILLED[from];
}

export function documentModules(rules: PurchaseRules): DocumentModule[] {
  const billed = billedModule(rules);
  return [
    ...(rules.quotes === 'auto' ? (['Quotes'] as const) : []),
    ...(rules.orders === 'auto' && billed !== 'Sales_Orders' ? (['Sales_Orders'] as const) : []),
    ...(billed === null ? [] : [billed]),
  ];
}
