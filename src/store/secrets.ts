import { type RawBuilder, sql } from 'kysely';
import { type Keys, keyIdOf, seal, unseal } from '../crypto.ts';
import type { Db } from '../db.ts';
import { selectArrays } from './dialect.ts';
import { textColumnsOf } from './row-pages.ts';

/** Every column that holds sealed secrets: which keys they need, and how they come under another key. */

interface SecretColumn {
  readonly table: string;
  readonly column: string;
  /** Names the row. */
  readonly key: readonly string[];
  /** What was authenticated with the secret, from the values of the key. */
  readonly context: (key: readonly string[]) => string;
}

const ofConnection = (column: string): SecretColumn => ({
  table: 'connections',
  column,
  key: ['id'],
  context: ([id]) => `connections/${id}/${column}`,
});
const ofEndpoint = (column: string): SecretColumn => ({
  table: 'event_endpoints',
  column,
  key: ['connection_id', 'id'],
  context: ([connection, id]) => `event_endpoints/${connection}/${id}/secret`,
});
const SECRET_COLUMNS: readonly SecretColumn[] = [
  ofConnection('client_secret'),
  ofConnection('refresh_token'),
  ofConnection('access_token'),
  {
    table: 'channels',
    column: 'token',
    key: ['connection_id', 'channel_id'],
    context: ([connection, channel]) => `channels/${connection}/${channel}/token`,
  },
  {
    table: 'connect_links',
    column: 'client_secret',
    key: ['id'],
    context: ([id]) => `connect_links/${id}/client_secret`,
  },
  {
    table: 'suppression_salts',
    column: 'salt',
    key: ['connection_id'],
    context: ([connection]) => `suppression_salts/${connection}/salt`,
  },
  ofEndpoint('former_secret'),
  ofEndpoint('secret'),
  {
    table: 'mail_recipients',
    column: 'address',
    key: ['connection_id', 'address_hash'],
    context: ([connection]) => `mail/${connection}/address`,
  },
  {
    table: 'out_mails',
    column: 'address',
    key: ['connection_id', 'id'],
    context: ([connection]) => `mail/${connection}/address`,
  },
];

const SEALED = /^v1\.[0-9a-f]{8}\.[\w-]+$/;
const PAGE = 200;

export interface KeyUse {
  readonly keyId: string;
  /** "table.column" → how many secrets. */
  readonly secrets: Readonly<Record<string, number>>;
}
export interface SecretsStore {
  /** By key, those that are in use. */
  uses(): Promise<KeyUse[]>;
  /**
   * Seals anew with the first key what another one sealed, by pages, while others read and write. Answers how many. What
   * no known key opens is left and counted.
   */
  rotate(): Promise<{ resealed: number; unopened: number }>;
  /** Throws ConfigError when a secret that was sealed with one of the keys does not open. */
  proveKeys(): Promise<void>;
  /**
   * The key is lost: takes out what it sealed. Connections need to be linked again, channels are opened anew, endpoints of
   * events and recipients of mail are to be named again, and who was erased from a connection cannot be told any more.
   * Answers how many secrets of each column went.
   */
  forget(keyId: string): Promise<Readonly<Record<string, number>>>;
}

export function secretsStore(db: Db, keys: Keys): SecretsStore {
  return {
    uses: () => usesIn(db),
    async rotate() {
      let resealed = 0;
      let unopened = 0;
      for (const column of SECRET_COLUMNS) {
        const done = await rotateColumn(db, keys, column);
        resealed += done.resealed;
        unopened += done.unopened;
      }
      return { resealed, unopened };
    },
    async proveKeys() {
      const known = new Set(keys.all.map(({ id }) => id));
      for (const column of SECRET_COLUMNS) {
        for await (const { key, sealed } of secretsOf(db, column, null)) {
          if (known.has(keyIdOf(sealed) ?? '')) unseal(keys, sealed, column.context(key));
        }
      }
    },
    forget: (keyId) => forgetKey(db, keyId),
  };
}

/** Any text column counts, so that a secret of which this file knows nothing keeps its key in use. */
async function usesIn(db: Db): Promise<KeyUse[]> {
  const counts = new Map<string, Record<string, number>>();
  const columns = new Map(await textColumnsOf(db));
  columns.set('connections', ['client_secret', 'refresh_token', 'access_token']);
  for (const [table, names] of columns) {
    for (const column of names) {
      if (!holdsSecrets(table, column)) continue;
      const rows = await selectArrays(
        db,
        sql`select substr(${sql.ref(column)}, 4, 8), count(*) from ${sql.table(table)}
          where ${sql.ref(column)} like 'v1.________.%' group by 1`,
      );
      for (const [keyId, count] of rows) {
        const of = counts.get(String(keyId)) ?? {};
        of[`${table}.${column}`] = Number(count);
        counts.set(String(keyId), of);
      }
    }
  }
  return [...counts]
    .map(([keyId, secrets]) => ({ keyId, secrets }))
    .sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
}

function holdsSecrets(table: string, column: string): boolean {
  return (
    SECRET_COLUMNS.some((each) => each.table === table && each.column === column) ||
    /secret|token|salt|address/.test(column)
  );
}

interface Secret {
  readonly key: readonly string[];
  readonly sealed: string;
}

/** `notBy`: those that this key sealed are left out. */
async function* secretsOf(db: Db, of: SecretColumn, notBy: string | null): AsyncGenerator<Secret> {
  const column = sql.ref(of.column);
  const keyColumns = sql.join(of.key.map((name) => sql.ref(name)));
  let after: readonly string[] | null = null;
  for (;;) {
    const beyond: RawBuilder<unknown> =
      after === null ? sql`1 = 1` : sql`(${keyColumns}) > (${sql.join(after.map((value) => sql`${value}`))})`;
    const rows = await selectArrays(
      db,
      sql`select ${keyColumns}, ${column} from ${sql.table(of.table)}
        where ${column} like 'v1.________.%' and ${column} not like ${`v1.${notBy ?? 'none'}.%`} and ${beyond}
        order by ${keyColumns} limit ${PAGE}`,
    );
    for (const row of rows) {
      const cells = row.map(String); // keys and secrets are text
      const sealed = cells.at(-1) ?? '';
      if (SEALED.test(sealed)) yield { key: cells.slice(0, -1), sealed };
    }
    if (rows.length < PAGE) return;
    after = (rows.at(-1) ?? []).slice(0, -1).map(String);
  }
}

function isRow(of: SecretColumn, { key, sealed }: Secret): RawBuilder<unknown> {
  const cells = of.key.map((name, index) => sql`${sql.ref(name)} = ${key[index] ?? ''}`);
  // Another process may have stored a newer secret meanwhile: that stays.
  return sql.join([...cells, sql`${sql.ref(of.column)} = ${sealed}`], sql` and `);
}

async function rotateColumn(
  db: Db,
  keys: Keys,
  of: SecretColumn,
): Promise<{ resealed: number; unopened: number }> {
  const known = new Set(keys.all.map(({ id }) => id));
  let resealed = 0;
  let unopened = 0;
  for await (const secret of secretsOf(db, of, keys.all[0].id)) {
    if (!known.has(keyIdOf(secret.sealed) ?? '')) {
      unopened += 1;
      continue;
    }
    const context = of.context(secret.key);
    const anew = seal(keys, unseal(keys, secret.sealed, context), context);
    const { numAffectedRows } = await sql`
      update ${sql.table(of.table)} set ${sql.ref(of.column)} = ${anew} where ${isRow(of, secret)}`.execute(
      db.kysely,
    );
    resealed += Number(numAffectedRows ?? 0n);
  }
  return { resealed, unopened };
}

async function forgetKey(db: Db, keyId: string): Promise<Record<string, number>> {
  const gone: Record<string, number> = {};
  for (const of of SECRET_COLUMNS) {
    const by = sql`${sql.ref(of.column)} like ${`v1.${keyId}.%`}`;
    const { numAffectedRows } = await takenOut(of, by).execute(db.kysely);
    if (numAffectedRows) gone[`${of.table}.${of.column}`] = Number(numAffectedRows);
  }
  if (gone['suppression_salts.salt']) {
    // Hashes without their salt name nobody.
    const { numAffectedRows } = await sql`delete from suppressions where connection_id not in
      (select connection_id from suppression_salts)`.execute(db.kysely);
    gone['suppressions.hash'] = Number(numAffectedRows ?? 0n);
  }
  return gone;
}

function takenOut({ table, column }: SecretColumn, by: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (`${table}.${column}`) {
    case 'connections.access_token':
      return sql`update connections set access_token = null, access_expires_at = null where ${by}`;
    case 'connections.client_secret':
    case 'connections.refresh_token':
      return sql`update connections set ${sql.ref(column)} = '', state = 'reconnect_needed',
        state_why = 'its key was lost; connect again' where ${by}`;
    case 'event_endpoints.former_secret':
      return sql`update event_endpoints set former_secret = null, former_until = null where ${by}`;
    default:
      return sql`delete from ${sql.table(table)} where ${by}`;
  }
}
