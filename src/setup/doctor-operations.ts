import type { Connection } from '../domain.ts';
import { type ListedJob, WORKER_SILENCE_MS, type WorkerRow } from '../store/queue-stores.ts';
import { activeParking } from '../zoho/credit-account.ts';
import { ourCeiling } from '../zoho/prices.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

/** What doctor reads from our own books: backups, notification channels, API credits, jobs and who runs them. */

// The schedule makes one a night.
const OLD_BACKUP_DAYS = 2;
const DAY_MS = 86_400_000;

export async function checkBackup({ store, clock, makesBackups }: DoctorDeps): Promise<Check> {
  const [made, failed] = [await store.facts.get('backup'), await store.facts.get('backup_failed')];
  const newest =
    made === null ? 'no backup was made yet' : `the newest, ${made.file}, is of ${made.at.toISOString()}`;
  if (failed !== null) {
    const repair = 'Run zcv backup and read what it says; look at BACKUP_DIR, its free space and its owner';
    return {
      id: 'backup',
      status: 'warn',
      message: `The last backup failed (${failed.why}); ${newest}`,
      repair,
    };
  }
  const days = made === null ? 0 : Math.floor((clock.now().getTime() - made.at.getTime()) / DAY_MS);
  if (makesBackups && days >= OLD_BACKUP_DAYS) {
    const repair = 'Let zcv serve or a worker run: the job backup makes one every night (zcv schedule)';
    return { id: 'backup', status: 'warn', message: `No backup for ${days} days: ${newest}`, repair };
  }
  const how = makesBackups ? 'Backups are made every night' : 'No backup is made by itself (BACKUP_DIR)';
  return ok('backup', `${how}; ${newest}`);
}

export async function checkChannels(deps: DoctorDeps, connection: Connection): Promise<Check[]> {
  const channels = await deps.store.channels.of(connection.id);
  const now = deps.clock.now();
  if (channels.length === 0) {
    if (deps.publicUrl === null) {
      const message = 'No PUBLIC_URL, so Zoho cannot notify us: changes are found by polling';
      return [{ id: 'channels', status: 'ok', message, repair: null }];
    }
    const message = 'Zoho notifies us of nothing yet: changes are found by polling';
    const repair = 'Let zcv serve run with PUBLIC_URL; it opens the channel';
    return [{ id: 'channels', status: 'warn', message, repair }];
  }
  const refused = (await deps.store.channels.refused(connection.id)).map(({ module, message }): Check => {
    const repair = `Let the connected user see ${module}, or take it out of notifications.modules in fields.yaml`;
    return { id: 'channels', status: 'warn', message: `${module} is found by polling: ${message}`, repair };
  });
  const lives = channels.map((channel): Check => {
    const until = channel.expiresAt.toISOString();
    const what = `Channel ${channel.channelId} for ${channel.events.join(', ')}`;
    if (channel.expiresAt > now && channel.unheard > 0) {
      const message = `${what} had not told of ${channel.unheard} changes that syncs found`;
      return { id: 'channels', status: 'warn', message, repair: 'zcv channels test says what is wrong' };
    }
    if (channel.expiresAt > now) {
      const heard = channel.heardAt?.toISOString() ?? 'not yet';
      const message = `${what} lives until ${until}, last heard: ${heard}`;
      return { id: 'channels', status: 'ok', message, repair: null };
    }
    const repair = 'Let zcv serve run: it opens the channel again and reads what was missed';
    return { id: 'channels', status: 'fail', message: `${what} ended at ${until}`, repair };
  });
  return [...lives, ...refused];
}

const SCARCE_SHARE = 0.8;

export async function checkCredits(deps: DoctorDeps, connection: Connection): Promise<Check> {
  const { edition, users } = connection.org;
  const { creditCeilingPercent } = deps.settings;
  const now = deps.clock.now();
  const ceiling = ourCeiling(edition, users, creditCeilingPercent);
  const { spent, balance, parking } = await deps.store.ledger.account(connection.id, now);
  const zohoSays =
    balance === null ? '' : `; Zoho said at ${balance.at.toISOString()}: ${balance.credits} left`;
  const message = `${spent} of ${ceiling} credits spent in the last 24 hours (${creditCeilingPercent} % of what the edition ${edition} has)${zohoSays}`;
  const parked = activeParking(parking, ceiling, now);
  if (parked !== null) {
    return {
      id: 'credits',
      status: 'fail',
      message: `${message}. No calls before ${parked.until.toISOString()}: ${parked.why}`,
      repair:
        parked.ceiling === null
          ? 'Wait; work goes on by itself at that time. Look in Zoho, Setup > Developer Hub > APIs & SDKs, for who spends the credits'
          : 'Wait; work goes on by itself at that time. Or raise credits.ceilingPercent in fields.yaml',
    };
  }
  if (spent < ceiling * SCARCE_SHARE) return { id: 'credits', status: 'ok', message, repair: null };
  return {
    id: 'credits',
    status: spent < ceiling ? 'warn' : 'fail',
    message,
    repair:
      'Credits come back 24 hours after they were spent; or raise credits.ceilingPercent in fields.yaml',
  };
}

// More need no counting: somebody has to look.
const MOST_DEAD = 100;
const MOST_WAITING = 1_000;

export async function checkJobs({ store, clock }: DoctorDeps, connection: Connection): Promise<Check[]> {
  const now = clock.now();
  const of = { connection: connection.id };
  const dead = await store.jobs.list({ ...of, state: 'dead', limit: MOST_DEAD });
  const waiting = await store.jobs.list({ ...of, state: 'queued', limit: MOST_WAITING });
  const due = waiting.filter(({ runAt }) => runAt <= now).length;
  const alive = await store.workers.alive(new Date(now.getTime() - WORKER_SILENCE_MS));
  return [deadJobs(dead), workers(alive, due)];
}

function deadJobs(dead: readonly ListedJob[]): Check {
  const [newest] = dead;
  if (!newest) return ok('jobs', 'No job failed for good');
  const count = dead.length < MOST_DEAD ? String(dead.length) : `${MOST_DEAD} or more`;
  return {
    id: 'jobs',
    status: 'warn',
    message: `${count} jobs failed for good; the last, ${newest.name}: ${newest.lastError ?? 'no reason known'}`,
    repair:
      'zcv jobs dead lists them; when the cause is mended: zcv jobs retry --all, or with --delete to forget them',
  };
}

function workers(alive: readonly WorkerRow[], due: number): Check {
  const heard = alive.map(({ beatAt }) => beatAt).toSorted((a, b) => b.getTime() - a.getTime());
  const last = heard[0];
  if (last !== undefined) {
    const message = `${alive.length} processes run jobs, last heard of at ${last.toISOString()}; due: ${due}`;
    return ok('workers', message);
  }
  if (due === 0) return ok('workers', 'No process runs jobs now, and no job is due');
  return {
    id: 'workers',
    status: 'warn',
    message: `${due} jobs are due and no process runs them`,
    repair: 'Start zcv serve; beside zcv serve --no-jobs, start zcv worker',
  };
}
