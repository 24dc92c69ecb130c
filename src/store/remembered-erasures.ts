import type { Kysely } from 'kysely';
import type { Db } from '../db.ts';
import type { Tables } from './tables.ts';

/**
 * Who was erased, as keyed hashes, apart from the database: a backup that was made before an erasure knows nothing of
 * it. Without the encryption key, with which the salts are sealed, the list says nothing of anybody.
 */

export interface RememberedErasures {
  readonly version: 1;
  readonly salts: readonly { readonly connection: string; readonly salt: string }[];
  readonly suppressions: readonly {
    readonly connection: string;
    readonly kind: string;
    readonly hash: string;
    readonly words: number;
    readonly account: string | null;
    /** ISO 8601. */
    readonly at: string;
  }[];
  readonly certificates: readonly {
    readonly connection: string;
    readonly at: string;
    readonly certificate: string;
  }[];
}

export async function rememberedErasures(db: Pick<Db, 'kysely'>): Promise<RememberedErasures> {
  const { kysely } = db;
  const salts = await kysely.selectFrom('suppression_salts').selectAll().orderBy('connection_id').execute();
  const suppressions = await kysely.selectFrom('suppressions').selectAll().orderBy('hash').execute();
  const certificates = await kysely.selectFrom('erasures').selectAll().orderBy('id').execute();
  return {
    version: 1,
    salts: salts.map(({ connection_id, salt }) => ({ connection: connection_id, salt })),
    suppressions: suppressions.map((row) => ({
      connection: row.connection_id,
      kind: row.kind,
      hash: row.hash,
      words: row.words,
      account: row.account_id,
      at: row.erased_at.toISOString(),
    })),
    certificates: certificates.map((row) => ({
      connection: row.connection_id,
      at: row.erased_at.toISOString(),
      certificate: row.certificate,
    })),
  };
}

/** Adds what is not known yet, for connections that are there. The salt of the list goes before: its hashes are made with it. */
export async function mergeErasures(trx: Kysely<Tables>, list: RememberedErasures): Promise<void> {
  const there = new Set((await trx.selectFrom('connections').select('id').execute()).map(({ id }) => id));
  for (const { connection, salt } of list.salts.filter((each) => there.has(each.connection))) {
    await trx
      .insertInto('suppression_salts')
      .values({ connection_id: connection, salt })
      .onConflict((conflict) => conflict.column('connection_id').doUpdateSet({ salt }))
      .execute();
  }
  for (const row of list.suppressions.filter((each) => there.has(each.connection))) {
    await trx
      .insertInto('suppressions')
      .values({
        connection_id: row.connection,
        kind: row.kind,
        hash: row.hash,
        words: row.words,
        account_id: row.account,
        erased_at: new Date(row.at),
      })
      .onConflict((conflict) => conflict.columns(['connection_id', 'kind', 'hash']).doNothing())
      .execute();
  }
  const known = new Set(
    (await trx.selectFrom('erasures').select('certificate').execute()).map((row) => row.certificate),
  );
  for (const row of list.certificates.filter((each) => there.has(each.connection))) {
    if (known.has(row.certificate)) continue;
    await trx
      .insertInto('erasures')
      .values({ connection_id: row.connection, erased_at: new Date(row.at), certificate: row.certificate })
      .execute();
  }
}
