import { AT, aConnection, later } from '../store/builders.ts';
import { byId, type CasesOf, ofService } from './store-case.ts';

/** Connections, access, settings and what goes out. */

const written = { document: 'fields:\n  language: da\n', note: null, who: 'cli', at: AT, baseHash: 'b' };
const SENDER = 'the sender serves all, and its lease or claim is the proof';
const SECRET = 'whoever knows the secret or the link';
const lasting = { createdBy: 'me', at: AT, expiresAt: later(1e12) };

export const serviceCases: CasesOf<
  | 'connections'
  | 'tokens'
  | 'ledger'
  | 'people'
  | 'supportVisits'
  | 'sessions'
  | 'apiTokens'
  | 'links'
  | 'oauthStates'
  | 'oauthClients'
  | 'oauthGrants'
  | 'audit'
  | 'settings'
  | 'events'
  | 'mailing'
  | 'fleet'
  | 'secrets'
  | 'facts'
  | 'retention'
> = {
  connections: {
    create: ofService('makes another one'),
    list: ofService('operators see all'),
    byName: ({ store }) => store.connections.byName('mine'),
    byId: ({ store, mine }) => store.connections.byId(mine),
    setMode: ({ store, mine }) => store.connections.setMode(mine, 'auto'),
    setState: ({ store, mine }) => store.connections.setState(mine, 'reconnect_needed', 'x'),
    updateGrant: ({ store, mine }) => store.connections.updateGrant(mine, aConnection()),
    updateOrg: ({ store, mine }) =>
      store.connections.updateOrg(mine, {
        org: { ...aConnection().org, id: 'org-of-mine' },
        userId: '2',
        scopes: [],
      }),
    remove: ({ store, mine }) => store.connections.remove(mine),
  },
  tokens: {
    acquireRefreshLease: ({ store, mine }) => store.tokens.acquireRefreshLease(mine, 'me', later(9), AT),
    saveAccessToken: ({ store, mine }) =>
      store.tokens.saveAccessToken(mine, { accessToken: 'a', expiresAt: later(9), apiDomain: null }, 'me'),
    releaseRefreshLease: ({ store, mine }) => store.tokens.releaseRefreshLease(mine, 'me'),
    grant: ({ store, mine }) => store.tokens.grant(mine),
    markReconnectNeeded: ({ store, mine }) => store.tokens.markReconnectNeeded(mine, 'x'),
  },
  ledger: {
    change: ({ store, mine }) => store.ledger.change(mine, AT, () => ({ spend: 5 })),
    async account({ store, mine }) {
      const account = await store.ledger.account(mine, AT);
      return { ...account, buckets: await account.buckets() };
    },
  },
  people: {
    signedIn: ofService('a person may belong to several'),
    ofUser: ofService('a person may belong to several'),
    byId: ofService('a person may belong to several'),
    membershipsOf: ofService('a person may belong to several'),
    members: ({ store, mine }) => store.people.members(mine),
    setMembership: byId(({ store, mine: connection }, { member: personId }) =>
      store.people.setMembership({ connection, personId, role: 'viewer', origin: 'invited' }, AT),
    ),
    setRole: ({ store, mine }, { member }) => store.people.setRole(mine, member, 'admin'),
    endMembership: ({ store, mine }, { member }) => store.people.endMembership(mine, member),
    removeMember: ({ store, mine }, { member }) => store.people.removeMember(mine, member),
    invite: ({ store, mine: connection }) =>
      store.people.invite({ ...lasting, connection, email: 'new@firm.test', role: 'viewer' }),
    invitations: ({ store, mine }) => store.people.invitations(mine, AT),
    accept: ({ store, mine }) => store.people.accept(mine, 'bo@theirs.test', AT),
    withdraw: ({ store, mine }, { invitation }) => store.people.withdraw(mine, invitation),
  },
  supportVisits: {
    begin: ({ store, mine: connection }) =>
      store.supportVisits.begin({ connection, operator: 'me', reason: 'r', at: AT, until: later(9) }),
    byId: byId(({ store }, { visit }) => store.supportVisits.byId(visit)),
    list: ({ store, mine }) => store.supportVisits.list(mine, 50),
    end: ({ store, mine }, { visit }) => store.supportVisits.end(mine, visit, { by: 'me', at: later(1) }),
  },
  sessions: {
    find: ofService(SECRET),
    save: ofService(SECRET),
    touch: ofService(SECRET),
    remove: ofService(SECRET),
    list: ofService('of a person'),
    end: ofService('of a person'),
    endAll: ofService('of a person'),
    purge: ofService('retention'),
  },
  apiTokens: {
    create: ({ store, mine }) =>
      store.apiTokens.create({ ...lasting, name: 'n', scope: 'read', connections: [mine] }),
    list: ({ store, mine }) => store.apiTokens.list({ connection: mine }),
    byId: byId(({ store }, { token }) => store.apiTokens.byId(token)),
    use: ofService(SECRET),
    revoke: byId(({ store }, { token }) => store.apiTokens.revoke(token)),
  },
  links: {
    addOperatorLink: ofService(SECRET),
    takeOperatorLink: ofService(SECRET),
    revokeOperatorLinks: ofService('operators'),
    addConnectLink: ofService('before there is a connection'),
    connectLink: ofService(SECRET),
    connectLinkById: ofService('operators'),
    claimConnectLink: ofService('operators'),
    releaseConnectLink: ofService('operators'),
    connectLinkServed: ofService('operators'),
    listConnectLinks: ofService('operators'),
    revokeConnectLink: ofService('operators'),
  },
  oauthClients: {
    add: ({ store, mine: connection }) =>
      store.oauthClients.add({
        ...{ connection, name: 'card', redirectUris: ['https://zoho.test/back'], scopes: ['read'] },
        ...{ createdBy: 'me', at: AT },
      }),
    byId: byId(({ store }, { oauthClient }) => store.oauthClients.byId(oauthClient)),
    list: ({ store, mine }) => store.oauthClients.list({ connection: mine }, AT),
    remove: ({ store, mine }, { oauthClient }) => store.oauthClients.remove(mine, oauthClient),
  },
  oauthGrants: {
    saveGrant: ofService('it belongs to the connection of its client'),
    grant: ofService(SECRET),
    removeGrant: ofService(SECRET),
    endOf: ({ store, mine }, { member }) => store.oauthGrants.endOf(mine, member),
    saveToken: ofService('it belongs to the connection of its grant'),
    token: ofService(SECRET),
    consumeToken: ofService(SECRET),
    removeToken: ofService(SECRET),
    removeTokens: ofService('it belongs to the connection of its grant'),
    useAccessToken: ofService(SECRET),
    saveRequest: ofService('it belongs to the connection of its client'),
    request: ofService(SECRET),
    removeRequest: ofService(SECRET),
  },
  oauthStates: { begin: ofService(SECRET), redeem: ofService(SECRET) },
  audit: {
    known: ({ store, mine }) => store.audit.known(mine),
    add: ({ store, mine: connection }) =>
      store.audit.add({
        connection,
        who: 'cli',
        action: 'a',
        target: 't',
        before: null,
        after: null,
        at: AT,
      }),
    list: ({ store, mine }) => store.audit.list({ connection: mine }, { limit: 50 }),
    names: ofService('who is who, of entries that were found by connection'),
  },
  settings: {
    current: ({ store, mine }) => store.settings.current(mine),
    draft: ({ store, mine }) => store.settings.draft(mine),
    get: ({ store, mine }) => store.settings.get(mine, 1),
    history: ({ store, mine }) => store.settings.history(mine, 50),
    saveDraft: ({ store, mine }) => store.settings.saveDraft(mine, written),
    async publish({ store, mine }) {
      const draft = await store.settings.saveDraft(mine, written);
      await store.settings.publish(mine, draft.version, { note: null, who: 'cli', at: AT });
    },
    discardDraft: ({ store, mine }) => store.settings.discardDraft(mine),
    async add({ store, mine }) {
      const current = await store.settings.current(mine);
      await store.settings.add(mine, { ...written, basedOn: current?.version ?? 0 });
    },
    noteInUse: ({ store, mine: connection }) =>
      store.settings.noteInUse({ connection, version: 1, baseHash: 'b', overlayHash: 'o', at: AT }),
    allCurrent: ofService('the fleet'),
    allInUse: ofService('the fleet'),
  },
  events: {
    append: ({ store, mine }) =>
      store.events.append(mine, [{ type: 'plan.held', recordId: null, data: {} }], AT),
    addEndpoint: ({ store, mine }) =>
      store.events.addEndpoint(mine, { url: 'https://new.test/', types: ['*'], secret: 'whsec_x' }, AT),
    endpoints: ({ store, mine }) => store.events.endpoints(mine),
    setEndpoint: ({ store, mine }, { endpoint }) =>
      store.events.setEndpoint(mine, endpoint, 'disabled', 'x', AT),
    rotate: ({ store, mine }, { endpoint }) => store.events.rotate(mine, endpoint, 'whsec_y', later(9)),
    appendFor: ({ store, mine }, { endpoint }) =>
      store.events.appendFor(mine, endpoint, { type: 'endpoint.test', recordId: null, data: {} }, AT),
    log: ({ store, mine }, { endpoint }) => store.events.log(mine, { limit: 50, endpoint }),
    attempts: ({ store, mine }, { eventDelivery }) => store.events.attempts(mine, eventDelivery),
    async resend({ store, mine }, { endpoint, eventDelivery }) {
      await store.events.resend(mine, { delivery: eventDelivery }, AT);
      await store.events.resend(mine, { failedOf: endpoint }, AT);
    },
    claim: ofService(SENDER),
    due: ofService(SENDER),
    noteAttempt: ofService(SENDER),
    keepLease: ofService(SENDER),
    releaseEndpoint: ofService(SENDER),
    removeEndpoint: ({ store, mine }, { endpoint }) => store.events.removeEndpoint(mine, endpoint),
  },
  mailing: {
    setRecipient: ({ store, mine }) =>
      store.mailing.setRecipient(mine, {
        address: 'x@firm.test',
        language: 'en',
        alerts: true,
        digest: true,
      }),
    recipients: ({ store, mine }) => store.mailing.recipients(mine),
    optOutToken: ({ store, mine }, { address }) => store.mailing.optOutToken(mine, address, 'digest'),
    optOutOf: ({ store, mine }, { address }) =>
      store.mailing.optOutOf(store.mailing.optOutToken(mine, address, 'digest')),
    optOut: ({ store, mine }, { address }) =>
      store.mailing.optOut(store.mailing.optOutToken(mine, address, 'digest'), AT),
    optIn: ({ store, mine }, { address }) => store.mailing.optIn(mine, address),
    waitingEvents: ({ store, mine }) => store.mailing.waitingEvents(mine),
    eventsOf: ({ store, mine }) =>
      store.mailing.eventsOf(
        mine,
        Array.from({ length: 40 }, (_, at) => at + 1),
      ),
    async add({ store, mine }, { address }) {
      const mail = { key: 'k', kind: 'digest', address, language: 'en', about: {} } as const;
      await store.mailing.add(mine, [mail], [], AT);
      await store.mailing.add(
        mine,
        [],
        Array.from({ length: 40 }, (_, at) => at + 1),
        AT,
      );
    },
    failing: ({ store, mine }) => store.mailing.failing(mine),
    summary: ({ store, mine }) => store.mailing.summary(mine, new Date(0)),
    removeRecipient: ({ store, mine }, { address }) => store.mailing.removeRecipient(mine, address),
    waitingFor: ofService(SENDER),
    claim: ofService(SENDER),
    settle: ofService(SENDER),
  },
  fleet: { all: ofService('operators see all') },
  secrets: {
    uses: ofService('keys of the service'),
    rotate: ofService('keys of the service'),
    proveKeys: ofService('keys of the service'),
    forget: ofService('keys of the service'),
  },
  facts: {
    get: ofService('of the database'),
    set: ofService('of the database'),
    remove: ofService('of the database'),
  },
  retention: { removeOld: ofService('retention') },
};
