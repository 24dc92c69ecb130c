import { buffer, text } from 'node:stream/consumers';
import { fromBuffer } from 'yauzl';
import { ZipFile } from 'yazl';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** Plain calls to a simulator with an access token of its own, by no client that could smooth anything over. */
export interface Caller {
  send(method: string, path: string, body?: unknown): Promise<Response>;
  /** The JSON of an answer, taken on trust. */
  json<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  post(path: string, headers: Record<string, string>, body: FormData): Promise<Response>;
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
    post: (path, headers, body) =>
      fetch(url + path, { method: 'POST', headers: { authorization, ...headers }, body }),
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

/** Zips a CSV and uploads it for a bulk write; answers what the simulator says, taken on trust. */
export async function uploadCsv(
  caller: Caller,
  csv: string | Buffer,
  headers: Record<string, string> = { feature: 'bulk-write', 'x-crm-org': '20087654321' },
): Promise<{ status: string; code: string; details: { file_id: string } }> {
  const form = new FormData();
  form.append('file', new Blob([typeof csv === 'string' ? await zipOfCsv(csv) : csv]), 'rows.zip');
  const answer = await caller.post('/crm/v8/upload', headers, form);
  return (await answer.json()) as Awaited<ReturnType<typeof uploadCsv>>;
}

async function zipOfCsv(csv: string): Promise<Buffer<ArrayBuffer>> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(csv), 'rows.csv');
  zip.end();
  return Buffer.from(await buffer(zip.outputStream));
}
