import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store/store.ts';
import { languageFrom } from '../../texts/access-pages.ts';
import { mailPageText } from '../../texts/mail-pages.ts';
import { sendPage } from '../page.ts';

/**
 * Stops mails of one kind to one reader, without a sign-in: the address itself is the proof. What looks at links before
 * people do must stop nothing, so only a POST does it; mail programs send that POST themselves (RFC 8058).
 */

export interface MailStopDeps {
  readonly store: Pick<Store, 'mailing' | 'connections' | 'audit'>;
  readonly clock: Clock;
}

export function getMailStop({ store }: MailStopDeps): RequestHandler {
  return async (req, res) => {
    const known = await store.mailing.optOutOf(String(req.params.token));
    const connection = known && (await store.connections.byId(known.connection));
    if (!known || !connection) return sendUnknown(req, res);
    const language = languageFrom(req.get('accept-language'));
    sendPage(res, 200, {
      title: mailPageText(language, 'title'),
      lines: [mailPageText(language, known.kind, connection.org.name)],
      language,
      form: { action: req.path, label: mailPageText(language, 'stop') },
    });
  };
}

export function postMailStop({ store, clock }: MailStopDeps): RequestHandler {
  return async (req, res) => {
    const at = clock.now();
    const stopped = await store.mailing.optOut(String(req.params.token), at);
    const connection = stopped && (await store.connections.byId(stopped.connection));
    if (!stopped || !connection) return sendUnknown(req, res);
    // Who it was is the reader's own affair; an administrator sees it among the recipients.
    await store.audit.add({
      ...{ connection: connection.id, who: 'reader', action: 'mail.stop', target: connection.name },
      ...{ before: null, after: { kind: stopped.kind }, at },
    });
    const language = languageFrom(req.get('accept-language'));
    sendPage(res, 200, {
      title: mailPageText(language, 'stopped'),
      lines: [
        mailPageText(language, `stopped_${stopped.kind}`, connection.org.name),
        mailPageText(language, 'again'),
      ],
      language,
    });
  };
}

function sendUnknown(req: Request, res: Response): void {
  const language = languageFrom(req.get('accept-language'));
  const lines = [mailPageText(language, 'unknown')];
  sendPage(res, 404, { title: mailPageText(language, 'title'), lines, language });
}
