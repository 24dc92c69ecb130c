/** For a table that may be wider than the page and holds nothing to focus: the keyboard scrolls it. */
export function scrolledByKeys(label: string) {
  return { viewportProps: { tabIndex: 0, role: 'region', 'aria-label': label } } as const;
}
