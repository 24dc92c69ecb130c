import { spawn } from 'node:child_process';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDb } from '../../src/db.ts';
import { migrate, pendingMigrations } from '../../src/store/migrate.ts';
import { describeOnBoth } from '../support/databases.ts';

const MIGRATE = `
  import { openDb } from '${new URL('../../src/db.ts', import.meta.url).pathname}';
  import { migrate } from '${new URL('../../src/store/migrate.ts', import.meta.url).pathname}';
  const db = await openDb(process.argv[1]);
  process.stdout.write('ready');
  // All at one moment, once every process has loaded.
  await new Promise((resolve) => process.stdin.once('data', resolve));
  console.log(JSON.stringify(await migrate(db)));
  await db.close();
  process.exit(0);
`;

function start(url: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', MIGRATE, url]);
  let out = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const ended = new Promise<{ code: number | null; out: string; errors: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out: out.replace('ready', '').trim(), errors })),
  );
  const ready = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  return { child, ready, ended };
}

describeOnBoth('migrations', ({ url }) => {
  test('four processes that start at once on a new database all succeed, and one migrates', async () => {
    const address = await url();
    const children = [1, 2, 3, 4].map(() => start(address));
    await Promise.all(children.map((one) => Promise.race([one.ready, one.ended])));

    for (const { child } of children) child.stdin.write('go');
    const ends = await Promise.all(children.map((one) => one.ended));

    expect(ends.map(({ code, errors }) => ({ code, errors }))).toEqual(
      ends.map(() => ({ code: 0, errors: '' })),
    );
    const ran = ends.map(({ out }) => JSON.parse(out) as string[]).filter((names) => names.length > 0);
    expect(ran).toEqual([expect.arrayContaining(['0001-initial'])]);
  });

  test('a migration that fails leaves nothing behind, and the next start repeats it', async () => {
    const db = await openDb(await url());
    await sql`create table scores (other text)`.execute(db.kysely);

    await expect(migrate(db)).rejects.toThrow(/scores/);
    const pending = await pendingMigrations(db);
    expect(pending[0]).toBe('0001-initial');
    await expect(sql`select * from connections`.execute(db.kysely)).rejects.toThrow();
    await sql`drop table scores`.execute(db.kysely);

    expect(await migrate(db)).toEqual(pending);
    expect(await migrate(db)).toEqual([]);
    expect(await pendingMigrations(db)).toEqual([]);
    await db.close();
  });
});
