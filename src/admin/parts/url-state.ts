import { useCallback } from 'react';
import { useSearchParams } from 'wouter';

/** What a page shows stands in its address, so that it can be sent to somebody and opened again. */

type Values<Name extends string> = { readonly [N in Name]: string };

/** `null` takes a value out of the address. By default the change is no step of the browser's history. */
export function useUrlState<Name extends string>(
  defaults: Values<Name>,
): readonly [Values<Name>, (changes: Partial<Record<Name, string | null>>, isStep?: boolean) => void] {
  const [params, setParams] = useSearchParams();
  const values = Object.fromEntries(
    Object.entries<string>(defaults).map(([name, fallback]) => [name, params.get(name) ?? fallback]),
  ) as Values<Name>; // the same names
  const set = useCallback(
    (changes: Partial<Record<Name, string | null>>, isStep = false) => {
      setParams(
        (current) => {
          const next = new URLSearchParams(current);
          for (const [name, value] of Object.entries<string | null | undefined>(changes)) {
            if (value === null || value === undefined || value === '') next.delete(name);
            else next.set(name, value);
          }
          return next;
        },
        { replace: !isStep },
      );
    },
    [setParams],
  );
  return [values, set];
}
