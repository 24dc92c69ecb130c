import type { ConnectionId } from '../../src/domain.ts';
import type { Store } from '../../src/store/store.ts';

/** A person, a token, an OAuth client that the person allowed, and an event that was delivered: what rows of other tables name, by column. */
export async function rowsToLink(
  store: Store,
  connection: ConnectionId,
  at: Date,
): Promise<Record<string, number | string>> {
  const user = { location: 'eu', orgId: '1', userId: '1', name: 'Ann' };
  const { id: person_id } = await store.people.signedIn(user, at);
  const { token } = await store.apiTokens.create({
    ...{ name: 'reports', scope: 'read', connections: [], createdBy: 'cli' },
    ...{ at, expiresAt: at },
  });
  const { client } = await store.oauthClients.add({
    ...{ connection, name: 'card', redirectUris: ['https://zoho.test/back'], scopes: ['read'] },
    ...{ createdBy: 'cli', at },
  });
  const grant = {
    id: `grant of ${connection}`,
    client: client.id,
    personId: person_id,
    data: {},
    expiresAt: at,
  };
  await store.oauthGrants.saveGrant(grant, at);
  const hook = { url: 'https://hooks.test/', types: ['*'], secret: 'whsec_' };
  const { id: endpoint_id } = await store.events.addEndpoint(connection, hook, at);
  const test = { type: 'endpoint.test', recordId: null, data: {} };
  const sent = await store.events.appendFor(connection, endpoint_id, test, at);
  const [delivered] = await store.events.log(connection, { limit: 1 });
  return {
    person_id,
    token_id: token.id,
    client_id: client.id,
    grant_id: grant.id,
    endpoint_id,
    event: sent?.sequence ?? 0,
    delivery: delivered?.id ?? 0,
  };
}
