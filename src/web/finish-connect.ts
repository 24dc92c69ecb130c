import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { ConflictError } from '../errors.ts';
import type { BrowserConsent, Returned } from '../setup/browser-consent.ts';
import type { ConnectLink } from '../store/access-stores.ts';
import type { Store } from '../store/store.ts';
import { accessText } from '../texts/access-pages.ts';
import { scopeBreaks } from '../texts/scope-words.ts';
import type { Access } from './access.ts';
import type { Exchange } from './finish-sign-in.ts';
import { ForbiddenError } from './http-errors.ts';
import type { ConnectDetails } from './oauth-begin.ts';
import { sendPage } from './page.ts';

export interface FinishConnectDeps {
  readonly store: Pick<Store, 'connections' | 'links' | 'audit'>;
  readonly clock: Clock;
  readonly access: Access;
  readonly consent: Pick<BrowserConsent, 'connect' | 'scopes'>;
}
type Begun = z.infer<typeof ConnectDetails>;
type Connected = Awaited<ReturnType<BrowserConsent['connect']>>;

/** Consent was given: the connection is made or renewed, and the page says what was granted. */
export async function finishConnect(
  deps: FinishConnectDeps,
  exchange: Exchange,
  begun: Begun,
  returned: Returned,
): Promise<void> {
  const { store, clock } = deps;
  const existing = await store.connections.byName(begun.name);
  if (begun.isNew && existing !== null) {
    throw new ConflictError(
      `the connection "${begun.name}" was made meanwhile; renew it, or choose another name`,
    );
  }
  const by = await starterOf(deps, exchange, begun, existing?.id ?? null);
  const connected = await claimed(deps, by.link, () =>
    deps.consent.connect({ ...returned, name: begun.name, link: by.link }),
  );
  const { connection, scopes } = connected;
  await store.audit.add({
    connection: connection.id,
    who: by.who,
    action: 'connection.connect',
    target: connection.name,
    before:
      existing === null ? null : { org: existing.org.name, state: existing.state, scopes: existing.scopes },
    after: {
      org: connection.org.name,
      mode: connection.mode,
      scopes: scopes.granted,
      missing: scopes.missing,
    },
    at: clock.now(),
  });
  if (by.link) await store.links.connectLinkServed(by.link.id, connection.id);
  sendConnected(deps, exchange, connected);
}

/** Whoever began, if they still may: a session that ended meanwhile, or lost its role, finishes nothing. */
async function starterOf(
  { access, store, clock }: FinishConnectDeps,
  { req }: Exchange,
  begun: Begun,
  existing: string | null,
): Promise<{ readonly who: string; readonly link: ConnectLink | null }> {
  if (begun.link !== null) {
    const link = await store.links.connectLinkById(begun.link, clock.now());
    if (link === null) throw new ConflictError('this connect link was used, has expired or was withdrawn');
    return { who: `link:${link.id}`, link };
  }
  const principal = await access.authenticate(req);
  const isSame = principal !== null && access.sessionOf(req) === begun.session;
  const may = isSame && (existing === null ? principal.isOperator : principal.roleOn(existing) === 'admin');
  if (!may) throw new ForbiddenError('the session that began this has ended; sign in and begin again');
  return { who: `${principal.kind}:${principal.id}`, link: null };
}

/** A link makes one connection, also when two browsers come back with it at once. */
async function claimed(
  { store, clock }: FinishConnectDeps,
  link: ConnectLink | null,
  connect: () => Promise<Connected>,
): Promise<Connected> {
  if (link === null) return connect();
  if (!(await store.links.claimConnectLink(link.id, clock.now()))) {
    throw new ConflictError('this connect link was used meanwhile');
  }
  try {
    return await connect();
  } catch (error) {
    await store.links.releaseConnectLink(link.id);
    throw error;
  }
}

function sendConnected(
  { consent }: FinishConnectDeps,
  { res, language }: Exchange,
  { connection, scopes, warnings }: Connected,
): void {
  const text = accessText.bind(null, language);
  const known = new Map(consent.scopes.map(({ scope, breaks }) => [scope, breaks]));
  sendPage(res, 200, {
    title: text('linked'),
    language,
    lines: [
      text('linked_as', { name: connection.name, org: connection.org.name }),
      ...(connection.mode === 'read-only' ? [text('read_only')] : []),
      ...(scopes.missing.length === 0 ? [text('scopes_all')] : []),
      text('may_close'),
    ],
    list: [
      ...scopes.missing.map((scope) =>
        text('scope_missing', { scope, breaks: scopeBreaks(language, scope, known.get(scope) ?? '') }),
      ),
      ...warnings,
    ],
    link: { path: `/c/${encodeURIComponent(connection.name)}/set-up`, label: text('go_on') },
  });
}
