import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import { silentLog } from '../../src/log.ts';
import { createStore } from '../../src/store/store.ts';
import { Governor } from '../../src/zoho/governor.ts';
import { fakeClock } from '../support/fake-clock.ts';

/** A process that makes as many calls as it may, at one instant; prints the credits they took. */

const [url = '', connection = '', ceiling = '', calls = '', at = ''] = process.argv.slice(2);
const db = await openDb(url);
const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const governor = new Governor(
  { ledger: createStore(db, keys).ledger, clock: fakeClock(at), log: silentLog },
  { connection, ceiling: Number(ceiling) },
);
const outcomes = await Promise.allSettled(
  Array.from({ length: Number(calls) }, (_, index) =>
    governor.run({ credits: 1 + (index % 3), sub: false }, async () => {}),
  ),
);
const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
const strange = failures.filter((reason) => reason?.code !== 'zoho_credits').map(String);
process.stdout.write(JSON.stringify({ ...governor.usage(), refused: failures.length, strange }));
await db.close();
