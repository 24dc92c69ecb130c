import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';

interface Deed<T> {
  readonly action: string;
  readonly target: string;
  readonly before?: unknown;
  /** What the log keeps of the outcome: counts and settings, never records. */
  readonly after: (result: T) => unknown;
}

/** Does it and notes it, however it ended: a write that broke off has written something, too. */
export async function audited<T>(
  { store, clock }: Pick<App, 'store' | 'clock'>,
  connection: Pick<Connection, 'id'> | null,
  { action, target, before = null, after }: Deed<T>,
  work: () => Promise<T>,
): Promise<T> {
  const note = (outcome: unknown) =>
    store.audit.add({
      ...{ connection: connection?.id ?? null, who: 'cli', action, target },
      ...{ before, after: outcome, at: clock.now() },
    });
  try {
    const result = await work();
    await note(after(result));
    return result;
  } catch (error) {
    await note({ failed: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}
