import { type Command, Option } from 'commander';
import { z } from 'zod';
import type { App } from '../app.ts';
import type { Connection, Language } from '../domain.ts';
import { ConfigError, InputError } from '../errors.ts';
import { addRecipient, removeRecipient } from '../notify/recipients.ts';
import { sendTestMail } from '../notify/send-mails.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, say, withConnection } from './command.ts';
import { table } from './render.ts';

type AddOptions = CommonOptions & { lang?: Language; only?: 'alerts' | 'digest' };

const SINCE_MS = 7 * 86_400_000;

export function configure(command: Command): void {
  common(command.command('test').description('send one message now, to see whether the mail server takes it'))
    .requiredOption('--to <address>', 'to whom')
    .action((options: CommonOptions & { to: string }) =>
      withConnection(options, async (app, connection) => {
        if (app.config.smtpUrl === null)
          throw new ConfigError(
            'there is no mail server: set SMTP_URL, e.g. smtp://user:password@mail.firm.test:587',
          );
        const { from } = (await app.settings.of(connection)).settings.notify.mail;
        const to = addressOf(options.to);
        const outcome = await sendTestMail(app.config.smtpUrl, { to, from, at: app.clock.now() });
        if (options.json) printJson(outcome);
        else
          print(
            outcome.state === 'sent'
              ? 'The mail server took the message.'
              : `The mail server did not take the message: ${outcome.error}`,
          );
        return outcome.state === 'sent' ? 0 : 1;
      }),
    );
  configureRecipients(command.command('recipients').description('who gets alerts and digests'));
}

function configureRecipients(command: Command): void {
  common(
    command.command('list', { isDefault: true }).description('who gets what, and what became of messages'),
  ).action((options: CommonOptions) =>
    withConnection(options, (app, connection) => list(app, connection, options)),
  );
  common(command.command('add <address>').description('send alerts and the weekly digest to an address'))
    .addOption(new Option('--lang <language>', 'language of the mails').choices(['en', 'nl', 'pl', 'da']))
    .addOption(new Option('--only <kind>', 'not both').choices(['alerts', 'digest']))
    .action((given: string, options: AddOptions) =>
      withConnection(options, async (app, connection) => {
        const { plan } = (await app.settings.of(connection)).settings;
        const recipient = {
          address: addressOf(given),
          language: options.lang ?? plan.language,
          alerts: options.only !== 'digest',
          digest: options.only !== 'alerts',
        };
        const { address: _, ...kept } = recipient;
        const deed = { action: 'mail.recipient_add', target: connection.name, after: () => kept };
        await audited(app, connection, deed, () => addRecipient(app, connection, recipient));
        if (options.json) printJson(recipient);
        else {
          const what = [recipient.alerts && 'alerts', recipient.digest && 'the digest of the week'];
          print(`${recipient.address} gets ${what.filter(Boolean).join(' and ')} (${recipient.language})`);
          sayWithoutServer(app);
        }
        return 0;
      }),
    );
  common(
    command.command('remove <address>').description('send it nothing more, nor what still waits'),
  ).action((given: string, options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const address = addressOf(given);
      const deed = { action: 'mail.recipient_remove', target: connection.name, after: () => null };
      await audited(app, connection, deed, () => removeRecipient(app, connection, address));
      if (options.json) printJson({ removed: address });
      else print(`${address}: removed`);
      return 0;
    }),
  );
}

async function list(app: App, connection: Connection, options: CommonOptions): Promise<0> {
  const { mailing } = app.store;
  const recipients = await mailing.recipients(connection.id);
  const messages = await mailing.summary(connection.id, new Date(app.clock.now().getTime() - SINCE_MS));
  if (options.json) {
    printJson({ recipients, messages });
    return 0;
  }
  const how = (isWanted: boolean, isStopped: boolean) =>
    isWanted ? (isStopped ? 'stopped by the reader' : 'yes') : 'no';
  print(
    recipients.length === 0
      ? 'Nobody gets mail; add an address with: zcv mail recipients add ADDRESS'
      : table(
          ['address', 'language', 'alerts', 'digest'],
          recipients.map(({ address, language, alerts, digest, stopped }) => [
            address,
            language,
            how(alerts, stopped.includes('alerts')),
            how(digest, stopped.includes('digest')),
          ]),
        ),
  );
  const { waiting, failed, sentAt, lastError } = messages;
  const last = sentAt === null ? 'never' : sentAt.toISOString();
  const why = lastError === null ? '' : ` (last error: ${lastError})`;
  print(`Last sent: ${last}; waiting: ${waiting}; failed in 7 days: ${failed}${why}`);
  sayWithoutServer(app);
  return 0;
}

function sayWithoutServer({ config }: App): void {
  if (config.smtpUrl === null) say('! SMTP_URL is not set: nothing is sent until it is');
}

function addressOf(text: string): string {
  const parsed = z.email().max(254).safeParse(text.trim());
  if (!parsed.success) throw new InputError('give one e-mail address, e.g. ann@firm.test');
  return parsed.data;
}
