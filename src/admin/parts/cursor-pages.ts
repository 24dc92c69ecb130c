import { useUrlState } from './url-state.ts';

/** The page of a list, in the address: the server's cursor, and how many rows stand before it. */

export interface CursorPages {
  /** To hand to the route; undefined: the first page. */
  readonly cursor: string | undefined;
  readonly rowsBefore: number;
  readonly toFirst: (() => void) | null;
  /** Of the answer's `next` and the number of its rows; null at the end. */
  readonly toNext: (next: string | null, rows: number) => (() => void) | null;
}

export function useCursorPages(): CursorPages {
  const [{ cursor, before }, setUrl] = useUrlState({ cursor: '', before: '0' });
  const rowsBefore = Number(before) || 0;
  return {
    cursor: cursor === '' ? undefined : cursor,
    rowsBefore,
    toFirst: cursor === '' ? null : () => setUrl(FIRST_PAGE, true),
    toNext: (next, rows) =>
      next === null ? null : () => setUrl({ cursor: next, before: String(rowsBefore + rows) }, true),
  };
}

/** What a change of filter or order sets along: a cursor belongs to the order it was made under. */
export const FIRST_PAGE = { cursor: null, before: null } as const;
