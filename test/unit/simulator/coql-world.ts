import type { CoqlCatalog, CoqlField, CoqlSource, RowView } from '../../../src/simulator/coql-types.ts';

const MODULES: Record<string, Record<string, CoqlField>> = {
  Deals: {
    Deal_Name: { data_type: 'text' },
    Amount: { data_type: 'currency' },
    Stage: { data_type: 'picklist' },
    Closing_Date: { data_type: 'date' },
    Modified_Time: { data_type: 'datetime' },
    Account_Name: { data_type: 'lookup', lookup: 'Accounts' },
    Owner: { data_type: 'ownerlookup' },
    Description: { data_type: 'textarea' },
    Paid: { data_type: 'boolean' },
    Languages: { data_type: 'multiselectpicklist' },
    Lines: { data_type: 'subform' },
    Score: { data_type: 'formula', return_type: 'double' },
    Card: { data_type: 'text', encrypted: true },
    Limit: { data_type: 'integer' },
    Long: { data_type: 'bigint' },
  },
  Accounts: {
    Account_Name: { data_type: 'text' },
    Industry: { data_type: 'picklist' },
    Parent_Account: { data_type: 'lookup', lookup: 'Accounts' },
  },
  Leads: { Last_Name: { data_type: 'text' }, Converted__s: { data_type: 'boolean' } },
  Tasks: { Subject: { data_type: 'text' }, What_Id: { data_type: 'lookup' } },
};

export const catalog: CoqlCatalog = {
  module: (name: string) => {
    const fields = MODULES[name];
    return fields === undefined ? null : { fields: new Map(Object.entries(fields)) };
  },
};

export type TestRow = { id: string; module?: string } & Record<string, unknown>;

export function sourceOf(rows: TestRow[]): CoqlSource {
  const views = rows.map(
    (row): RowView => ({ id: row.id, module: row.module ?? 'Deals', get: (field) => row[field] }),
  );
  return {
    rows: (module) => views.filter((row) => row.module === module),
    row: (id) => views.find((row) => row.id === id) ?? null,
  };
}

export const ids = (answer: { rows: Record<string, unknown>[] }) => answer.rows.map((row) => row.id);
