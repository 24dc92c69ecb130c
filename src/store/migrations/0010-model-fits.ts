import { type Kysely, sql } from 'kysely';

/** Purchase models as they were fitted, with the data they saw and the test they passed. */
export async function createModelFits(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  await sql
    .raw(`create table model_fits (connection_id ${id} not null references connections (id) on delete cascade,
      id ${id} not null, as_of text not null, fitted_at timestamptz not null, made_for text not null,
      unit text not null, model text, status text not null, parameters text not null, log_likelihood double precision,
      data_from text, data_until text not null, backtest text not null, details text not null,
      primary key (connection_id, id))`)
    .execute(db);
  await sql
    .raw('create index model_fits_by_date on model_fits (connection_id, as_of, fitted_at)')
    .execute(db);
}
