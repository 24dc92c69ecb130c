import { type Kysely, sql } from 'kysely';

/**
 * Scores of neighbouring customers lie together, compressed; a score of its own is one that was rescored alone. The
 * columns and the index for ranks in SQL go: ranks are found in the baseline.
 */
export async function packScores(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const serial =
    dialect === 'sqlite'
      ? 'integer primary key autoincrement'
      : 'bigint generated always as identity primary key';
  const bytes = dialect === 'sqlite' ? 'blob' : 'bytea';
  const owned = `connection_id ${id} not null references connections (id) on delete cascade`;
  const kept =
    'connection_id, module, record_id, as_of, written_at, tier, phase, sub_phase, gold, rank, state';
  const statements = [
    `create table score_packs (id ${serial}, ${owned}, written_at timestamptz not null, body ${bytes} not null)`,
    'create index score_packs_by_connection on score_packs (connection_id, id)',
    // Made anew, because SQLite cannot let a column be null that was not.
    'drop index scores_by_rank',
    'alter table scores rename to former_scores',
    `create table scores (${owned}, module text not null, record_id ${id} not null, as_of text not null,
      written_at timestamptz not null, tier text not null, phase text not null, sub_phase text,
      gold boolean not null, rank bigint, state text not null, score text, pack bigint,
      primary key (connection_id, module, record_id))`,
    `insert into scores (${kept}, score) select ${kept}, score from former_scores`,
    'drop table former_scores',
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
