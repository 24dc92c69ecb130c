import type { App } from '../app.ts';
import { dayOf } from '../clock.ts';
import { isDay } from '../days.ts';
import type { Connection, CustomerKey, Day, RecordId } from '../domain.ts';
import { InputError, NotFoundError } from '../errors.ts';
import { apiWork } from '../jobs/api-work.ts';

/** What goodwill and thanks share: whose the note is, and of which day. */

/** The customer that a record is, or belongs to. */
export async function customerOf(app: App, connection: Connection, id: RecordId): Promise<CustomerKey> {
  const key = await apiWork(app.depsOf).customerOf(connection, id);
  if (key) return key;
  throw new NotFoundError(
    `no customer ${id} in ${connection.name}; give the Zoho id of an account or contact that was synced`,
  );
}

/** Today unless given; never ahead. */
export function noteDay(app: App, connection: Connection, text: string | undefined): Day {
  const today = dayOf(app.clock.now(), connection.org.timeZone);
  if (text === undefined) return today;
  if (!isDay(text)) throw new InputError(`--day ${text}: give a calendar day as YYYY-MM-DD`);
  if (text > today) throw new InputError(`--day ${text} lies ahead; note it when it has happened`);
  return text;
}
