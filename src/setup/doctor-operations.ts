import type { Connection } from '../domain.ts';
import { type ListedJob, WORKER_SILENCE_MS, type WorkerRow } from '../store/queue-stores.ts';
import { listed, phrase } from '../texts/doctor-text.ts';
import { activeParking } from '../zoho/credit-account.ts';
import { ourCeiling } from '../zoho/prices.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';

/** What doctor reads from our own books: backups, notification channels, API credits, jobs and who runs them. */

// The schedule makes one a night.
const OLD_BACKUP_DAYS = 2;
const DAY_MS = 86_400_000;

export async function checkBackup({ store, clock, makesBackups }: DoctorDeps): Promise<Check> {
  const [made, failed] = [await store.facts.get('backup'), await store.facts.get('backup_failed')];
  const newest =
    made === null
      ? phrase('no_backup', {})
      : phrase('newest_backup', { file: made.file, at: made.at.toISOString() });
  if (failed !== null)
    return finding('backup', 'warn', 'backup.failed', { why: { sentence: failed.why }, newest });
  const days = made === null ? 0 : Math.floor((clock.now().getTime() - made.at.getTime()) / DAY_MS);
  if (makesBackups && days >= OLD_BACKUP_DAYS)
    return finding('backup', 'warn', 'backup.old', { days, newest });
  return ok('backup', makesBackups ? 'backup.nightly' : 'backup.off', { newest });
}

export async function checkChannels(deps: DoctorDeps, connection: Connection): Promise<Check[]> {
  const channels = await deps.store.channels.of(connection.id);
  const now = deps.clock.now();
  if (channels.length === 0) {
    if (deps.publicUrl === null) return [ok('channels', 'channels.none', {})];
    return [finding('channels', 'warn', 'channels.not_yet', {})];
  }
  const refused = (await deps.store.channels.refused(connection.id)).map(({ module, message }) =>
    finding('channels', 'warn', 'channels.refused', { module, why: { sentence: message } }),
  );
  const lives = channels.map(({ channelId: channel, events, expiresAt, unheard, heardAt }): Check => {
    const until = expiresAt.toISOString();
    const what = { channel, events: listed(events) };
    if (expiresAt <= now) return finding('channels', 'fail', 'channels.ended', { ...what, until });
    if (unheard > 0) return finding('channels', 'warn', 'channels.unheard', { ...what, changes: unheard });
    const heard = heardAt?.toISOString() ?? phrase('not_heard', {});
    return ok('channels', 'channels.alive', { ...what, until, heard });
  });
  return [...lives, ...refused];
}

const SCARCE_SHARE = 0.8;

export async function checkCredits(deps: DoctorDeps, connection: Connection): Promise<Check> {
  const { edition, users } = connection.org;
  const { creditCeilingPercent: percent } = deps.settings;
  const now = deps.clock.now();
  const ceiling = ourCeiling(edition, users, percent);
  const { spent, balance, parking } = await deps.store.ledger.account(connection.id, now);
  const zohoSaid = { at: balance?.at.toISOString() ?? null, left: balance?.credits ?? null };
  const account = phrase('credit_account', { spent, ceiling, percent, edition, ...zohoSaid });
  const parked = activeParking(parking, ceiling, now);
  if (parked !== null) {
    const code = parked.ceiling === null ? 'credits.parked_by_zoho' : 'credits.parked';
    const until = parked.until.toISOString();
    return finding('credits', 'fail', code, { account, until, why: { sentence: parked.why } });
  }
  if (spent < ceiling * SCARCE_SHARE) return ok('credits', 'credits.enough', { account });
  return finding('credits', spent < ceiling ? 'warn' : 'fail', 'credits.scarce', { account });
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
  if (!newest) return ok('jobs', 'jobs.fine', {});
  return finding('jobs', 'warn', 'jobs.dead', {
    count: dead.length < MOST_DEAD ? dead.length : phrase('or_more', { count: MOST_DEAD }),
    job: newest.name,
    error: newest.lastError === null ? phrase('no_reason', {}) : { sentence: newest.lastError },
  });
}

function workers(alive: readonly WorkerRow[], due: number): Check {
  const heard = alive.map(({ beatAt }) => beatAt).toSorted((a, b) => b.getTime() - a.getTime());
  const last = heard[0];
  if (last !== undefined)
    return ok('workers', 'workers.alive', { count: alive.length, at: last.toISOString(), due });
  return due === 0 ? ok('workers', 'workers.idle', {}) : finding('workers', 'warn', 'workers.none', { due });
}
