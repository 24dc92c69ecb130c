import type { Connection } from '../domain.ts';
import { mailBudget, readMails } from '../sync/emails.ts';
import { MailQueue, mailTurnOf } from '../sync/mail-turns.ts';
import { isRefusal } from '../sync/read-pages.ts';
import type { ZohoClient } from '../zoho/client.ts';
import type { LineDeps } from './line.ts';

/** E-mails within their own budget, first for customers who would be reminded by the last scores. */

const CHUNK = 500;

/** As one more line of a sync. */
export interface EmailRow {
  readonly module: 'Emails';
  readonly mode: 'incremental' | 'skipped';
  readonly method: 'list' | null;
  readonly read: number;
  readonly changed: number;
  readonly deleted: 0;
  readonly quarantined: 0;
  readonly error: string | null;
}

/** Null: switched off. */
export async function readEmails(
  deps: LineDeps & { readonly zoho: ZohoClient },
  connection: Connection,
): Promise<{ row: EmailRow; warnings: string[] } | null> {
  const { creditsPerDay } = deps.settings.scoring.touches.emails;
  if (creditsPerDay === 0) return null;
  const budget = await mailBudget(deps, connection.id, creditsPerDay);
  const turns = budget === 0 ? [] : await turnsOf(deps, connection, budget);
  const { read, changed, error } = await readMails(deps, { connection: connection.id, turns, budget });
  const isRefused = error !== null && isRefusal(error);
  return {
    row: {
      module: 'Emails',
      mode: isRefused ? 'skipped' : 'incremental',
      method: isRefused ? null : 'list',
      read,
      changed,
      deleted: 0,
      quarantined: 0,
      error: error === null ? null : `${error.code}: ${error.message}`,
    },
    warnings:
      error === null ? [] : ['e-mails were not read to the end; everything else goes on without them'],
  };
}

async function turnsOf(deps: LineDeps, connection: Connection, budget: number) {
  const reads = await deps.store.mails.reads(connection.id);
  const now = deps.clock.now();
  const queue = new MailQueue(budget);
  for await (const scores of deps.store.scores.inKeyOrder(connection.id, CHUNK)) {
    for (const score of scores) {
      const turn = mailTurnOf(score, reads.get(score.key.id), now);
      if (turn) queue.add(turn);
    }
  }
  return queue.inOrder();
}
