import type access from './en/access.json';
import type common from './en/common.json';
import type customer from './en/customer.json';
import type customers from './en/customers.json';
import type mapping from './en/mapping.json';
import type overview from './en/overview.json';
import type plan from './en/plan.json';
import type plans from './en/plans.json';
import type settings from './en/settings.json';
import type setUp from './en/setUp.json';
import type toCome from './en/toCome.json';

/** A key that is in no translation file is an error of the compiler. A new page adds its file here. */
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: {
      common: typeof common;
      customer: typeof customer;
      customers: typeof customers;
      overview: typeof overview;
      plan: typeof plan;
      plans: typeof plans;
      setUp: typeof setUp;
      settings: typeof settings;
      toCome: typeof toCome;
      access: typeof access;
      mapping: typeof mapping;
    };
  }
}
