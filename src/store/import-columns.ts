import type { ColumnType } from './dialect.ts';
import type { ImportKind, NewLines } from './import-stores.ts';
import { storable } from './rows.ts';

/** How the lines of each kind of file lie in their table. */

interface LineColumn<L> {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (line: L) => unknown;
}
const text = <L>(name: string, of: (line: L) => string | null): LineColumn<L> => ({
  name,
  type: 'text',
  of: (line) => {
    const value = of(line);
    return value === null ? null : storable(value);
  },
});

const COMMON: readonly LineColumn<NewLines[ImportKind]>[] = [
  { name: 'line', type: 'bigint', of: ({ line }) => line },
  text('day', ({ day }) => day),
  text('account_id', ({ accountId }) => accountId),
  text('account_number', ({ accountNumber }) => accountNumber),
  text('contact_id', ({ contactId }) => contactId),
];

export const LINE_COLUMNS: { readonly [K in ImportKind]: readonly LineColumn<NewLines[K]>[] } = {
  purchases: [
    ...COMMON,
    text('deal_id', ({ dealId }) => dealId),
    { name: 'through_deal', type: 'boolean', of: ({ throughDeal }) => throughDeal },
    text('number', ({ number }) => number),
    text('kind', ({ kind }) => kind),
    text('product', ({ product }) => product),
    text('product_group', ({ group }) => group),
    text('quantity', ({ quantity }) => quantity),
    text('amount', ({ amount }) => amount),
    text('list_price', ({ listPrice }) => listPrice),
    text('discount_percent', ({ discountPercent }) => discountPercent),
    text('cost', ({ cost }) => cost),
    text('currency', ({ currency }) => currency),
    text('rate', ({ rate }) => rate),
    text('due_day', ({ dueDay }) => dueDay),
    text('paid_day', ({ paidDay }) => paidDay),
  ],
  costs: [
    ...COMMON,
    text('kind', ({ kind }) => kind),
    text('amount', ({ amount }) => amount),
    text('minutes', ({ minutes }) => minutes),
    text('note', ({ note }) => note),
    text('currency', ({ currency }) => currency),
    text('rate', ({ rate }) => rate),
  ],
  contributions: [
    ...COMMON,
    text('kind', ({ kind }) => kind),
    text('amount', ({ amount }) => amount),
    text('note', ({ note }) => note),
  ],
  referrals: [
    ...COMMON,
    text('referrer_id', ({ referrerId }) => referrerId),
    text('referrer_number', ({ referrerNumber }) => referrerNumber),
  ],
};
