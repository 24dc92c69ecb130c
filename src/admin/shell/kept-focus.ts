import { useEffect, useRef } from 'react';

/** Where the keyboard goes on when what had the focus is no longer there. */

/** What may take the focus of something in it that vanished. */
const PARTS = 'section, form, [role=region], main';
/** Long enough for a dialog that closes to give the focus back by itself. */
const SETTLED_MS = 50;

function chainOf(element: Element | null): readonly Element[] {
  return element === null ? [] : [element, ...chainOf(element.parentElement)];
}

function focusOn(part: Element | null | undefined): void {
  if (!(part instanceof HTMLElement)) return;
  if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

/** A page that was opened from another one begins at its main content, not amid the links that led to it. */
export function useFocusOnNewPage(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    const from = before.current;
    before.current = path;
    // `/` only leads on; and with arrows one may go on through the list of connections.
    const isLedOn = from === '/' && path.startsWith('/c/');
    if (from === path || isLedOn || document.activeElement instanceof HTMLSelectElement) return;
    focusOn(document.querySelector('main'));
  }, [path]);
}

/** Focus whose element vanished goes to the nearest part of the page around it, not back to the top of the document. */
export function useKeptFocus(): void {
  useEffect(() => {
    let around: readonly Element[] = [];
    let timer = 0;
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof Element && target.closest('main') !== null) around = chainOf(target);
    };
    // Who points with the mouse looks where they point.
    const forget = () => {
      around = [];
    };
    const isLost = () => document.activeElement === document.body && around[0]?.isConnected === false;
    const mend = () => {
      // What is hidden, as a step that closed is, takes no focus.
      if (isLost()) focusOn(around.find((part) => part.matches(PARTS) && part.checkVisibility()));
    };
    const observer = new MutationObserver(() => {
      if (!isLost()) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(mend, SETTLED_MS);
    });
    observer.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', remember);
    document.addEventListener('pointerdown', forget, true);
    return () => {
      window.clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener('focusin', remember);
      document.removeEventListener('pointerdown', forget, true);
    };
  }, []);
}
