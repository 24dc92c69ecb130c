import { Router } from 'express';
import type { Answer, Call, SimContext } from './context.ts';
import { byMethod } from './endpoint.ts';
import { profiles } from './field-show.ts';
import { invalidParam, pageParams } from './requests.ts';
import type { SimUser } from './state.ts';
import { formatInstant } from './times.ts';

const [ADMINISTRATOR, STANDARD] = profiles();
const USER_TYPES: Readonly<Record<string, (user: SimUser, self: SimUser) => boolean>> = {
  AllUsers: () => true,
  ActiveUsers: ({ active }) => active,
  DeactiveUsers: ({ active }) => !active,
  ConfirmedUsers: () => true,
  NotConfirmedUsers: () => false,
  DeletedUsers: () => false,
  ActiveConfirmedUsers: ({ active }) => active,
  AdminUsers: ({ admin }) => admin,
  ActiveConfirmedAdmins: ({ active, admin }) => active && admin,
  CurrentUser: (user, self) => user === self,
};

/** `/crm/v8/org`, its currencies, and `/crm/v8/users`. */
export function orgRouter(context: SimContext): Router {
  const router = Router();
  const { endpoint } = context;
  router.all('/crm/v8/org', byMethod(endpoint, { GET: (call) => showOrg(context, call) }));
  router.all('/crm/v8/org/currencies', byMethod(endpoint, { GET: (call) => listCurrencies(context, call) }));
  router.all('/crm/v8/users', byMethod(endpoint, { GET: (call) => listUsers(context, call) }));
  router.all('/crm/v8/users/:id', byMethod(endpoint, { GET: (call) => oneUser(context, call) }));
  return router;
}

function showOrg({ state, clock }: SimContext, call: Call): Answer {
  call.need('org', 'READ');
  call.charge(1);
  const { org, consentingUser: first } = state;
  const expiry = formatInstant(clock.nowMs() + 180 * 86_400_000, call.user.timeZone);
  const shown = {
    id: state.id,
    zgid: state.zgid,
    ezgid: `ezgid-${state.zgid}`,
    company_name: org.company_name,
    alias: null,
    domain_name: `org${state.zgid}`,
    type: 'production',
    time_zone: org.time_zone,
    iso_code: org.iso_code,
    currency: org.iso_code,
    currency_symbol: org.iso_code,
    currency_locale: 'en_US',
    country: org.country_code,
    country_code: org.country_code,
    mc_status: org.multiCurrency === true,
    primary_email: first.email,
    primary_zuid: first.id,
    license_details: {
      paid: org.edition !== 'Free',
      paid_type: org.edition.toLowerCase(),
      paid_expiry: expiry,
      trial_type: null,
      trial_expiry: null,
      trial_action: null,
      users_license_purchased: org.users,
    },
    hierarchy_preferences: { type: 'Role_Hierarchy', strictly_reporting: false },
    checkin_preferences: { restricted_event_types: null },
    employee_count: String(org.users),
    max_per_page: 200,
    zia_zgid: 0,
    zia_portal_id: null,
    call_icon: 'phone',
    hipaa_compliance_enabled: false,
    lite_users_enabled: false,
    gapps_enabled: false,
    translation_enabled: false,
    privacy_settings: false,
    oauth_presence: true,
    deletable_org_account: false,
    ...{ photo_id: null, description: null, phone: '', mobile: null, fax: null, website: '' },
    ...{ street: null, city: null, state: null, zip: null },
  };
  return { status: 200, json: { org: [shown] } };
}

function listCurrencies({ state }: SimContext, call: Call): Answer {
  call.need('org', 'READ');
  call.charge(1);
  if (state.org.multiCurrency !== true) return { status: 204 };
  const currencies = state.currencies.map(({ id, iso_code, exchange_rate, is_base }) => ({
    id,
    iso_code,
    name: iso_code,
    symbol: iso_code,
    exchange_rate: exchange_rate.toFixed(9),
    is_base,
    is_active: true,
    prefix_symbol: true,
    format: { decimal_separator: 'Period', thousand_separator: 'Comma', decimal_places: '2' },
  }));
  return { status: 200, json: { currencies } };
}

function listUsers({ state }: SimContext, call: Call): Answer {
  call.need('users', 'READ');
  call.charge(1);
  const { type = 'AllUsers', ids } = call.query;
  const isWanted = USER_TYPES[type];
  if (isWanted === undefined) throw invalidParam('type', { supported_values: Object.keys(USER_TYPES) });
  const { page, perPage } = pageParams(call);
  const named = ids === undefined ? null : new Set(ids.split(','));
  const users = [...state.users.values()].filter(
    (user) => isWanted(user, call.user) && (named === null || named.has(user.id)),
  );
  const shown = users.slice((page - 1) * perPage, page * perPage).map((user) => showPerson(user));
  if (shown.length === 0) return { status: 204 };
  const info = { per_page: perPage, count: shown.length, page, more_records: users.length > page * perPage };
  return { status: 200, json: { users: shown, info } };
}

function oneUser({ state }: SimContext, call: Call): Answer {
  call.need('users', 'READ');
  call.charge(1);
  const user = state.users.get(call.params.id ?? '');
  return user === undefined ? { status: 204 } : { status: 200, json: { users: [showPerson(user)] } };
}

function showPerson({ id, name, email, active, admin, timeZone }: SimUser) {
  const words = name.split(' ');
  const profile = admin ? ADMINISTRATOR : STANDARD;
  return {
    id,
    zuid: id,
    full_name: name,
    first_name: words.length > 1 ? words.slice(0, -1).join(' ') : null,
    last_name: words.at(-1),
    email,
    status: active ? 'active' : 'disabled',
    confirm: true,
    time_zone: timeZone,
    profile: { id: profile?.id, name: profile?.name },
    role: { id: '4725767000000026005', name: admin ? 'CEO' : 'Manager' },
    language: 'en_US',
    locale: 'en_US',
    country_locale: 'en_US',
    date_format: 'MMM d, yyyy',
    time_format: 'HH:mm',
    category: 'regular_user',
    personal_account: false,
    Isonline: false,
    ...{ alias: null, phone: null, mobile: null, fax: null, website: null, dob: null, signature: null },
    ...{ street: null, city: null, state: null, zip: null, country: null },
  };
}
