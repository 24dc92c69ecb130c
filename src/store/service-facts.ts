import type { Kysely } from 'kysely';
import type { Db } from '../db.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** What is true of this database as a whole, one row a fact. */

/** This database was filled from another one: by a restore, or by a move. */
export interface CopyFact {
  readonly kind: 'restore' | 'move';
  /** unfinished: what must happen before anything else has not; standby: nothing is written to Zoho from here. */
  readonly state: 'unfinished' | 'standby' | 'active';
  /** Of this copying, so that its two ends can be told to belong together. */
  readonly id: string;
  /** When the rows were true. */
  readonly asOf: string;
  /** Mode of each connection before it stood by, by id. */
  readonly modes: Readonly<Record<string, string>>;
}
/** This database was moved to another one and is not to be worked on. */
export interface MovedFact {
  readonly id: string;
  /** Address without user and password. */
  readonly to: string;
}
export interface BackupFact {
  readonly file: string;
  readonly bytes: number;
  readonly rows: number;
  readonly durationMs: number;
}
interface Facts {
  copy: CopyFact;
  moved: MovedFact;
  backup: BackupFact;
  /** Why the newest attempt failed; gone with the next that succeeds. */
  backup_failed: { readonly why: string };
}
export interface ServiceFacts {
  get<N extends keyof Facts>(name: N): Promise<(Facts[N] & { readonly at: Date }) | null>;
  set<N extends keyof Facts>(name: N, body: Facts[N], at: Date): Promise<void>;
  remove(name: keyof Facts): Promise<void>;
}

export function serviceFacts(db: Pick<Db, 'kysely'>): ServiceFacts {
  return factsIn(db.kysely);
}

/** Within a transaction. */
export function factsIn(kysely: Kysely<Tables>): ServiceFacts {
  return {
    async get<N extends keyof Facts>(name: N) {
      const row = await kysely
        .selectFrom('service_facts')
        .selectAll()
        .where('name', '=', name)
        .executeTakeFirst();
      return row ? { ...fromJson<Facts[N]>(row.body), at: row.noted_at } : null;
    },
    async set(name, body, at) {
      const values = { body: toJson(body), noted_at: at };
      await kysely
        .insertInto('service_facts')
        .values({ name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute();
    },
    async remove(name) {
      await kysely.deleteFrom('service_facts').where('name', '=', name).execute();
    },
  };
}
