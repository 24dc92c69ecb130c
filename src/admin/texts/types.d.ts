import type access from './en/access.json';
import type alerts from './en/alerts.json';
import type auditLog from './en/auditLog.json';
import type common from './en/common.json';
import type connection from './en/connection.json';
import type customer from './en/customer.json';
import type customers from './en/customers.json';
import type fleet from './en/fleet.json';
import type leads from './en/leads.json';
import type mapping from './en/mapping.json';
import type overview from './en/overview.json';
import type plan from './en/plan.json';
import type plans from './en/plans.json';
import type playbook from './en/playbook.json';
import type quality from './en/quality.json';
import type reminders from './en/reminders.json';
import type ruleFields from './en/ruleFields.json';
import type rules from './en/rules.json';
import type run from './en/run.json';
import type runs from './en/runs.json';
import type schedules from './en/schedules.json';
import type settings from './en/settings.json';
import type setUp from './en/setUp.json';

/** A key that is in no translation file is an error of the compiler. A new page adds its file here. */
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      access: typeof access;
      alerts: typeof alerts;
      auditLog: typeof auditLog;
      common: typeof common;
      connection: typeof connection;
      customer: typeof customer;
      customers: typeof customers;
      fleet: typeof fleet;
      leads: typeof leads;
      mapping: typeof mapping;
      overview: typeof overview;
      plan: typeof plan;
      plans: typeof plans;
      playbook: typeof playbook;
      quality: typeof quality;
      reminders: typeof reminders;
      ruleFields: typeof ruleFields;
      rules: typeof rules;
      run: typeof run;
      runs: typeof runs;
      schedules: typeof schedules;
      setUp: typeof setUp;
      settings: typeof settings;
    };
  }
}
