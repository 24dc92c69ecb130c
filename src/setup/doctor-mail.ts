import type { Connection } from '../domain.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

/** Whether mails can go out, and whether anybody gets them. */

const REPAIR: { readonly [code: string]: string } = {
  no_sender: 'Name a sender in notify.yaml, mail.from, e.g. Customer Value <value@firm.test>',
  EAUTH: 'The mail server refuses the log-in: mend user and password in SMTP_URL',
  smtp_535: 'The mail server refuses the log-in: mend user and password in SMTP_URL',
  EDNS: 'The name of the mail server is not known: mend SMTP_URL',
  ETLS: 'The mail server offers no encryption that we take: use its port for STARTTLS (587) or smtps:// (465)',
};
const UNREACHED = 'See that SMTP_URL names the right server and port, and that this machine may reach it';

export async function checkMail({ store, mailProblem }: DoctorDeps, connection: Connection): Promise<Check> {
  const recipients = await store.mailing.recipients(connection.id);
  if (!mailProblem) {
    if (recipients.length === 0) return ok('mail', 'No mail is sent: SMTP_URL is not set');
    const message = `${recipients.length} recipients are named, and no mail server: nothing is sent`;
    return { id: 'mail', status: 'warn', message, repair: 'Set SMTP_URL' };
  }
  const problem = await mailProblem();
  if (problem !== null) {
    const message = `Mails cannot be sent (${problem})`;
    return { id: 'mail', status: 'warn', message, repair: REPAIR[problem] ?? UNREACHED };
  }
  const hears = recipients.some(({ alerts, stopped }) => alerts && !stopped.includes('alerts'));
  if (hears) return ok('mail', `The mail server takes our log-in; recipients: ${recipients.length}`);
  const message = 'The mail server takes our log-in, and nobody is told of alerts';
  return {
    id: 'mail',
    status: 'warn',
    message,
    repair: `zcv mail recipients add ADDRESS --connection ${connection.name}`,
  };
}
