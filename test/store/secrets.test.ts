import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { type Keys, keyIdOf, loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { sealEverything } from '../support/every-secret.ts';
import { columnsByTable } from '../support/every-table.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { connected } from './builders.ts';

const oldKeys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const newKeys = await loadKeys({ keys: Buffer.alloc(32, 9).toString('base64'), keyFile: null });
const both: Keys = { all: [newKeys.all[0], oldKeys.all[0]] };
const clock = fakeClock('2026-03-02T09:00:00Z');
const CONTENT = 'pl zofia@wrzos.test whsec_present whsec_former token-of-the-channel secret-of-the-link';

/** By key, the columns that hold what it sealed, whatever table they are of: found by its form alone. */
async function sealedIn(db: Db): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const tables = [...(await columnsByTable(db)), ...(await columnsByTable(db, 'id'))];
  for (const [table, columns] of new Map(tables)) {
    for (const { name } of columns.filter(({ type }) => type.startsWith('text'))) {
      const { rows } = await sql<{ cell: string | null }>`
        select ${sql.ref(name)} as cell from ${sql.table(table)}`.execute(db.kysely);
      const ids = new Set(rows.flatMap(({ cell }) => keyIdOf(cell ?? '') ?? []));
      for (const id of ids) found.set(id, [...(found.get(id) ?? []), `${table}.${name}`]);
    }
  }
  for (const columns of found.values()) columns.sort();
  return found;
}

async function opened(db: Db, keys: Keys, connection: string): Promise<string> {
  const store = createStore(db, keys, clock);
  const [recipient] = await store.mailing.recipients(connection);
  const lease = { holder: 'a test', until: new Date(clock.now().getTime() + 1) };
  const endpoint = await store.events.claim(clock.now(), lease);
  if (endpoint) await store.events.releaseEndpoint(endpoint.id, lease.holder, clock.now());
  const [channel] = await store.channels.of(connection);
  const [link] = await store.links.listConnectLinks(clock.now());
  const parts = [recipient?.language, recipient?.address, ...(endpoint?.secrets ?? [])];
  return [...parts, channel?.token, link?.client?.clientSecret].join(' ');
}

describeOnBoth('secrets', ({ open }) => {
  test('every sealed value of a filled database is known, comes under the new key, and opens with it alone', async () => {
    const db = await open();
    const store = createStore(db, oldKeys, clock);
    const connection = await connected(store);
    await sealEverything(store, connection, clock.now());
    const [oldId, newId] = [oldKeys.all[0].id, newKeys.all[0].id];
    const before = await sealedIn(db);

    const [use] = await store.secrets.uses();
    const { resealed, unopened } = await createStore(db, both, clock).secrets.rotate();

    expect(before.get(oldId)).toHaveLength(10);
    expect(Object.keys(use?.secrets ?? {}).sort()).toEqual(before.get(oldId));
    expect({ resealed, unopened }).toEqual({ resealed: 10, unopened: 0 });
    expect(await sealedIn(db)).toEqual(new Map([[newId, before.get(oldId)]]));
    expect(await opened(db, newKeys, connection)).toBe(CONTENT);
    await createStore(db, newKeys, clock).secrets.proveKeys();
    const mail = await createStore(db, newKeys, clock).mailing.claim(clock.now(), {
      holder: 'a test',
      until: clock.now(),
    });
    expect(mail?.address).toBe('zofia@wrzos.test');
  });

  test('whoever has both keys reads and writes while another process rotates, and nothing is lost', async () => {
    const db = await open();
    const connection = await connected(createStore(db, oldKeys, clock));
    await sealEverything(createStore(db, oldKeys, clock), connection, clock.now());
    const serving = createStore(db, { all: [oldKeys.all[0], newKeys.all[0]] }, clock);
    const rotating = createStore(db, both, clock).secrets;
    let isRotating = true;
    let reads = 0;
    const serve = async () => {
      do {
        const accessToken = `token-${reads}`;
        await serving.tokens.saveAccessToken(
          connection,
          { accessToken, expiresAt: clock.now(), apiDomain: null },
          'nobody',
        );
        expect((await serving.tokens.grant(connection)).accessToken).toBe(accessToken);
        expect(await opened(db, { all: [oldKeys.all[0], newKeys.all[0]] }, connection)).toBe(CONTENT);
        reads += 1;
      } while (isRotating);
    };

    const served = serve();
    for (let round = 0; round < 5; round += 1) await rotating.rotate();
    isRotating = false;
    await served;

    expect(reads).toBeGreaterThan(0);
    expect((await rotating.rotate()).unopened).toBe(0);
    expect([...(await sealedIn(db)).keys()]).toEqual([newKeys.all[0].id]);
    expect((await serving.tokens.grant(connection)).accessToken).toBe(`token-${reads - 1}`);
  });

  test('a forgotten key takes out what it sealed and nothing else', async () => {
    const db = await open();
    const lost = createStore(db, oldKeys, clock);
    const connection = await connected(lost);
    await sealEverything(lost, connection, clock.now());
    const store = createStore(db, newKeys, clock);
    const kept = await connected(store, { name: 'kept' });
    await sealEverything(store, kept, clock.now());

    const gone = await store.secrets.forget(oldKeys.all[0].id);

    expect(gone).toMatchObject({
      'event_endpoints.secret': 1,
      'mail_recipients.address': 1,
      'out_mails.address': 1,
    });
    expect([...(await sealedIn(db)).keys()]).toEqual([newKeys.all[0].id]);
    expect(await opened(db, newKeys, kept)).toBe(CONTENT);
    expect((await store.connections.byId(connection))?.state).toBe('reconnect_needed');
    expect((await store.connections.byId(kept))?.state).toBe('ready');
  });
});
