import {
  IconActivity,
  IconAdjustments,
  IconArrowsExchange,
  IconBell,
  IconBook2,
  IconCalendarTime,
  IconChartBar,
  IconChecklist,
  IconClipboardCheck,
  IconHistory,
  IconKey,
  IconPlugConnected,
  IconRocket,
  IconSettings,
  IconStethoscope,
  IconTargetArrow,
  IconUsers,
} from '@tabler/icons-react';
import { type ComponentType, lazy } from 'react';
import type { PageId } from './addresses.ts';

/** Every page: its place in the navigation and the file that is loaded when it is opened. */

export type PageGroup = 'understand' | 'decide' | 'rules' | 'watch' | 'administer';

export interface Page {
  /** Its name is `pages.<id>` in `texts/en/common.json` and the other languages, its address in addresses.ts. */
  readonly id: PageId;
  readonly group: PageGroup;
  readonly Icon: ComponentType<{ size?: number }>;
  readonly Component: ComponentType;
}

const overview = lazy(() => import('../pages/overview/overview.tsx'));
const customers = lazy(() => import('../pages/customers/customers.tsx'));
const customer = lazy(() => import('../pages/customer/customer.tsx'));
const plans = lazy(() => import('../pages/plans/plans.tsx'));
const settings = lazy(() => import('../pages/settings/settings.tsx'));
const setUp = lazy(() => import('../pages/set-up/set-up.tsx'));
const link = lazy(() => import('../pages/set-up/link.tsx'));
const access = lazy(() => import('../pages/access/access.tsx'));
const mapping = lazy(() => import('../pages/mapping/mapping.tsx'));
const quality = lazy(() => import('../pages/quality/quality.tsx'));
const alerts = lazy(() => import('../pages/alerts/alerts.tsx'));
const auditLog = lazy(() => import('../pages/audit-log/audit-log.tsx'));
const fleet = lazy(() => import('../pages/fleet/fleet.tsx'));
const runs = lazy(() => import('../pages/runs/runs.tsx'));
const schedules = lazy(() => import('../pages/schedules/schedules.tsx'));
const rules = lazy(() => import('../pages/rules/rules.tsx'));
const playbook = lazy(() => import('../pages/playbook/playbook.tsx'));
const leads = lazy(() => import('../pages/leads/leads.tsx'));
const reminders = lazy(() => import('../pages/reminders/reminders.tsx'));

/** In the order of the navigation. */
export const pages: readonly Page[] = [
  { id: 'overview', group: 'understand', Icon: IconChartBar, Component: overview },
  { id: 'customers', group: 'understand', Icon: IconUsers, Component: customers },
  { id: 'leads', group: 'understand', Icon: IconTargetArrow, Component: leads },
  { id: 'reminders', group: 'understand', Icon: IconChecklist, Component: reminders },
  { id: 'plans', group: 'decide', Icon: IconClipboardCheck, Component: plans },
  { id: 'runs', group: 'decide', Icon: IconActivity, Component: runs },
  { id: 'schedules', group: 'decide', Icon: IconCalendarTime, Component: schedules },
  { id: 'rules', group: 'rules', Icon: IconAdjustments, Component: rules },
  { id: 'playbook', group: 'rules', Icon: IconBook2, Component: playbook },
  { id: 'mapping', group: 'rules', Icon: IconArrowsExchange, Component: mapping },
  { id: 'quality', group: 'watch', Icon: IconStethoscope, Component: quality },
  { id: 'alerts', group: 'watch', Icon: IconBell, Component: alerts },
  { id: 'auditLog', group: 'watch', Icon: IconHistory, Component: auditLog },
  { id: 'setUp', group: 'administer', Icon: IconRocket, Component: setUp },
  { id: 'fleet', group: 'administer', Icon: IconPlugConnected, Component: fleet },
  { id: 'access', group: 'administer', Icon: IconKey, Component: access },
  { id: 'settings', group: 'administer', Icon: IconSettings, Component: settings },
];

/** Pages that are reached from another page, each with the file that is loaded. */
export const innerPages: readonly Pick<Page, 'id' | 'Component'>[] = [
  { id: 'customer', Component: customer },
  { id: 'oneLead', Component: lazy(() => import('../pages/leads/lead.tsx')) },
  { id: 'run', Component: lazy(() => import('../pages/run/run.tsx')) },
  { id: 'plan', Component: lazy(() => import('../pages/plan/plan.tsx')) },
  { id: 'link', Component: link },
  { id: 'connection', Component: lazy(() => import('../pages/connection/connection.tsx')) },
];

export const GROUPS: readonly PageGroup[] = ['understand', 'decide', 'rules', 'watch', 'administer'];
