/** What an org holds when the simulator starts. Written by sample orgs and by tests; never changed by the simulator. */

export type Edition = 'Free' | 'Standard' | 'Professional' | 'Enterprise' | 'Ultimate';

export interface SeedField {
  label: string;
  api_name: string;
  data_type: string;
  length?: number;
  pick_list_values?: readonly string[];
  /** Module a lookup points to. */
  lookup?: string;
  unique?: boolean;
  read_only?: boolean;
}

/**
 * Field API name → value. `$key` is a text unique in the org; references to other rows are `{ $ref: key }`, to users
 * `{ $user: key }`. Created_Time and Modified_Time are ISO 8601 and optional.
 */
export type SeedRow = Record<string, unknown>;

/**
 * Rows that are made one by one while they are loaded: an org of millions is never held twice. They have no `$key`; the
 * simulator knows them as `Module/index`, and they name other rows of series by the id that `idOf` gives.
 */
export interface RowSeries {
  count: number;
  rows(idOf: (module: string, index: number) => string): Iterable<SeedRow>;
}

/** An e-mail of a record. `sent`: to the customer; else received. */
export interface SeedEmail {
  from: string;
  to: readonly string[];
  subject: string;
  /** ISO 8601. */
  time: string;
  sent: boolean;
  /** Sent with the CRM, or found in a person's mailbox; absent: what is sent was sent with the CRM. */
  source?: 'crm' | 'mailbox';
  /** sent, opened, clicked, bounced … */
  status?: readonly string[];
}

interface SeedUser {
  key: string;
  name: string;
  email: string;
  active: boolean;
  admin: boolean;
  /** IANA; absent: the org's. */
  time_zone?: string;
}

export interface SeedPipeline {
  name: string;
  default: boolean;
  stages: readonly {
    display: string;
    actual: string;
    forecast_type: 'Open' | 'Closed Won' | 'Closed Lost';
    probability: number;
  }[];
}

export interface OrgSeed {
  org: {
    id?: string;
    zgid?: string;
    company_name: string;
    edition: Edition;
    /** Licences, not the people listed below. */
    users: number;
    time_zone: string;
    /** Home currency, e.g. USD. */
    iso_code: string;
    country_code: string;
    multiCurrency?: boolean;
    currencies?: readonly { iso_code: string; exchange_rate: number; is_base: boolean }[];
  };
  /** The first administrator is the one who consents. */
  users: readonly SeedUser[];
  pipelines: readonly SeedPipeline[];
  /** API name of the module that the seed calls Deals; absent: Deals. */
  dealsModule?: string;
  customModules?: readonly { api_name: string; plural_label: string; fields: readonly SeedField[] }[];
  customFields: Readonly<Record<string, readonly SeedField[]>>;
  records: Readonly<Record<string, readonly SeedRow[]>>;
  series?: Readonly<Record<string, RowSeries>>;
  /** false: deals begin without rows in DealHistory. */
  stageHistory?: boolean;
  /** The sales documents that the org has. */
  salesModules?: readonly ('Quotes' | 'Sales_Orders' | 'Invoices')[];
  /** By the `$key` of the record they belong to. */
  emails?: Readonly<Record<string, readonly SeedEmail[]>>;
  deleted?: Readonly<
    Record<
      string,
      readonly { $key: string; display_name: string; type: 'recycle' | 'permanent'; deleted_time: string }[]
    >
  >;
}
