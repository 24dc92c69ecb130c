// Any origin does: it only tells whether a path leads away from it.
const BASE = 'http://own.invalid';

/**
 * A path of ours to return to, else "/": whoever writes the link must not choose where people land. "//elsewhere.test" and
 * "/\elsewhere.test" are addresses of other hosts to a browser.
 */
export function ownPath(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/[^\s\\]*$/.test(wanted) || !URL.canParse(wanted, BASE)) return '/';
  const { origin, pathname, search } = new URL(wanted, BASE);
  return origin === BASE && !pathname.startsWith('//') ? `${pathname}${search}` : '/';
}
