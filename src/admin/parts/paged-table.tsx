import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { DataTable, type DataTableProps, Pager, type PagerProps } from './data-table.tsx';
import { PageState } from './page-state.tsx';

/** A list that the server pages, in all its states: it loads, it failed, there is nothing, or its rows with the way on. */

interface ListPage<Row, Place> {
  readonly items: readonly Row[];
  /** Where the next page begins; null at the end. */
  readonly next: Place | null;
  readonly total?: number | null;
}
interface Pages<Place> {
  readonly rowsBefore: number;
  readonly toFirst: PagerProps['onFirst'];
  readonly toNext: (next: Place | null, rows: number) => PagerProps['onNext'];
}
interface PagedTableProps<Row, Place> extends Omit<DataTableProps<Row>, 'rows' | 'isStale'> {
  readonly query: UseQueryResult<ListPage<Row, Place>>;
  readonly pages: Pages<Place>;
  /** Instead of a table without rows. */
  readonly empty: ReactNode;
}

export function PagedTable<Row extends object, Place>(props: PagedTableProps<Row, Place>) {
  const { query, pages, empty, ...table } = props;
  return (
    <PageState query={query} empty={({ items }) => items.length === 0 && empty}>
      {({ items, next, total = null }) => (
        <div>
          <DataTable {...table} rows={items} isStale={query.isPlaceholderData} />
          <Pager
            rowsBefore={pages.rowsBefore}
            rows={items.length}
            total={total}
            onFirst={pages.toFirst}
            onNext={pages.toNext(next, items.length)}
          />
        </div>
      )}
    </PageState>
  );
}
