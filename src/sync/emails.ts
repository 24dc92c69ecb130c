import type { Clock } from '../clock.ts';
import type { ConnectionId, CustomerKey, RecordId } from '../domain.ts';
import { AppError, ZohoAuthError, ZohoCreditsError, ZohoRejectedError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ActivityRecord } from '../records.ts';
import type { Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { listEmails, type Mail, type MailPage, type MailQuery } from '../zoho/emails.ts';
import type { MailTurn } from './mail-turns.ts';
import { isRefusal } from './read-pages.ts';

/** E-mails of the customers whose turn it is, within the credits of a day. What was found is not fetched again. */

export interface MailDeps {
  readonly zoho: ZohoClient;
  readonly store: Pick<Store, 'mails'>;
  readonly clock: Clock;
  readonly log: Log;
}
export interface MailResult {
  readonly customers: number;
  readonly read: number;
  readonly changed: number;
  readonly credits: number;
  /** Why it ended before all had their turn, where that was not the budget; e-mails are an extra: it never ends a run. */
  readonly error: AppError | null;
}

const DAY_MS = 86_400_000;
/** Of one list: thirty mails without a word from the customer tell enough. */
const MOST_PAGES = 3;

/** What is left of a day's credits. */
export async function mailBudget(
  deps: Pick<MailDeps, 'store' | 'clock'>,
  connection: ConnectionId,
  creditsPerDay: number,
): Promise<number> {
  const since = new Date(deps.clock.now().getTime() - DAY_MS);
  return Math.max(0, creditsPerDay - (await deps.store.mails.spentSince(connection, since)));
}

export async function readMails(
  deps: MailDeps,
  input: { connection: ConnectionId; turns: readonly MailTurn[]; budget: number },
): Promise<MailResult> {
  const done = { customers: 0, read: 0, changed: 0, credits: 0 };
  let isMailboxRefused = false;
  try {
    for (const { key, contactId } of input.turns) {
      if (done.credits >= input.budget) break;
      const lists = [key, ...(contactId === null ? [] : [{ module: 'Contacts', id: contactId } as const])];
      const turn = new Turn(deps, input.connection, key, input.budget - done.credits, isMailboxRefused);
      try {
        for (const list of lists) await turn.read(list);
      } catch (error) {
        // A record that is gone, or has no such list, costs the others nothing.
        if (!(error instanceof ZohoRejectedError) || isRefusal(error)) throw error;
        deps.log.warn({ err: error, recordId: key.id }, 'e-mails of a record could not be read');
      } finally {
        isMailboxRefused = turn.isMailboxRefused;
        done.credits += turn.credits;
      }
      done.read += turn.found.size;
      done.changed += await turn.save();
      done.customers += 1;
    }
    return { ...done, error: null };
  } catch (error) {
    // A token that is refused altogether ends every run; all else only ends the reading of e-mails.
    if (!(error instanceof AppError) || (error instanceof ZohoAuthError && !error.scope)) throw error;
    if (!(error instanceof ZohoCreditsError)) deps.log.warn({ err: error }, 'e-mails could not be read');
    return { ...done, error };
  }
}

/** The reading of one customer's e-mails. */
class Turn {
  credits = 0;
  isMailboxRefused: boolean;
  /** By the id under which it is stored. */
  readonly found = new Map<string, { mail: Mail; contactId: RecordId | null }>();
  readonly #deps: MailDeps;
  readonly #connection: ConnectionId;
  readonly #customer: CustomerKey;
  readonly #budget: number;
  readonly #known = new Set<string>();

  constructor(
    deps: MailDeps,
    connection: ConnectionId,
    customer: CustomerKey,
    budget: number,
    isMailboxRefused: boolean,
  ) {
    this.#deps = deps;
    this.#connection = connection;
    this.#customer = customer;
    this.#budget = budget;
    this.isMailboxRefused = isMailboxRefused;
  }

  /**
   * Which mails Zoho shows when it is not told which is not settled: where none came from the customer, the mailboxes
   * of people are asked for by name.
   */
  async read(list: CustomerKey): Promise<void> {
    if (await this.#pages(list, {})) return;
    if (this.isMailboxRefused) return;
    try {
      await this.#pages(list, { type: 'user_emails' });
    } catch (error) {
      if (!(error instanceof ZohoRejectedError) && !isRefusal(error)) throw error;
      this.isMailboxRefused = true;
    }
  }

  /** Newest first, until a mail of the customer or one that is stored. True: one of the customer was met. */
  async #pages(list: CustomerKey, query: MailQuery): Promise<boolean> {
    let index: string | null = null;
    for (let page = 0; page < MOST_PAGES && this.credits < this.#budget; page += 1) {
      this.credits += this.#deps.zoho.prices.emailsPage;
      const { mails, nextIndex }: MailPage = await listEmails(this.#deps.zoho, list, {
        ...query,
        ...(index === null ? {} : { index }),
      });
      const isKnown = await this.#note(list, mails);
      if (mails.some((mail) => mail.isInbound)) return true;
      if (isKnown || nextIndex === null) return false;
      index = nextIndex;
    }
    return false;
  }

  /** True: one of them is stored, and so are all that are older. */
  async #note(list: CustomerKey, mails: readonly Mail[]): Promise<boolean> {
    const contactId = list.module === 'Contacts' ? list.id : null;
    const ids = mails.map((mail) => idOf(mail, this.#customer));
    const known = await this.#deps.store.mails.known(this.#connection, ids);
    for (const id of known) this.#known.add(id);
    for (const mail of mails) this.found.set(idOf(mail, this.#customer), { mail, contactId });
    return known.size > 0;
  }

  /** Returns how many were new. */
  async save(): Promise<number> {
    const fresh = [...this.found].filter(([id]) => !this.#known.has(id));
    const { clock, store } = this.#deps;
    await store.mails.save(
      this.#connection,
      { customer: this.#customer, at: clock.now(), credits: Math.ceil(this.credits) },
      fresh.map(([id, { mail, contactId }]) => recordOf(id, mail, this.#customer, contactId)),
    );
    return fresh.length;
  }
}

/** A message to people of two customers belongs to both, so it is stored under each. */
function idOf(mail: Mail, customer: CustomerKey): string {
  return `${mail.messageId}@${customer.id}`;
}

function recordOf(id: string, mail: Mail, customer: CustomerKey, contactId: RecordId | null): ActivityRecord {
  return {
    id,
    module: 'Emails',
    createdAt: mail.at,
    modifiedAt: mail.at,
    ownerId: null,
    ours: {},
    subject: mail.subject,
    whatId: customer.id,
    whoId: contactId,
    status: null,
    callType: mail.isInbound ? 'Inbound' : 'Outbound',
    startAt: mail.at,
    endAt: null,
    durationSeconds: null,
    minutesSpent: null,
    kilometres: null,
    dueDay: null,
    closedAt: null,
    cancelled: false,
    cvRef: null,
  };
}
