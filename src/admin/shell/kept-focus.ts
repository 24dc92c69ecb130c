import { useEffect, useRef } from 'react';

/** Where the keyboard goes on when what had the focus is gone, hidden or switched off. */

/** What may take the focus of something in it. */
const PARTS = 'section, form, [role=region], main';
/** Long enough for a dialog that closes to give the focus back by itself. */
const SETTLED_MS = 50;

function chainOf(element: Element | null): readonly Element[] {
  return element === null ? [] : [element, ...chainOf(element.parentElement)];
}

function focusOn(part: Element | null | undefined): void {
  if (!(part instanceof HTMLElement)) return;
  if (part.tabIndex < 0 && !part.hasAttribute('tabindex')) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

function canHaveFocus(element: Element): boolean {
  return element.isConnected && element.checkVisibility() && !element.matches(':disabled');
}
/** Itself, or what stands so many steps around it. */
function mayTake(part: Element, steps: number): boolean {
  return steps === 0 || part.matches(PARTS);
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

/**
 * Focus that was dropped goes to what had it, if that can have it (a page hides while more of it is loaded), else to
 * the nearest part of the page around it, and from there back as soon as that is possible; never to the top of the document.
 */
export function useKeptFocus(): void {
  useEffect(() => new FocusKeeper().start(), []);
}

class FocusKeeper {
  /** What had the focus last in the page, and what stands around it. */
  #around: readonly Element[] = [];
  #standIn: Element | null = null;
  #isTabbing = false;
  #wasLost = false;
  #timer = 0;

  start(): () => void {
    const observer = new MutationObserver(() => this.#lookSoon());
    observer.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled', 'style', 'hidden'],
    });
    const stopping = new AbortController();
    const { signal } = stopping;
    document.addEventListener('focusin', ({ target }) => this.#remember(target), { signal });
    document.addEventListener('focusout', ({ relatedTarget }) => this.#leave(relatedTarget), { signal });
    document.addEventListener('keydown', ({ key }) => this.#press(key), { signal, capture: true });
    // Who points with the mouse looks where they point.
    document.addEventListener('pointerdown', () => this.#forget(), { signal, capture: true });
    return () => {
      window.clearTimeout(this.#timer);
      observer.disconnect();
      stopping.abort();
    };
  }

  #remember(target: EventTarget | null): void {
    this.#isTabbing = false;
    if (!(target instanceof Element) || target === this.#standIn) return;
    this.#standIn = null;
    if (target.closest('main') !== null) this.#around = chainOf(target);
  }

  /** Tab moves the focus before anything else runs. Whoever goes past the last stop with it is out of the page. */
  #press(key: string): void {
    // On a busy machine the next key comes before the timer of a Tab.
    this.#isTabbing = key === 'Tab';
    if (!this.#isTabbing) return;
    window.setTimeout(() => {
      this.#isTabbing = false;
    });
  }
  #leave(to: EventTarget | null): void {
    if (this.#isTabbing && to === null) this.#forget();
  }
  #forget(): void {
    this.#around = [];
    this.#standIn = null;
  }

  #lookSoon(): void {
    if (this.#timer === 0 && this.#around.length > 0)
      this.#timer = window.setTimeout(() => this.#look(), SETTLED_MS);
  }
  #look(): void {
    this.#timer = 0;
    const { activeElement } = document;
    const isLost = activeElement === document.body || activeElement === this.#standIn;
    if (isLost && this.#wasLost) this.#mend();
    else if (isLost) this.#lookSoon();
    this.#wasLost = isLost && !this.#wasLost;
  }
  #mend(): void {
    // A dialog keeps the keyboard to itself.
    const dialog = document.querySelector('[role=dialog]');
    const next = dialog ?? this.#around.find((part, steps) => canHaveFocus(part) && mayTake(part, steps));
    if (next === undefined || next === document.activeElement) return;
    this.#standIn = next;
    focusOn(next);
  }
}
