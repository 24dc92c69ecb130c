import { createHmac, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { type Keys, seal, unseal } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import { selectArrays } from './dialect.ts';
import { ERASED } from './erased-text.ts';

/**
 * Who was erased must not come back with the next sync. Remembered are keyed hashes: of record ids, and of phrases
 * (names, addresses, numbers) by their number of words, so that they are found within a text.
 */

export interface Suppressions {
  isErased(id: RecordId): boolean;
  /** The account of an erased contact: what hung on the contact alone counts for it. */
  accountOf(id: RecordId): RecordId | null;
  text(text: string): string;
}
export interface Suppressed {
  readonly id: RecordId;
  readonly accountId: RecordId | null;
}

const TOKEN = /[^\s,;:()"<>[\]{}]+/gu;
const hashOf = (salt: string, kind: string, text: string): string =>
  createHmac('sha256', salt).update(`${kind}\n${text}`).digest('hex');
/** As words are compared: whatever their case, without what ends a sentence. */
const plain = (word: string): string => word.toLowerCase().replace(/[.!?'’]+$/u, '');
const wordsOf = (text: string): string[] => [...text.matchAll(TOKEN)].map(([word]) => plain(word));

const contextOf = (connection: ConnectionId): string => `suppression_salts/${connection}/salt`;

async function saltOf(db: Db, keys: Keys, connection: ConnectionId): Promise<string> {
  const read = () =>
    db.kysely
      .selectFrom('suppression_salts')
      .select('salt')
      .where('connection_id', '=', connection)
      .executeTakeFirst();
  if (!(await read())) {
    const salt = seal(keys, randomBytes(32).toString('base64'), contextOf(connection));
    await db.kysely
      .insertInto('suppression_salts')
      .values({ connection_id: connection, salt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  return unseal(keys, (await read())?.salt ?? '', contextOf(connection));
}

export async function suppress(
  db: Db,
  keys: Keys,
  connection: ConnectionId,
  wanted: { records: readonly Suppressed[]; phrases: readonly string[]; at: Date },
): Promise<void> {
  const salt = await saltOf(db, keys, connection);
  const head = { connection_id: connection, erased_at: wanted.at };
  const values = [
    ...wanted.records.map(({ id, accountId }) => ({
      ...head,
      kind: 'record',
      hash: hashOf(salt, 'record', id),
      words: 1,
      account_id: accountId,
    })),
    ...wanted.phrases.flatMap((phrase) => {
      const words = wordsOf(phrase);
      const turned =
        words.length > 1 && !/[@\d]/.test(phrase) ? [words.at(-1), ...words.slice(0, -1)] : words;
      return [...new Set([words.join(' '), turned.join(' ')])].map((text) => ({
        ...head,
        kind: 'phrase',
        hash: hashOf(salt, 'phrase', text),
        words: words.length,
        account_id: null,
      }));
    }),
  ];
  if (values.length === 0) return;
  await db.kysely
    .insertInto('suppressions')
    .values(values)
    .onConflict((conflict) =>
      conflict.columns(['connection_id', 'kind', 'hash']).doUpdateSet((eb) => ({
        account_id: sql`coalesce(excluded.account_id, suppressions.account_id)`,
        erased_at: eb.ref('excluded.erased_at'),
      })),
    )
    .execute();
}

/** Null: nobody was erased here, which is what nearly every org answers. */
export async function suppressionsOf(
  db: Db,
  keys: Keys,
  connection: ConnectionId,
): Promise<Suppressions | null> {
  const rows = await selectArrays(
    db,
    sql`select kind, hash, words, account_id from suppressions where connection_id = ${connection}`,
  );
  if (rows.length === 0) return null;
  const salt = await saltOf(db, keys, connection);
  // The columns are text, text, bigint and text.
  const of = (kind: string) =>
    rows.filter((row) => row[0] === kind) as [string, string, number, string | null][];
  const records = new Map(of('record').map(([, hash, , account]) => [hash, account]));
  const phrases = new Set(of('phrase').map(([, hash]) => hash));
  const lengths = [...new Set(of('phrase').map(([, , words]) => Number(words)))].sort((a, b) => b - a);
  const isPhrase = (words: readonly string[]) => phrases.has(hashOf(salt, 'phrase', words.join(' ')));
  return {
    isErased: (id) => records.has(hashOf(salt, 'record', id)),
    accountOf: (id) => records.get(hashOf(salt, 'record', id)) ?? null,
    text: (text) => withoutPhrases(text, lengths, isPhrase),
  };
}

function withoutPhrases(
  text: string,
  lengths: readonly number[],
  isPhrase: (words: readonly string[]) => boolean,
): string {
  const tokens = [...text.matchAll(TOKEN)];
  const words = tokens.map(([word]) => plain(word));
  let told = '';
  let end = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const length = lengths.find((n) => at + n <= words.length && isPhrase(words.slice(at, at + n)));
    const first = tokens[at];
    const last = length === undefined ? undefined : tokens[at + length - 1];
    if (length === undefined || !first || !last) continue;
    told += text.slice(end, first.index) + ERASED;
    end = last.index + plainLength(last[0]);
    at += length - 1;
  }
  return told + text.slice(end);
}
/** Without what ends the sentence. */
const plainLength = (word: string): number => word.replace(/[.!?'’]+$/u, '').length;
