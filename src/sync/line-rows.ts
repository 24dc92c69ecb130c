import type { RecordId } from '../domain.ts';
import type { DocumentLine } from '../records.ts';
import type { FieldMeta } from '../zoho/metadata.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { decimalOf, idOf } from '../zoho/values.ts';

/** Rows of a subform become lines of documents. */

const INPUTS = {
  document: ['Parent_Id'],
  product: ['Product_Name', 'Product'],
  quantity: ['Quantity'],
  listPrice: ['List_Price', 'Unit_Price'],
  discount: ['Discount'],
  tax: ['Tax'],
  netTotal: ['Net_Total', 'Total_After_Discount', 'Total'],
} as const;
type LineInput = keyof typeof INPUTS;
export type LineColumns = { readonly [I in LineInput]: string | null };

/** Without metadata Zoho's own names are taken to exist. */
export function lineColumns(meta: readonly FieldMeta[]): LineColumns {
  const known = new Set(meta.map((field) => field.apiName));
  const nameOf = (names: readonly string[]) =>
    (known.size === 0 ? names[0] : names.find((name) => known.has(name))) ?? null;
  return {
    // Metadata of a subform need not list the link to its document.
    document: INPUTS.document[0],
    product: nameOf(INPUTS.product),
    quantity: nameOf(INPUTS.quantity),
    listPrice: nameOf(INPUTS.listPrice),
    discount: nameOf(INPUTS.discount),
    tax: nameOf(INPUTS.tax),
    netTotal: nameOf(INPUTS.netTotal),
  };
}

export function lineFields(columns: LineColumns): string[] {
  return Object.values(columns).filter((name) => name !== null);
}

/** Null: a row that is no line, or whose values cannot be read. `document` is known where the row came inside it. */
export function lineOf(
  row: ZohoRow,
  columns: LineColumns,
  document: RecordId | null = null,
): { documentId: RecordId; line: DocumentLine } | null {
  const at = (input: LineInput) => {
    const name = columns[input];
    return name === null ? undefined : row[name];
  };
  try {
    const documentId = document ?? idOf(at('document'));
    if (documentId === null || row.id === '') return null;
    return {
      documentId,
      line: {
        id: row.id,
        productId: idOf(at('product')),
        quantity: decimalOf(at('quantity')),
        listPrice: decimalOf(at('listPrice')),
        discount: decimalOf(at('discount')),
        tax: decimalOf(at('tax')),
        netTotal: decimalOf(at('netTotal')),
      },
    };
  } catch (error) {
    // values.ts throws RangeError on a value that its field type does not allow.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
