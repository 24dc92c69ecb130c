import { isObject } from './answers.ts';

/** config.json of the package: what an administrator may set before packing. Pure. */

export interface WidgetConfig {
  /** Address of our customer page with {module} and {id}. */
  readonly customerPage: string | null;
  /** Variable of the org that holds such an address. */
  readonly customerPageVariable: string | null;
  /** By module and key of ours: the API name, where it does not follow from a label. */
  readonly fields: { readonly [module: string]: { readonly [key: string]: string } };
  /** Origins that may show the widget, besides Zoho's. */
  readonly parents: readonly string[];
}

export const NO_CONFIG: WidgetConfig = {
  customerPage: null,
  customerPageVariable: null,
  fields: {},
  parents: [],
};

/** What is not of its form is left out: a card without a link is better than none. */
export function configOf(json: unknown): WidgetConfig {
  if (!isObject(json)) return NO_CONFIG;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  const texts = (value: unknown) =>
    isObject(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([key, one]) => (text(one) ? [[key, String(one)]] : [])),
        )
      : {};
  return {
    customerPage: text(json.customerPage),
    customerPageVariable: text(json.customerPageVariable),
    fields: isObject(json.fields)
      ? Object.fromEntries(Object.entries(json.fields).map(([module, names]) => [module, texts(names)]))
      : {},
    parents: Array.isArray(json.parents) ? json.parents.filter((one) => typeof one === 'string') : [],
  };
}

/** Only https, so that no setting can make a link run a script. */
export function pageAddress(template: string | null, module: string, id: string): string | null {
  if (template === null) return null;
  const filled = template
    .replaceAll('{module}', encodeURIComponent(module))
    .replaceAll('{id}', encodeURIComponent(id));
  return URL.parse(filled)?.protocol === 'https:' ? filled : null;
}

// Zoho's data centres, and where sandboxes and bundles show CRM. Portals and other hosts: `parents` of config.json.
const ZOHO_HOSTS =
  /(^|\.)(zoho\.(com|eu|in|jp|sa|ae|uk|com\.au|com\.cn)|zohocloud\.ca|zohosandbox\.(com|eu|in)|zohoplatform\.com|zohoone\.com)$/;

export function isParent(origin: string, parents: readonly string[]): boolean {
  const url = URL.parse(origin);
  if (url === null) return false;
  return parents.includes(url.origin) || (url.protocol === 'https:' && ZOHO_HOSTS.test(url.hostname));
}
