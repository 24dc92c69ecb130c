import { createStore } from './src/store/store.ts'; import { openDb } from './src/db.ts'; import { loadKeys } from './src/crypto.ts'; import { aConnection } from './test/store/builders.ts';
const db = await openDb(process.env.DATABASE_URL!); const keys = await loadKeys({ keys: null, keyFile: '/tmp/wt/ag-try/x.db.key' });
const store = createStore(db, keys); for (const name of ['acme','beta','bad']) await store.connections.create(aConnection({ name })); await db.close();
