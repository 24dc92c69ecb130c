import type { Row, RowTable } from './row-table.ts';
import type { OrgSeed, SeedPipeline } from './seed.ts';

export interface SimUser {
  id: string;
  key: string;
  name: string;
  email: string;
  active: boolean;
  admin: boolean;
  timeZone: string;
}

export interface PickOption {
  id: string;
  display: string;
  actual: string;
  sequence: number;
}

export interface FieldState {
  id: string;
  apiName: string;
  label: string;
  dataType: string;
  length: number;
  decimals: number | null;
  custom: boolean;
  readOnly: boolean;
  mandatory: boolean;
  unique: boolean;
  /** Module a lookup points to; null for lookups to any module. */
  lookup: string | null;
  options: PickOption[] | null;
  tooltip: { name: string; value: string } | null;
  currency: { rounding_option: string; precision: number } | null;
  textarea: string | null;
  createdMs: number;
  /** A created field is not there for records before this time. */
  readyMs: number;
  /** On the layout; a removed field is unused. */
  onLayout: boolean;
  /** Null: the first section. */
  sectionId: string | null;
  requiredOnLayout: boolean;
  /** The connected user's profile does not show it. */
  hidden: boolean;
}

export interface DeletedRow {
  id: string;
  displayName: string | null;
  type: 'recycle' | 'permanent';
  deletedMs: number;
  deletedBy: string | null;
  createdBy: string | null;
  /** What lies in the recycle bin: the record, its lines and its history. Empty: it cannot be restored. */
  kept: readonly Row[];
}

export interface ModuleState {
  id: string;
  apiName: string;
  singular: string;
  plural: string;
  kind: 'default' | 'custom' | 'subform' | 'field_tracker';
  /** Module that lines or a history belong to. */
  parent: string | null;
  /** The connected user's profile does not show it. */
  hidden: boolean;
  /** Field whose value a lookup shows as name. */
  displayField: string;
  fields: Map<string, FieldState>;
  rows: RowTable;
  /** Ascending by time of deletion. */
  deleted: DeletedRow[];
  layoutId: string;
  sectionId: string;
  /** Beside the first one. */
  sections: { id: string; label: string }[];
}

interface PipelineState {
  id: string;
  name: string;
  isDefault: boolean;
  stages: (SeedPipeline['stages'][number] & { id: string })[];
}

interface CurrencyState {
  id: string;
  iso_code: string;
  exchange_rate: number;
  is_base: boolean;
}

/** Hands out ids of 18 and 19 digits, so that their order as text is not their order as numbers. */
export interface IdSource {
  /** Below every id of `next`, yet behind them as text. */
  early(): string;
  next(): string;
}

export interface SimEmail {
  id: string;
  from: string;
  to: readonly string[];
  subject: string;
  timeMs: number;
  sent: boolean;
  source: 'crm' | 'mailbox';
  status: readonly string[];
  ownerId: string;
}

export interface OrgState {
  id: string;
  zgid: string;
  org: OrgSeed['org'];
  users: Map<string, SimUser>;
  consentingUser: SimUser;
  modules: Map<string, ModuleState>;
  /** API name of the module of deals in this org. */
  dealsModule: string;
  pipelines: PipelineState[];
  currencies: CurrencyState[];
  ids: IdSource;
  /** Record id → its e-mails. */
  emails: Map<string, SimEmail[]>;
  /** A row of any module; sooner found where the module is known. */
  row(id: string, module?: string | null): Row | undefined;
}
