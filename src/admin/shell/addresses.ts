/** The address of every page. Beneath `/c/:connection` a page is about one connection. */
export const ADDRESSES = {
  overview: '/c/:connection/overview',
  customers: '/c/:connection/customers',
  customer: '/c/:connection/customers/:customer',
  leads: '/c/:connection/leads',
  oneLead: '/c/:connection/leads/:lead',
  reminders: '/c/:connection/reminders',
  plans: '/c/:connection/plans',
  plan: '/c/:connection/plans/:plan',
  runs: '/c/:connection/runs',
  run: '/c/:connection/runs/:run',
  schedules: '/c/:connection/schedules',
  rules: '/c/:connection/rules',
  playbook: '/c/:connection/playbook',
  mapping: '/c/:connection/mapping',
  quality: '/c/:connection/quality',
  alerts: '/c/:connection/alerts',
  auditLog: '/c/:connection/audit-log',
  setUp: '/c/:connection/set-up',
  connection: '/c/:connection/connection',
  link: '/link',
  fleet: '/connections',
  access: '/c/:connection/access',
  settings: '/c/:connection/settings',
} as const satisfies { readonly [id: string]: string };
export type PageId = keyof typeof ADDRESSES;

/** The address of a page of one connection; `rest` fills what else the address asks for, e.g. `{ customer: '12' }`. */
export function pagePath(
  connection: string,
  id: PageId,
  rest: { readonly [part: string]: string } = {},
): string {
  const parts: { readonly [part: string]: string } = { ...rest, connection };
  return ADDRESSES[id].replace(/:(\w+)/g, (_all, part: string) => encodeURIComponent(parts[part] ?? ''));
}

/** The page that stands at the same place of another connection; a single customer's place is the list. */
export function pageAt(path: string): PageId | null {
  const [section] = path.split('/').slice(3);
  const found = Object.entries(ADDRESSES).find(
    ([, address]) => address.startsWith('/c/') && address.split('/')[3] === section,
  );
  return found ? (found[0] as PageId) : null; // a key of ADDRESSES
}
