import type { Org, StageRow } from '../domain.ts';
import type { ZohoClient } from './client.ts';

export interface FieldMeta {
  readonly id: string;
  readonly apiName: string;
  readonly label: string;
  readonly dataType: string;
  readonly length: number | null;
  readonly custom: boolean;
  readonly readOnly: boolean;
  /** By API, for the connected user. */
  readonly writable: boolean;
  readonly unique: boolean;
  readonly lookupModule: string | null;
  readonly picklist: readonly { display: string; actual: string; reference: string | null }[];
}
export interface ModuleMeta {
  readonly apiName: string;
  readonly apiSupported: boolean;
  readonly viewable: boolean;
  readonly creatable: boolean;
  readonly editable: boolean;
  readonly generatedType: string;
}
export declare function fetchOrg(client: ZohoClient): Promise<Org>;
export declare function fetchCurrentUser(
  client: ZohoClient,
): Promise<{ id: string; name: string; isAdmin: boolean }>;
export declare function fetchUsers(
  client: ZohoClient,
): Promise<{ id: string; name: string; active: boolean }[]>;
export declare function fetchModules(client: ZohoClient): Promise<ModuleMeta[]>;
export declare function fetchFields(client: ZohoClient, module: string): Promise<FieldMeta[]>;
export declare function fetchLayouts(
  client: ZohoClient,
  module: string,
): Promise<{ id: string; name: string; status: string }[]>;
export declare function fetchStages(client: ZohoClient): Promise<StageRow[]>;
