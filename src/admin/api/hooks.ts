import {
  keepPreviousData,
  type QueryKey,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type AnswerOf, call, type InputOf, type RouteName } from './call.ts';
import { ApiProblem } from './problem.ts';

/** Reads and writes of the API for components. */

interface ReadOptions<Name extends RouteName> {
  /** While the next page or filter loads, the rows of before stay on the screen. */
  readonly isKept?: boolean;
  readonly isAsked?: boolean;
  /** How soon it is read again of itself, by what it says now; null: not. */
  readonly refetchMs?: (answer: AnswerOf<Name>) => number | null;
}

export function useApi<Name extends RouteName>(
  name: Name,
  input: InputOf<Name>,
  { isKept = false, isAsked = true, refetchMs }: ReadOptions<Name> = {},
) {
  const { i18n } = useTranslation();
  return useQuery<AnswerOf<Name>, Error>({
    // What was read in one language is read again in another.
    queryKey: [name, input, i18n.resolvedLanguage],
    queryFn: ({ signal }) => call(name, input, signal),
    enabled: isAsked,
    refetchInterval: ({ state: { data } }) => (data === undefined ? null : refetchMs?.(data)) ?? false,
    ...(isKept ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A write; what it changes is read anew: `changes` names routes, e.g. `['GET /connections/{connection}/plans']`. */
export function useWrite<Name extends RouteName>(name: Name, changes: readonly RouteName[]) {
  const queries = useQueryClient();
  return useMutation<AnswerOf<Name>, Error, InputOf<Name>>({
    mutationFn: (input) => call(name, input),
    onSuccess: async () => {
      await Promise.all(
        changes.map((route) => queries.invalidateQueries({ queryKey: [route] satisfies QueryKey })),
      );
    },
  });
}

/** What was refused stays refused; what did not come through may come through. */
export function isWorthRetrying(failures: number, error: Error): boolean {
  const isPassing = error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
  return isPassing && failures < 2;
}
