import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { FIRST_PAGE } from '../../parts/cursor-pages.ts';
import { useUrlState } from '../../parts/url-state.ts';
import { useConnection } from '../../shell/connection.tsx';

/** What the list shows: of the address, or of the saved view that the address names and that nobody changed since. */

export const VIEWS = 'GET /connections/{connection}/customer-views';
export type View = AnswerOf<typeof VIEWS>['items'][number];

/** As the route calls them; an empty text filters nothing. */
export const NO_FILTER = {
  ...{ search: '', tier: '', phase: '', contactStatus: '', owner: '', quietDays: '', gold: '' },
};
const USUAL = { ...NO_FILTER, sort: 'value', direction: 'desc', columns: '' };
type ListValues = typeof USUAL;
const NAMES = Object.keys(USUAL) as (keyof ListValues)[]; // its own keys
const NOTHING = Object.fromEntries(NAMES.map((name) => [name, ''])) as ListValues; // the same names

export interface ListState {
  readonly values: ListValues;
  /** Named by the address; null: none, or none that one may see. */
  readonly view: View | null;
  readonly views: readonly View[];
  /** The views could not be read. */
  readonly problem: { readonly error: Error; readonly onRetry: () => void } | null;
  /** The list differs from the view. */
  readonly isChanged: boolean;
  /** The address names a view that is not there for this person. */
  readonly isViewGone: boolean;
  /** False while it is not known yet what the view says. */
  readonly isReady: boolean;
  readonly change: (changes: Partial<ListValues>) => void;
  /** Shows a view as it was saved; null: the list as it usually is. */
  readonly show: (id: string | null) => void;
}

export function useListState(): ListState {
  const { name: connection } = useConnection();
  const { data, error, refetch } = useApi(VIEWS, { path: { connection } });
  const [{ view: id, ...written }, setUrl] = useUrlState({ ...NOTHING, view: '' });
  const views = data?.items ?? [];
  const view = views.find((one) => one.id === id) ?? null;
  const isWritten = NAMES.some((name) => written[name] !== '');
  const saved = { ...USUAL, ...view?.query };
  const values = isWritten ? withUsual(written) : saved;
  return {
    ...{ values, view, views },
    problem: error && { error, onRetry: () => void refetch() },
    isChanged: view !== null && NAMES.some((name) => values[name] !== saved[name]),
    isViewGone: id !== '' && data !== undefined && view === null,
    isReady: id === '' || data !== undefined || error !== null,
    // In full beside a view, so that what was taken away does not come back from it; the order is never empty.
    change: (changes) => setUrl({ ...(id === '' ? {} : values), ...changes, ...FIRST_PAGE }),
    show: (next) => setUrl({ ...NOTHING, view: next, ...FIRST_PAGE }, true),
  };
}

function withUsual(written: ListValues): ListValues {
  const { sort, direction } = written;
  return { ...written, sort: sort || USUAL.sort, direction: direction || USUAL.direction };
}

/** To send or to save: what is empty is left out. */
export function filled(values: Partial<ListValues>): { [name: string]: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
