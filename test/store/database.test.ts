import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { openDb } from '../../src/db.ts';
import { ConfigError } from '../../src/errors.ts';
import { isSafeSqlite } from '../../src/store/dialect.ts';
import { describeOnBoth } from '../support/databases.ts';

describeOnBoth('database', ({ open, url }) => {
  test('instants, flags, large numbers, NULL and any text come back as they were stored', async () => {
    const { kysely } = await open();
    await sql`create table kinds (at timestamptz, flag boolean, big bigint, words text, empty text)`.execute(
      kysely,
    );
    const row = {
      at: new Date('2026-03-29T01:59:59.999Z'),
      flag: true,
      big: Number.MAX_SAFE_INTEGER,
      words: 'Größe "quoted" 😀 \' {a,b} \\',
      empty: null,
    };

    await sql`insert into kinds values (${row.at}, ${row.flag}, ${row.big}, ${row.words}, ${row.empty})`.execute(
      kysely,
    );
    await sql`insert into kinds values (null, ${false}, ${-1}, '', ${null})`.execute(kysely);

    const { rows } = await sql`select * from kinds order by big desc`.execute(kysely);
    expect(rows).toEqual([row, { at: null, flag: false, big: -1, words: '', empty: null }]);
  });

  test('any instant of four digits of year comes back to the millisecond', async () => {
    const { kysely } = await open();
    await sql`create table instants (at timestamptz)`.execute(kysely);
    const years = { min: new Date('1000-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z') };

    await fc.assert(
      fc.asyncProperty(fc.date({ ...years, noInvalidDate: true }), async (at) => {
        await sql`delete from instants`.execute(kysely);
        await sql`insert into instants values (${at})`.execute(kysely);
        expect((await sql`select at from instants`.execute(kysely)).rows).toEqual([{ at }]);
      }),
      { numRuns: 50 },
    );
  });

  test('a transaction that throws leaves nothing', async () => {
    const { kysely } = await open();
    await sql`create table thrown (n bigint)`.execute(kysely);

    const failing = kysely.transaction().execute(async (trx) => {
      await sql`insert into thrown values (1)`.execute(trx);
      throw new Error('no');
    });

    await expect(failing).rejects.toThrow('no');
    expect((await sql`select * from thrown`.execute(kysely)).rows).toEqual([]);
  });

  test('transactions of two connections that read before they write lose nothing', async () => {
    const address = await url();
    const dbs = [await openDb(address), await openDb(address)];
    const [first] = dbs;
    if (!first) throw new Error('no database');
    await sql`create table counter (id bigint primary key, n bigint)`.execute(first.kysely);
    await sql`insert into counter values (1, 0)`.execute(first.kysely);

    const lock = first.dialect === 'postgres' ? sql`for update` : sql``;
    const work = dbs.map(async (db) => {
      for (let i = 0; i < 100; i++) {
        await db.kysely.transaction().execute(async (trx) => {
          const { rows } = await sql<{ n: number }>`select n from counter where id = 1 ${lock}`.execute(trx);
          await sql`update counter set n = ${(rows[0]?.n ?? 0) + 1} where id = 1`.execute(trx);
        });
      }
    });
    await Promise.all(work);

    const { rows } = await sql<{ n: number }>`select n from counter`.execute(first.kysely);
    for (const db of dbs) await db.close();
    expect(rows).toEqual([{ n: 200 }]);
  });

  test('timers run while a long loop of queries is at work', async () => {
    const { kysely } = await open();
    await sql`create table probe (n bigint)`.execute(kysely);
    let longestMs = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 1);

    const until = performance.now() + 600;
    while (performance.now() < until) await sql`select * from probe where n = 1`.execute(kysely);
    longestMs = Math.max(longestMs, performance.now() - last);
    clearInterval(timer);

    // A turn is 10 ms; the rest is what a busy machine may add.
    expect(longestMs).toBeLessThan(200);
  });
});

describe('opening', () => {
  test('waiting for another writer leaves the thread free and ends with an error after the time given', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const { join } = await import('node:path');
    const directory = mkdtempSync(join(tmpdir(), 'zcv-busy-'));
    const address = `file:${join(directory, 'store.db')}`;
    const holder = await openDb(address);
    const waiter = await openDb(address, { busyTimeoutMs: 300 });
    await sql`create table probe (n bigint)`.execute(holder.kysely);
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 10);

    const outcome = await holder.kysely.transaction().execute(async () =>
      waiter.kysely
        .transaction()
        .execute((trx) => sql`insert into probe values (1)`.execute(trx))
        .catch((error: unknown) => error),
    );
    clearInterval(timer);
    await waiter.kysely.transaction().execute((trx) => sql`insert into probe values (2)`.execute(trx));

    const { rows } = await sql`select n from probe`.execute(holder.kysely);
    await holder.close();
    await waiter.close();
    rmSync(directory, { recursive: true, force: true });
    expect(String(outcome)).toContain('locked');
    expect(ticks).toBeGreaterThan(5);
    expect(rows).toEqual([{ n: 2 }]);
  });

  test('a URL that is neither names what to write', async () => {
    await expect(openDb('mysql://127.0.0.1/x')).rejects.toThrow(ConfigError);
  });

  test.each([
    ['3.53.4', true],
    ['3.51.3', true],
    ['3.51.2', false],
    ['3.50.7', true],
    ['3.50.6', false],
    ['3.44.6', true],
    ['3.45.0', false],
    ['4.0.0', true],
  ])('SQLite %s is safe: %s', (version, isSafe) => {
    expect(isSafeSqlite(version)).toBe(isSafe);
  });
});
