import type { ZohoClient } from './client.ts';

export interface NewField {
  readonly label: string;
  readonly dataType:
    | 'text'
    | 'textarea'
    | 'picklist'
    | 'currency'
    | 'integer'
    | 'date'
    | 'boolean'
    | 'percent';
  readonly length?: number;
  readonly values?: readonly { display: string; actual: string }[];
  readonly unique?: boolean;
  readonly tooltip?: string;
}
export type FieldCreated =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly code: string; readonly message: string };
export type FieldDeleted =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };
export declare function createFields(
  client: ZohoClient,
  module: string,
  fields: readonly NewField[],
): Promise<FieldCreated[]>;
export declare function deleteField(client: ZohoClient, module: string, id: string): Promise<FieldDeleted>;
