import type { Locator, Page } from 'playwright-core';
import type { PageId } from '../../src/admin/shell/addresses.ts';

/** Every page of the admin pages: what stands on it with data, what without, and how one goes on from there. */

export interface PageRow {
  /** There as soon as all that the page asks for has come. */
  readonly filled: (page: Page) => Locator;
  /** Of a connection that was linked a moment ago: nothing was read, nothing scored. */
  readonly fresh: { readonly says: string | RegExp; readonly next: Next };
  /** What those may do who may only look. */
  readonly forAll?: RegExp;
  /** Reads that show nothing while they are under way, and why that is right. */
  readonly quiet?: { readonly [read: string]: string };
}
/** The way on: a link to a page, a button that asks the server, or one that opens a dialog. null: nothing is missing. */
type Next =
  | { readonly link: string; readonly to: PageId }
  | { readonly asks: string | RegExp }
  | { readonly opens: string | RegExp }
  | null;

const OWNERS = 'the choice of an owner fills when they are known';

const table = (name: string | RegExp) => (page: Page) =>
  page
    .getByRole('table', { name, exact: typeof name === 'string' })
    .getByRole('row')
    .nth(1);
const region = (name: string) => (page: Page) => page.getByRole('region', { name, exact: true }).first();
const toRuns = { link: 'To the runs', to: 'runs' } as const;

export const PAGE_ROWS: { readonly [Id in PageId]: PageRow } = {
  overview: {
    filled: region('Moves between tiers'),
    fresh: { says: 'Nothing was scored yet', next: toRuns },
  },
  customers: {
    filled: table('Customers'),
    quiet: {
      'GET /customer-views': 'the list as it usually is waits for no view',
      'GET /owners': OWNERS,
    },
    // Views of one's own and the choice of columns change nothing of the connection.
    forAll: /^dialog of BUTTON (Save as a view|Columns) /,
    fresh: { says: 'There are no customers yet', next: toRuns },
  },
  customer: {
    filled: region('Why'),
    fresh: { says: /no customer \d+ was scored/, next: { link: 'To the customers', to: 'customers' } },
    quiet: {
      'GET /customers/{id}/referrals': 'who brought somebody is one line above whom they brought',
      'GET /customers/{id}/overrides': 'a phase is seldom set by hand, and its note stands above all else',
    },
  },
  leads: {
    filled: table('Leads'),
    fresh: { says: 'There are no open leads yet', next: toRuns },
    quiet: { 'GET /owners': OWNERS },
  },
  oneLead: {
    filled: region('Why'),
    fresh: { says: /no lead/, next: { link: 'To the leads', to: 'leads' } },
  },
  reminders: {
    filled: table('Open'),
    fresh: { says: 'No open reminders', next: { link: 'To the plans', to: 'plans' } },
    quiet: { 'GET /owners': OWNERS, 'GET /playbook': 'the choice of a rule fills when they are known' },
  },
  plans: { filled: table('Plans'), fresh: { says: 'There is no plan yet', next: toRuns } },
  plan: {
    filled: table('Fields'),
    fresh: { says: 'there is no plan 1', next: { link: 'To the plans', to: 'plans' } },
  },
  runs: {
    filled: table('Runs'),
    fresh: { says: 'Nothing was run yet', next: { link: 'To the set-up', to: 'setUp' } },
    quiet: { 'GET /jobs': 'mostly none waits, and a place kept for them would jump away' },
  },
  run: {
    filled: table('What Zoho refused'),
    fresh: { says: 'there is no run', next: { link: 'To the runs', to: 'runs' } },
  },
  schedules: {
    filled: region('Nightly run'),
    fresh: { says: 'It did not run yet', next: { asks: 'Run now' } },
    quiet: { 'GET /jobs': 'its button comes when it is known whether all is paused' },
  },
  // Its fields stand above: what the files say holds until somebody changes it.
  rules: {
    filled: region('Versions'),
    fresh: { says: /^Nothing was changed yet/, next: null },
  },
  playbook: {
    filled: table('Playbook'),
    fresh: { says: 'too few', next: { opens: /^Change: / } },
    quiet: { 'GET /playbook/stats': 'their cells show a dash until they are counted' },
  },
  mapping: {
    filled: region('What we read'),
    fresh: { says: 'No field of ours is in this org yet', next: { link: 'To the set-up', to: 'setUp' } },
  },
  quality: {
    filled: table('Rows that were set aside'),
    fresh: { says: 'Nothing was scored yet', next: toRuns },
  },
  alerts: {
    filled: (page) => page.getByText('zcv doctor'),
    fresh: { says: 'Nothing is wrong', next: { link: 'To the checks', to: 'connection' } },
  },
  // Whoever looks at it stands in it already.
  auditLog: {
    filled: table('Audit log'),
    fresh: { says: 'user.sign_in', next: null },
    quiet: { 'GET /audit-log/known': 'the choices of the filter fill when they are known' },
  },
  setUp: {
    filled: (page) => page.getByRole('button', { name: /^8\. Schedule/ }),
    fresh: { says: /are tried out/, next: { asks: 'Test now' } },
  },
  connection: {
    filled: region('Checks'),
    fresh: { says: 'Not tested yet.', next: { asks: 'Test now' } },
    quiet: { 'GET /jobs': 'the part of the pause says so itself' },
  },
  // Words and no data: who may not link an org is told whom to ask.
  link: {
    filled: (page) => page.getByText('npx zcv demo'),
    fresh: { says: /Ask for a connect link/, next: null },
  },
  fleet: {
    filled: table('Connections'),
    fresh: { says: 'Superstore Office Supplies (sample)', next: { link: 'demo', to: 'connection' } },
  },
  access: {
    filled: table('API tokens'),
    fresh: { says: /No token opens this connection/, next: { opens: 'Invite somebody' } },
  },
  // What holds is there from the first day.
  settings: {
    filled: region('How long things are kept'),
    fresh: { says: /As Zoho tells it/, next: null },
    quiet: { 'GET /settings/versions': 'a draft is named only beside what one changes' },
  },
};
