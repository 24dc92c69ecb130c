import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** One address in front of several simulated orgs, as Zoho is for all: the token tells whose call it is. */

const BEARER = /^Zoho-oauthtoken (.+)$/;

export async function aZohoOf(
  simulators: readonly Simulator[],
): Promise<{ url: string; close(): Promise<void> }> {
  const byToken = new Map<string, Simulator>(simulators.map((one) => [one.refreshToken, one]));
  let url = '';

  /** Of a call with an access token by that; of one for a token by the refresh token in its form. */
  function ownerOf(asked: IncomingMessage, body: Buffer): Simulator | undefined {
    const token = BEARER.exec(asked.headers.authorization ?? '')?.[1];
    if (token !== undefined) return byToken.get(token);
    const query = new URL(asked.url ?? '/', url).searchParams;
    const form = new URLSearchParams(body.toString());
    return byToken.get(form.get('refresh_token') ?? query.get('refresh_token') ?? '');
  }

  async function forward(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(asked));
    const owner = ownerOf(asked, body);
    if (!owner) {
      answer.writeHead(401, { 'content-type': 'application/json' }).end('{"code":"INVALID_TOKEN"}');
      return;
    }
    const { host: _, ...headers } = asked.headers;
    const sent = request(new URL(asked.url ?? '/', owner.url), { method: asked.method, headers });
    sent.end(body);
    const [got] = (await once(sent, 'response')) as [IncomingMessage]; // what this event brings
    const text = Buffer.concat(await Array.fromAsync(got));
    const { 'content-length': __, 'transfer-encoding': ___, ...kept } = got.headers;
    const isToken = /^\/oauth\//.test(asked.url ?? '');
    // Whoever gets a token is sent to this address with it.
    const shown = isToken ? Buffer.from(text.toString().replaceAll(owner.url, url)) : text;
    const access = isToken ? /"access_token": ?"([^"]+)"/.exec(shown.toString())?.[1] : undefined;
    if (access !== undefined) byToken.set(access, owner);
    answer.writeHead(got.statusCode ?? 502, kept).end(shown);
  }

  const server = createServer((asked, answer) => {
    forward(asked, answer).catch(() => answer.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a server on a port has one
  return {
    url,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
