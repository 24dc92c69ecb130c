import type { Request, Response } from 'express';
import type { Clock } from '../clock.ts';
import type { Language } from '../domain.ts';
import type { BrowserConsent, Returned } from '../setup/browser-consent.ts';
import { admit } from '../setup/sign-in.ts';
import type { Store } from '../store/store.ts';
import { accessText } from '../texts/access-pages.ts';
import type { Access } from './access.ts';
import { sendPage } from './page.ts';

export interface FinishSignInDeps {
  readonly store: Pick<Store, 'connections' | 'people' | 'audit'>;
  readonly clock: Clock;
  readonly access: Access;
  readonly consent: Pick<BrowserConsent, 'identify'>;
}
export interface Exchange {
  readonly req: Request;
  readonly res: Response;
  readonly language: Language;
}

/** Zoho has said who it is: a session for those who belong to a connection, a page that says what to ask for else. */
export async function finishSignIn(
  deps: FinishSignInDeps,
  { req, res, language }: Exchange,
  { returnTo }: { readonly returnTo: string },
  returned: Returned,
): Promise<void> {
  const identity = await deps.consent.identify(returned);
  const admission = await admit(deps, identity);
  if (admission.status === 'refused') {
    const lines = [accessText(language, admission.why, { org: identity.orgName })];
    return sendPage(res, 403, { title: accessText(language, 'not_signed_in'), lines, language });
  }
  const { person, connections } = admission;
  await deps.access.signIn(req, { personId: person.id });
  for (const { id, name } of connections) {
    await deps.store.audit.add({
      ...{ connection: id, who: `user:${person.id}`, action: 'user.sign_in', target: name },
      ...{ before: null, after: null, at: deps.clock.now() },
    });
  }
  res.redirect(303, returnTo);
}
