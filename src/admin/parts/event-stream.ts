/** A stream of events that outlasts restarts, refusals and pages that are out of sight. */

/** Without a stream, how often the page is read anew. */
const POLL_MS = 15_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Calls `onChange` with the data of each event; with null where something may have changed unheard. A stream that ended
 * or was cut the browser opens again by itself and says what it heard last; one that was refused (too many are open, a
 * proxy without a server behind it) is tried again later and later. Until then the page is read anew every 15 seconds.
 * Out of sight there is none: a browser has six connections to a server, for all its tabs.
 * Answers how to stop.
 */
export function follow(address: string, onChange: (data: string | null) => void): () => void {
  let source: EventSource | null = null;
  let waitMs = FIRST_WAIT_MS;
  let opening = 0;
  let polling = 0;

  const listen = () => {
    source = new EventSource(address);
    source.addEventListener('open', () => {
      waitMs = FIRST_WAIT_MS;
      if (polling !== 0) onChange(null);
      stopPolling();
    });
    source.addEventListener('message', ({ data }) => onChange(String(data)));
    source.addEventListener('error', () => {
      if (polling === 0) polling = window.setInterval(() => onChange(null), POLL_MS);
      if (source?.readyState !== EventSource.CLOSED) return;
      opening = window.setTimeout(listen, waitMs * (0.5 + Math.random() / 2));
      waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs);
    });
  };
  const stopPolling = () => {
    window.clearInterval(polling);
    polling = 0;
  };
  const stop = () => {
    source?.close();
    source = null;
    window.clearTimeout(opening);
    stopPolling();
  };
  const goBySight = () => {
    stop();
    if (document.visibilityState === 'hidden') return;
    onChange(null);
    listen();
  };

  if (document.visibilityState !== 'hidden') listen();
  document.addEventListener('visibilitychange', goBySight);
  return () => {
    document.removeEventListener('visibilitychange', goBySight);
    stop();
  };
}
