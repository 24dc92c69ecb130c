import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { addDays } from '../../src/days.ts';
import { openDb } from '../../src/db.ts';
import type { Connection } from '../../src/domain.ts';
import type { LineDeps } from '../../src/jobs/line.ts';
import { runScoring } from '../../src/jobs/run-scoring.ts';
import type { ScoreThreads } from '../../src/jobs/score-crew.ts';
import { startScoreThread } from '../../src/jobs/score-thread.ts';
import { readSettings } from '../../src/settings.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth, type TestDatabase } from '../support/databases.ts';
import { seededRandom } from '../support/seeded-random.ts';
import {
  AT,
  aCase,
  aContact,
  aDeal,
  aLead,
  anAccount,
  aTask,
  collect,
  connected,
  hashed,
  later,
} from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const ASOF = '2026-03-01';
const ACCOUNTS = 60;
const SEED = 22;
const DAY_MS = 86_400_000;

/** Customers of every kind: accounts with contacts, deals, calls and cases, contacts alone, referrals, leads. */
async function fill(store: Store, connection: string): Promise<void> {
  const random = seededRandom(SEED);
  const upTo = (most: number) => Math.floor(random() * most);
  const accountId = (at: number) => String(10_001 + at);
  const createdAt = () => later(-upTo(1_200) * DAY_MS);
  const many = <T>(count: number, make: (at: number) => T) =>
    Array.from({ length: count }, (_, at) => make(at));
  await store.stages.learn(connection, [
    { pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' },
    { pipeline: 'Standard', stage: 'Closed Lost', outcome: 'lost' },
    { pipeline: 'Standard', stage: 'Qualification', outcome: 'open' },
  ]);
  const accounts = many(ACCOUNTS, (at) =>
    anAccount({
      id: accountId(at),
      name: `Customer ${at}`,
      accountType: ['Customer', 'Partner', null][at % 3] ?? null,
      source: ['Web', 'Trade show', null][upTo(3)] ?? null,
      createdAt: createdAt(),
      inputs: random() < 0.2 ? { referredBy: accountId(upTo(ACCOUNTS)) } : {},
    }),
  );
  const contacts = many(80, (at) =>
    aContact({ id: String(20_001 + at), accountId: random() < 0.7 ? accountId(upTo(ACCOUNTS)) : null }),
  );
  const deals = many(300, (at) => {
    const ago = upTo(1_000);
    const cents = upTo(90_000) - 4_000;
    return aDeal({
      id: String(30_001 + at),
      accountId: random() < 0.8 ? accountId(upTo(ACCOUNTS)) : null,
      contactId: String(20_001 + upTo(80)),
      stage: ['Closed Won', 'Closed Won', 'Closed Won', 'Closed Lost', 'Qualification'][upTo(5)] ?? null,
      amount: (cents / 100).toFixed(2),
      cost: (cents / 250).toFixed(2),
      closingDay: addDays(ASOF, -ago),
      createdAt: later(-ago * DAY_MS),
      wonAtFirstSync: true,
    });
  });
  const calls = many(90, (at) =>
    aTask({
      id: String(50_001 + at),
      module: 'Calls',
      callType: 'Outbound',
      whatId: random() < 0.5 ? accountId(upTo(ACCOUNTS)) : String(30_001 + upTo(300)),
      startAt: createdAt(),
      durationSeconds: 90,
      dueDay: null,
    }),
  );
  const cases = many(20, (at) =>
    aCase({ id: String(70_001 + at), accountId: accountId(upTo(ACCOUNTS)), createdAt: createdAt() }),
  );
  const leads = many(20, (at) =>
    aLead({
      id: String(60_001 + at),
      source: ['Web', 'Trade show', null][upTo(3)] ?? null,
      convertedAccountId: random() < 0.5 ? accountId(upTo(ACCOUNTS)) : null,
      createdAt: createdAt(),
    }),
  );
  await store.records.save(connection, 'Accounts', accounts.map(hashed), null);
  await store.records.save(connection, 'Contacts', contacts.map(hashed), null);
  await store.records.save(connection, 'Deals', deals.map(hashed), null);
  await store.records.save(connection, 'Calls', calls.map(hashed), null);
  await store.records.save(connection, 'Cases', cases.map(hashed), null);
  await store.records.save(connection, 'Leads', leads.map(hashed), null);
}

/** Small enough an org for tiers, labels and a purchase model. */
function settings() {
  const { settings: read } = readSettings('test/no-such-folder', []);
  if (!read) throw new Error('the defaults are settings');
  const { scoring } = read;
  return {
    ...read,
    scoring: {
      ...scoring,
      tiers: { ...scoring.tiers, minPopulation: 3 },
      cadence: { ...scoring.cadence, minGaps: 2 },
      rfm: { ...scoring.rfm, minBuyers: 3 },
      models: { ...scoring.models, minBuyers: 2, minRepeaters: 1, minRepeats: 1, minHistoryDays: 1 },
    },
  };
}

async function aFilledStore(database: TestDatabase) {
  const databaseUrl = await database.url();
  const db = await openDb(databaseUrl);
  await migrate(db);
  const store = createStore(db, keys);
  const id = await connected(store);
  await fill(store, id);
  const connection = (await store.connections.byId(id)) as Connection; // just made
  const unused = () => {
    throw new Error('Zoho is not to be asked');
  };
  const deps: LineDeps = {
    store,
    zohoFor: unused,
    creditsLeft: unused,
    clock: { now: () => AT, random: () => 0, sleep: async () => undefined },
    log: pino({ level: 'silent' }),
    settings: settings(),
    holder: 'test',
    isHolderGone: () => false,
  };
  const start: ScoreThreads['start'] = (task) => startScoreThread({ databaseUrl, task });
  return {
    start,
    /** The run's id and the model's differ by themselves. */
    async scored(scoreThreads?: ScoreThreads) {
      const summary = await runScoring(scoreThreads ? { ...deps, scoreThreads } : deps, {
        connection,
        asOf: ASOF,
      });
      const scores = await collect(store.scores.inKeyOrder(id, 100));
      const states = await store.scores.states(
        id,
        scores.map(({ key }) => key),
      );
      const { fit, ...baseline } = (await store.baselines.latest(id)) ?? { fit: null };
      const head = { ...summary, runId: null, baseline, model: fit?.model };
      const lines = [head, ...scores, ...[...states].sort(([a], [b]) => (a < b ? -1 : 1))];
      return lines.map((line) => JSON.stringify(line));
    },
    close: () => db.close(),
  };
}

/** Lines that differ, or that only one has: all of them would fill a book. */
function unlike(
  some: readonly string[],
  others: readonly string[],
): (readonly [string | undefined, string | undefined])[] {
  const all = Array.from(
    { length: Math.max(some.length, others.length) },
    (_, at) => [some[at], others[at]] as const,
  );
  return all.filter(([one, other]) => one !== other).slice(0, 2);
}

describeOnBoth('a full scoring by threads', (database) => {
  test('three threads with ranges of seven give byte for byte what one gives', async () => {
    const { start, scored, close } = await aFilledStore(database);
    try {
      const byOne = await scored();

      const byThree = await scored({ count: 3, start, rangeSize: 7 });

      expect(unlike(byThree, byOne)).toEqual([]);
      expect(byOne.some((line) => line.includes('"tier":"top"'))).toBe(true);
      expect(byOne.some((line) => line.includes('"module":"Contacts"'))).toBe(true);
    } finally {
      await close();
    }
  });

  test('a thread that ends in the middle fails the scoring, and the next one completes it', async () => {
    const { start, scored, close } = await aFilledStore(database);
    try {
      const byOne = await scored();
      let ranges = 0;
      const mortal: ScoreThreads['start'] = (task) => {
        const thread = start(task);
        return {
          ...thread,
          async score(range) {
            ranges += 1;
            if (ranges === 6) void thread.stop();
            return thread.score(range);
          },
        };
      };

      await expect(scored({ count: 2, start: mortal, rangeSize: 7 })).rejects.toThrow(
        'a scoring thread ended',
      );

      expect(unlike(await scored({ count: 2, start, rangeSize: 7 }), byOne)).toEqual([]);
    } finally {
      await close();
    }
  });
});
