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

  test('has no column for what the page says is not asked for', async () => {
    const db = await open();
    const query =
      db.dialect === 'sqlite'
        ? sql<{ name: string }>`select m.name || '.' || p.name as name from sqlite_master m
            join pragma_table_info(m.name) p where m.type = 'table'`
        : sql<{
            name: string;
          }>`select table_name || '.' || column_name as name from information_schema.columns
            where table_schema = current_schema()`;
    const columns = (await query.execute(db.kysely)).rows.map(({ name }) => name);
    const personal = /phone|mobile|street|city|birth|password|gender|e?mail(?!_domain|s_)|address/;

    expect(columns.length).toBeGreaterThan(300);
    // Hashes, the sealed addresses of whoever asked for our mail, and two names that only sound so.
    expect(columns.filter((name) => personal.test(name.split('.')[1] ?? '')).toSorted()).toEqual([
      'crm_users.email_digest',
      'invitations.address_hash',
      'mail_optouts.address_hash',
      'mail_recipients.address',
      'mail_recipients.address_hash',
      'out_events.mail_state',
      'out_mails.address',
      'out_mails.address_hash',
      'out_mails.mail_key',
    ]);
  });
});
