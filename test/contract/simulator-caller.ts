import { text } from 'node:stream/consumers';
import { fromBuffer } from 'yauzl';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** Plain calls to a simulator with an access token of its own, by no client that could smooth anything over. */
export interface Caller {
  send(method: string, path: string, body?: unknown): Promise<Response>;
  /** The JSON of an answer, taken on trust. */
  json<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  raw(method: string, path: string, headers: Record<string, string>, body: string): Promise<Response>;
}

export async function aCaller({ url, clientId, clientSecret, refreshToken }: Simulator): Promise<Caller> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientId,
    client_secret: clientSecret,
    refresh_token: refreshToken,
  });
  const answer = await fetch(`${url}/oauth/v2/token`, { method: 'POST', body: form });
  const { access_token } = (await answer.json()) as { access_token: string }; // The contract of the token endpoint.
  const authorization = `Zoho-oauthtoken ${access_token}`;
  const raw: Caller['raw'] = (method, path, headers, body) =>
    fetch(url + path, { method, headers: { authorization, ...headers }, body });
  const send: Caller['send'] = (method, path, body) =>
    body === undefined
      ? fetch(url + path, { method, headers: { authorization } })
      : raw(method, path, { 'content-type': 'application/json' }, JSON.stringify(body));
  return {
    raw,
    send,
    json: async <T>(method: string, path: string, body?: unknown) =>
      (await (await send(method, path, body)).json()) as T, // Asserted by the tests themselves.
  };
}

/** Entries of a zip by name. Rejects when the zip is broken. */
export function entriesOf(zip: Buffer): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, archive) => {
      if (error) return reject(error);
      const entries: Record<string, string> = {};
      archive.on('entry', (entry) => {
        archive.openReadStream(entry, (failure, stream) => {
          if (failure) return reject(failure);
          text(stream).then((content) => {
            entries[entry.fileName] = content;
            archive.readEntry();
          }, reject);
        });
      });
      archive.once('end', () => resolve(entries));
      archive.once('error', reject);
      archive.readEntry();
    });
  });
}
