import { randomBytes } from 'node:crypto';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import { createStore } from '../../src/store/store.ts';
import { aCursorAt, anAccount, hashed, idReached } from './builders.ts';

/** Child of records.test.ts: saves pages with their cursor until it is killed. Arguments: database URL, connection. */
const [url = '', connection = ''] = process.argv.slice(2);
const db = await openDb(url);
const store = createStore(db, await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null }));
const before = await store.cursors.get(connection, 'Accounts');
for (let next = Number(idReached(before) ?? 100_000) + 1; ; next += 200) {
  const rows = Array.from({ length: 200 }, (_, i) => hashed(anAccount({ id: String(next + i) })));
  await store.records.save(connection, 'Accounts', rows, aCursorAt(String(next + 199)));
  process.stdout.write('.');
}
