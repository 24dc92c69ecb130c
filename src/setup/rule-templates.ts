import { parse, stringify } from 'yaml';

/** Rules to begin with, by the kind of business: only what differs from the shipped ones. Amounts are left to the firm. */

export const TEMPLATE_IDS = ['balanced', 'wholesale', 'services', 'projects', 'shop'] as const;
export type TemplateId = (typeof TEMPLATE_IDS)[number];

const DOCUMENTS: { readonly [T in TemplateId]: string } = {
  balanced: '',
  // Customers order by the week: silence shows sooner, and the best are seen more often.
  wholesale: `scoring:
  contactDays: { top: 21d, good: 45d, marginal: 120d }
  phases: { newDays: 60d, dormantDays: 120d }
`,
  // Contracts and hours: the end of a contract is the sign to watch, and accounts are cared for all year.
  services: `scoring:
  contactDays: { top: 30d, good: 45d, marginal: 90d }
  phases: { contractDays: 90d, newDays: 120d }
`,
  // Long pauses between orders are usual, so nobody counts as leaving because of one.
  projects: `scoring:
  contactDays: { top: 60d, good: 90d, marginal: 180d, loss_making: 365d }
  phases: { buyerType: project, newDays: 180d, dormantDays: 365d, lostDays: 1095d }
`,
  // Many small buyers: only the best are called, the others hear from marketing.
  shop: `scoring:
  contactDays: { top: 45d, good: 120d, marginal: null, loss_making: null }
  phases: { newDays: 60d, dormantDays: 120d, lostDays: 540d }
`,
};

/** As it is stored. `marginPercent`: what is earned on a sale whose cost is not known; null: as shipped. */
export function templateDocument(id: TemplateId, marginPercent: number | null): string {
  const text = DOCUMENTS[id];
  if (marginPercent === null) return text;
  const document: { scoring?: object } = text === '' ? {} : parse(text);
  return stringify({ scoring: { ...document.scoring, money: { defaultMarginPercent: marginPercent } } });
}
