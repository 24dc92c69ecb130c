import type { RequestHandler } from 'express';
import type { Clock } from '../../clock.ts';
import type { Store } from '../../store/store.ts';
import { accessText, languageFrom } from '../../texts/access-pages.ts';
import type { Access } from '../access.ts';
import { sendPage } from '../page.ts';

export interface OperatorLinkDeps {
  readonly store: Pick<Store, 'links' | 'audit'>;
  readonly clock: Clock;
  readonly access: Access;
}

const SECRET = /^[\w-]{43}$/;

/** Only asks: what looks at links before people do (a mail scanner, a preview) must not use it up. */
export function getOperatorLink({ access }: OperatorLinkDeps): RequestHandler {
  return (req, res) => {
    access.requireSecret();
    const language = languageFrom(req.get('accept-language'));
    sendPage(res, 200, {
      title: accessText(language, 'sign_in_title'),
      lines: [],
      language,
      form: { action: req.path, label: accessText(language, 'sign_in') },
    });
  };
}

/** Signs an operator in, once. */
export function postOperatorLink({ store, clock, access }: OperatorLinkDeps): RequestHandler {
  return async (req, res) => {
    access.requireSecret();
    const secret = String(req.params.secret);
    const operator = SECRET.test(secret) ? await store.links.takeOperatorLink(secret, clock.now()) : null;
    if (operator === null) {
      const language = languageFrom(req.get('accept-language'));
      const lines = [accessText(language, 'operator_gone')];
      return sendPage(res, 410, { title: accessText(language, 'not_signed_in'), lines, language });
    }
    await access.signIn(req, { operator });
    await store.audit.add({
      ...{ connection: null, who: `operator:${operator}`, action: 'operator.sign_in', target: operator },
      ...{ before: null, after: null, at: clock.now() },
    });
    res.redirect(303, '/');
  };
}
