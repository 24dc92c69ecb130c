import type { OrgSeed } from '../simulator/seed.ts';

/** What the sample orgs have in common: their pipelines, people and the fields that a firm would have made itself. */

/** Marks every record that does not come from a published data set. */
export const GENERATED = 'Generated sample data';

export const STANDARD_PIPELINE = 'Standard (Standard)';
export const KEY_PIPELINE = 'Key Accounts (Standard)';

export const PIPELINES: OrgSeed['pipelines'] = [
  {
    name: STANDARD_PIPELINE,
    default: true,
    stages: [
      { display: 'Qualification', actual: 'Qualification', forecast_type: 'Open', probability: 10 },
      { display: 'Needs Analysis', actual: 'Needs Analysis', forecast_type: 'Open', probability: 20 },
      {
        display: 'Proposal/Price Quote',
        actual: 'Proposal/Price Quote',
        forecast_type: 'Open',
        probability: 75,
      },
      { display: 'Negotiation/Review', actual: 'Negotiation/Review', forecast_type: 'Open', probability: 90 },
      { display: 'Closed Won', actual: 'Closed Won', forecast_type: 'Closed Won', probability: 100 },
      { display: 'Closed Lost', actual: 'Closed Lost', forecast_type: 'Closed Lost', probability: 0 },
      {
        display: 'Closed-Lost to Competition',
        actual: 'Closed-Lost to Competition',
        forecast_type: 'Closed Lost',
        probability: 0,
      },
    ],
  },
  {
    name: KEY_PIPELINE,
    default: false,
    stages: [
      { display: 'First Talk', actual: 'First Talk', forecast_type: 'Open', probability: 15 },
      { display: 'Frame Agreement Offered', actual: 'Offer Out', forecast_type: 'Open', probability: 60 },
      {
        display: 'Agreement Signed',
        actual: 'Agreement Signed',
        forecast_type: 'Closed Won',
        probability: 100,
      },
      { display: 'Gone Elsewhere', actual: 'Gone Elsewhere', forecast_type: 'Closed Lost', probability: 0 },
    ],
  },
];

export const OPEN_STAGES = [
  { pipeline: STANDARD_PIPELINE, stage: 'Qualification' },
  { pipeline: STANDARD_PIPELINE, stage: 'Needs Analysis' },
  { pipeline: STANDARD_PIPELINE, stage: 'Proposal/Price Quote' },
  { pipeline: STANDARD_PIPELINE, stage: 'Negotiation/Review' },
  { pipeline: KEY_PIPELINE, stage: 'First Talk' },
  { pipeline: KEY_PIPELINE, stage: 'Offer Out' },
] as const;
export const LOST_STAGES = [
  { pipeline: STANDARD_PIPELINE, stage: 'Closed Lost' },
  { pipeline: STANDARD_PIPELINE, stage: 'Closed-Lost to Competition' },
  { pipeline: KEY_PIPELINE, stage: 'Gone Elsewhere' },
] as const;
export const LOSS_REASONS = ['Price', 'Delivery time', 'Competition', 'No budget', 'No answer'] as const;
export const LEAD_SOURCES = [
  'Web Download',
  'Trade Show',
  'Cold Call',
  'Employee Referral',
  'External Referral',
  'Partner',
  'Advertisement',
] as const;

/** The first is the administrator who consents; the last one has left the firm and still owns records. */
export const USERS = [
  { key: 'admin', name: 'Alex Admin', email: 'alex.admin@office.test', active: true, admin: true },
  { key: 'bea', name: 'Bea Berg', email: 'bea.berg@office.test', active: true, admin: false },
  { key: 'cas', name: 'Cas Cornelis', email: 'cas.cornelis@office.test', active: true, admin: false },
  { key: 'dana', name: 'Dana Dudek', email: 'dana.dudek@office.test', active: true, admin: false },
  { key: 'erik', name: 'Erik Eskildsen', email: 'erik.eskildsen@office.test', active: true, admin: false },
  { key: 'fay', name: 'Fay Fischer', email: 'fay.fischer@office.test', active: true, admin: false },
  { key: 'gus', name: 'Gus Gone', email: 'gus.gone@office.test', active: false, admin: false },
] as const satisfies OrgSeed['users'];

export type Owner = { readonly $user: string };
/** One object a user, shared by all rows. */
export const OWNERS: readonly Owner[] = [
  { $user: 'bea' },
  { $user: 'cas' },
  { $user: 'dana' },
  { $user: 'erik' },
  { $user: 'fay' },
];
export const FORMER_OWNER: Owner = { $user: 'gus' };

const COST = { label: 'Cost', api_name: 'Cost', data_type: 'currency' };
const REFERRED_BY = {
  label: 'Referred By',
  api_name: 'Referred_By',
  data_type: 'lookup',
  lookup: 'Accounts',
};
export const CUSTOM_FIELDS: OrgSeed['customFields'] = { Deals: [COST], Accounts: [REFERRED_BY] };

export const DEAL_LINES: NonNullable<OrgSeed['customModules']>[number] = {
  api_name: 'Deal_Lines',
  plural_label: 'Deal Lines',
  fields: [
    { label: 'Deal', api_name: 'Deal', data_type: 'lookup', lookup: 'Deals' },
    { label: 'Product', api_name: 'Product', data_type: 'lookup', lookup: 'Products' },
    { label: 'Quantity', api_name: 'Quantity', data_type: 'integer' },
    { label: 'Sales', api_name: 'Sales', data_type: 'currency' },
    { label: 'Discount', api_name: 'Discount', data_type: 'percent' },
    { label: 'Profit', api_name: 'Profit', data_type: 'currency' },
  ],
};
