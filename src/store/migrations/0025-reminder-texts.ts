import { type Kysely, sql } from 'kysely';

/**
 * What we wrote into a task, so that it can be replaced without touching what people wrote, the day it was escalated,
 * and of users to whom they report and a digest of their e-mail address, by which a rule may name them.
 */
export async function addReminderTexts(db: Kysely<unknown>, dialect: 'sqlite' | 'postgres'): Promise<void> {
  const id = dialect === 'sqlite' ? 'text' : 'text collate "C"';
  const statements = [
    'alter table reminders add column body text',
    'alter table reminders add column stable text',
    'alter table reminders add column escalated_on text',
    'alter table crm_users add column email_digest text',
    `alter table crm_users add column manager_id ${id}`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
