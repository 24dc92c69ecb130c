import type { Day, RecordId } from '../domain.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { coql, literal } from '../zoho/coql.ts';
import { fetchUsers } from '../zoho/metadata.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { idOf, instantOf, integerOf } from '../zoho/values.ts';
import { listedRows } from './assess-rows.ts';
import { isRefused } from './refusal.ts';

/** Who works in the org: users, owners that are gone, and whether calls and meetings are logged with their time. */

export interface People {
  readonly users: number;
  readonly activeUsers: number;
  /** Users that left and still own accounts, as far as accounts were looked at. */
  readonly inactiveOwners: readonly { readonly name: string; readonly accounts: number }[];
  /** Null: neither calls nor meetings could be read. */
  readonly time: {
    readonly since: Day;
    readonly usersLogging: number;
    readonly byOwner: readonly { readonly name: string; readonly calls: number; readonly meetings: number }[];
  } | null;
}
type User = Awaited<ReturnType<typeof fetchUsers>>[number];
type Counts = ReadonlyMap<RecordId, number>;

const DAYS = 90;
const DAY_MS = 86_400_000;
/** 10 credits by the list. */
const MOST_LISTED = 2_000;

export async function readPeople(
  zoho: ZohoClient,
  input: { accounts: readonly ZohoRow[]; modules: ReadonlySet<string>; now: Date },
): Promise<People> {
  const { accounts, modules, now } = input;
  const users = await fetchUsers(zoho);
  const since = new Date(now.getTime() - DAYS * DAY_MS);
  const calls = modules.has('Calls') ? await countCalls(zoho, since) : null;
  const meetings = modules.has('Events') ? await countMeetings(zoho, since, now) : null;
  return peopleOf({ users, accounts, calls, meetings, since });
}

export function peopleOf(input: {
  users: readonly User[];
  accounts: readonly ZohoRow[];
  calls: Counts | null;
  meetings: Counts | null;
  since: Date;
}): People {
  const { users, calls, meetings } = input;
  const active = users.filter((user) => user.active);
  const owned = countOwners(input.accounts);
  const known = new Map(users.map((user) => [user.id, user]));
  const nameOf = (id: RecordId) => known.get(id)?.name || `user ${id}`;
  const gone = [...owned].filter(([id]) => !known.get(id)?.active);
  const logging = [...new Set([...(calls?.keys() ?? []), ...(meetings?.keys() ?? [])])];
  const counts = logging.map((id) => ({
    name: nameOf(id),
    calls: calls?.get(id) ?? 0,
    meetings: meetings?.get(id) ?? 0,
  }));
  return {
    users: users.length,
    activeUsers: active.length,
    inactiveOwners: gone
      .map(([id, accounts]) => ({ name: nameOf(id), accounts }))
      .sort((a, b) => b.accounts - a.accounts),
    time:
      calls === null && meetings === null
        ? null
        : {
            since: input.since.toISOString().slice(0, 10),
            usersLogging: logging.length,
            byOwner: counts.sort((a, b) => b.calls + b.meetings - a.calls - a.meetings),
          },
  };
}

/** With a duration; a call that nobody timed says nothing about cost. */
function countCalls(zoho: ZohoClient, since: Date): Promise<Counts> {
  const where = `(Call_Start_Time >= ${literal(since)} and Call_Duration_in_seconds > 0)`;
  return countByOwner(zoho, { module: 'Calls', where }, async () => {
    const fields = ['Owner', 'Call_Start_Time', 'Call_Duration_in_seconds'];
    const { rows } = await listedRows(zoho, 'Calls', fields, MOST_LISTED);
    return rows.filter(
      (row) => isAfter(row.Call_Start_Time, since) && Number(row.Call_Duration_in_seconds) > 0,
    );
  });
}

/** Held: a meeting to come has taken no time yet. */
function countMeetings(zoho: ZohoClient, since: Date, now: Date): Promise<Counts> {
  const where = `(Start_DateTime >= ${literal(since)} and End_DateTime <= ${literal(now)})`;
  return countByOwner(zoho, { module: 'Events', where }, async () => {
    const fields = ['Owner', 'Start_DateTime', 'End_DateTime'];
    const { rows } = await listedRows(zoho, 'Events', fields, MOST_LISTED);
    return rows.filter((row) => isAfter(row.Start_DateTime, since) && !isAfter(row.End_DateTime, now));
  });
}

function isAfter(value: unknown, at: Date): boolean {
  const instant = instantOf(value);
  return instant !== null && instant >= at;
}

async function countByOwner(
  zoho: ZohoClient,
  { module, where }: { module: string; where: string },
  otherwise: () => Promise<readonly ZohoRow[]>,
): Promise<Counts> {
  try {
    const query = `select COUNT(id) as records, Owner from ${module} where ${where} group by Owner`;
    const { rows } = await coql(zoho, query, 200);
    return new Map(
      rows.flatMap((row): [RecordId, number][] => {
        const id = idOf(row.Owner);
        return id === null ? [] : [[id, integerOf(row.records) ?? 0]];
      }),
    );
  } catch (error) {
    if (!isRefused(error)) throw error;
    return countOwners(await otherwise());
  }
}

function countOwners(rows: readonly ZohoRow[]): Map<RecordId, number> {
  const counts = new Map<RecordId, number>();
  for (const row of rows) {
    const id = idOf(row.Owner);
    if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}
