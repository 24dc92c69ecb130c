import type { RequestHandler } from 'express';
import { accessText, languageFrom } from '../../texts/access-pages.ts';
import type { Access } from '../access.ts';
import { sendPage } from '../page.ts';

/** Ends this session. Elsewhere the same person stays signed in; DELETE /api/v1/me/sessions ends them all. */
export function postSignOut(access: Access): RequestHandler {
  return async (req, res) => {
    const principal = await access.authenticate(req);
    if (principal !== null) {
      access.checkCsrf(req, principal);
      if (access.sessionOf(req) !== null) await access.signOut(req, res);
    }
    const language = languageFrom(req.get('accept-language'));
    sendPage(res, 200, { title: accessText(language, 'signed_out'), lines: [], language });
  };
}
