import type { ConnectionId } from '../../src/domain.ts';
import type { Store } from '../../src/store/store.ts';
import { aChannel } from './a-channel.ts';

const WEEK_MS = 7 * 86_400_000;

/** Seals a secret of every kind that is stored, beside those of the grant, through the parts that open them. */
export async function sealEverything(store: Store, connection: ConnectionId, at: Date): Promise<void> {
  const later = new Date(at.getTime() + WEEK_MS);
  await store.tokens.saveAccessToken(
    connection,
    { accessToken: 'short-lived', expiresAt: later, apiDomain: null },
    'nobody',
  );
  const channel = aChannel({ connection, secretHash: `of ${connection}`, token: 'token-of-the-channel' });
  await store.channels.save(connection, channel);
  await store.links.addConnectLink({
    name: 'client',
    accountsUrl: 'https://accounts.zoho.com',
    client: { clientId: '1000.OTHER', clientSecret: 'secret-of-the-link' },
    createdBy: 'operator',
    at,
    expiresAt: later,
  });
  await store.erasure.remember(connection, { records: [{ id: '77', accountId: null }], phrases: [], at });
  const { id } = await store.events.addEndpoint(
    connection,
    { url: 'https://hooks.firm.test/', types: ['*'], secret: 'whsec_former' },
    at,
  );
  await store.events.rotate(connection, id, 'whsec_present', later);
  await store.events.appendFor(connection, id, { type: 'test', recordId: null, data: {} }, at);
  const [address, language] = ['zofia@wrzos.test', 'pl'] as const;
  await store.mailing.setRecipient(connection, { address, language, alerts: true, digest: true });
  const mail = { key: 'one', kind: 'digest', address, language, about: {} } as const;
  await store.mailing.add(connection, [mail], [], at);
}
