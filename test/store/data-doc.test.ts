import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { describeOnBoth } from '../support/databases.ts';
import { cell, tableRows } from '../support/markdown.ts';

describeOnBoth('docs/data.md', ({ open }) => {
  test('names every table of the database, each in one row', async () => {
    const db = await open();
    const query =
      db.dialect === 'sqlite'
        ? sql<{
            name: string;
          }>`select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
        : sql<{ name: string }>`select table_name as name from information_schema.tables
            where table_schema = current_schema() and table_type = 'BASE TABLE'`;
    const { rows } = await query.execute(db.kysely);

    const told = tableRows('docs/data.md', '## What is stored (held to the code)').flatMap((row) =>
      [...cell(row, 'tables').matchAll(/`([a-z_0-9]+)`/g)].map((match) => match[1] ?? ''),
    );

    expect(told.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });
});
