import type { Connection } from '../domain.ts';
import type { phrase } from '../texts/doctor-text.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';

/** Whether mails can go out, and whether anybody gets them. */

const REPAIR: { readonly [code: string]: Parameters<typeof phrase>[0] } = {
  no_sender: 'mail_no_sender',
  EAUTH: 'mail_log_in',
  smtp_535: 'mail_log_in',
  EDNS: 'mail_name',
  ETLS: 'mail_encryption',
};

export async function checkMail({ store, mailProblem }: DoctorDeps, connection: Connection): Promise<Check> {
  const recipients = await store.mailing.recipients(connection.id);
  const count = { recipients: recipients.length };
  if (!mailProblem) {
    if (recipients.length === 0) return ok('mail', 'mail.off', {});
    return finding('mail', 'warn', 'mail.no_server', count);
  }
  const problem = await mailProblem();
  if (problem !== null) {
    const repair = { phrase: REPAIR[problem] ?? 'mail_unreached', params: {} };
    return finding('mail', 'warn', 'mail.unsent', { problem, repair });
  }
  const hears = recipients.some(({ alerts, stopped }) => alerts && !stopped.includes('alerts'));
  if (hears) return ok('mail', 'mail.heard', count);
  return finding('mail', 'warn', 'mail.unheard', { connection: connection.name });
}
