import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ConflictError, InputError, ZohoAuthError } from '../../src/errors.ts';
import { connectOrg } from '../../src/setup/connect.ts';
import { disconnectOrg } from '../../src/setup/disconnect.ts';
import { hostPolicy } from '../../src/zoho/hosts.ts';
import { REQUIRED_SCOPES } from '../../src/zoho/oauth.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
async function world(...options: Parameters<typeof aWorld>): Promise<World> {
  const made = await aWorld(...options);
  open.push(made);
  return made;
}
const SCOPES = REQUIRED_SCOPES.map(({ scope }) => scope);
const without = (words: RegExp) => SCOPES.filter((scope) => !words.test(scope));

/** An accounts server that answers every token request with this, and notes what it was asked. */
async function anAccountsServer(answer: object): Promise<{ accountsUrl: string; asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(String(request.url));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push({ close: () => server.close() });
  const { port } = server.address() as AddressInfo; // listens on a port, not on a pipe
  return { accountsUrl: `http://127.0.0.1:${port}`, asked };
}

describe('connectOrg', () => {
  test.each([true, false])(
    'a refresh token links the org; the token names its scopes: %s',
    async (tokenAnswerHasScope) => {
      const { connect, deps } = await world({ switches: { tokenAnswerHasScope } });

      const { connection, org, scopes } = await connect({ mode: 'auto' });

      expect(org).toMatchObject({
        name: 'Small Firm',
        edition: expect.stringMatching(/^enterprise$/i),
        currency: 'EUR',
        country: 'NL',
      });
      expect(scopes.missing).toEqual([]);
      expect(connection).toMatchObject({ name: 'default', mode: 'auto', state: 'ready', location: 'custom' });
      expect(await deps.store.connections.list()).toHaveLength(1);
    },
  );

  test.each([
    { tokenAnswerHasScope: true },
    { tokenAnswerHasScope: false },
    { tokenAnswerHasScope: false, scopeMismatchStatus: 403 as const },
  ])('scopes that were not granted are named: %o', async (switches) => {
    const { connect } = await world({ scopes: without(/coql|bulk/i), switches });

    const { scopes } = await connect();

    expect(scopes.missing).toEqual(SCOPES.filter((scope) => /coql|bulk/i.test(scope)));
  });

  test('asking for the scopes writes nothing', async () => {
    const { connect, simulator } = await world({ switches: { tokenAnswerHasScope: false } });

    await connect();

    expect(simulator.control.report()).toMatchObject({ writes: {}, created: {}, triggered: [] });
  });

  test('a self-client code is exchanged once and its access token is kept for later calls', async () => {
    const { connected, simulator, deps } = await world();

    const connection = await connected({ grantCode: simulator.grantCode });
    await (await deps.zohoFor(connection)).request({ method: 'GET', path: '/crm/v8/org', credits: 1 });

    expect(simulator.control.report()).toMatchObject({ codeExchanges: 1, refreshes: 0 });
    expect((await deps.store.ledger.account(connection.id, new Date())).spent).toBeGreaterThan(5);
  });

  test('connecting a known name to the same org renews its grant and keeps what it is', async () => {
    const { connected, simulator, deps } = await world();
    const first = await connected({ mode: 'auto' });
    await deps.store.connections.setState(first.id, 'reconnect_needed', 'refused');

    const second = await connected({ grantCode: simulator.control.issueGrantCode() });

    expect(second).toMatchObject({ id: first.id, mode: 'auto', state: 'ready' });
    expect((await deps.store.tokens.grant(first.id)).refreshToken).not.toBe(simulator.refreshToken);
  });

  test('a name that is bound to another org is refused', async () => {
    const mine = await world({ seed: aSeed() });
    await mine.connect();
    const other = await world({ seed: { ...aSeed(), org: { ...aSeed().org, id: '5725767000000099999' } } });

    const refused = connectOrg(
      { ...mine.deps, hosts: hostPolicy(other.simulator.url) },
      {
        name: 'default',
        clientId: other.simulator.clientId,
        clientSecret: other.simulator.clientSecret,
        accountsUrl: other.simulator.url,
        grantCode: other.simulator.grantCode,
      },
    );

    await expect(refused).rejects.toThrow(ConflictError);
    expect((await mine.deps.store.connections.list()).map((each) => each.org.name)).toEqual(['Small Firm']);
  });

  test('an answer that names a foreign api_domain gets no call, and its token is revoked', async () => {
    const { deps, connect } = await world();
    const { accountsUrl, asked } = await anAccountsServer({
      access_token: '1000.aa.bb',
      refresh_token: '1000.cc.dd',
      api_domain: 'https://www.zohoapis.com.evil.test',
      expires_in: 3600,
    });

    const refused = connectOrg(
      { ...deps, hosts: hostPolicy(accountsUrl) },
      { name: 'default', clientId: 'id', clientSecret: 'secret', accountsUrl, grantCode: '1000.code' },
    );

    await expect(refused).rejects.toMatchObject({ code: 'bad_config' });
    await expect(refused).rejects.toThrow(/evil\.test/);
    expect(asked).toEqual(['/oauth/v2/token', '/oauth/v2/token/revoke']);
    await expect(connect({ accountsUrl })).rejects.toMatchObject({ code: 'bad_config' });
  });

  test('a code that brings no refresh token is refused, saying what to do', async () => {
    const { deps } = await world();
    const { accountsUrl } = await anAccountsServer({ access_token: '1000.aa.bb', expires_in: 3600 });

    const refused = connectOrg(
      { ...deps, hosts: hostPolicy(accountsUrl) },
      { name: 'default', clientId: 'id', clientSecret: 'secret', accountsUrl, grantCode: '1000.code' },
    );

    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(/access_type=offline and prompt=consent/);
  });

  test('a refused refresh token leaves nothing stored', async () => {
    const { connect, deps } = await world();

    await expect(connect({ refreshToken: '1000.unknown.token' })).rejects.toThrow(ZohoAuthError);

    expect(await deps.store.connections.list()).toEqual([]);
  });
});

describe('disconnectOrg', () => {
  test('revokes the token and deletes the connection', async () => {
    const { connected, connect, deps } = await world();
    const connection = await connected();

    const removed = await disconnectOrg(deps, connection);

    expect(removed).toEqual({ channels: 0, revoked: true, problems: [] });
    expect(await deps.store.connections.list()).toEqual([]);
    await expect(connect()).rejects.toThrow(ZohoAuthError);
  });

  test('a server that does not answer keeps nobody connected', async () => {
    const { connected, deps, simulator } = await world();
    const connection = await connected();
    simulator.control.addFaults({ kind: 'reset', match: { path: '/oauth/v2/token/revoke' } });

    const removed = await disconnectOrg(deps, connection);

    expect(removed.problems.length + (removed.revoked ? 1 : 0)).toBe(1);
    expect(await deps.store.connections.list()).toEqual([]);
  });
});
