import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import type { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createTransport, type HttpRequest } from '../../src/zoho/transport.ts';
import { withMockedHttp } from '../support/http.ts';

/** Real sockets on this machine: what a mock of HTTP cannot show. */

withMockedHttp();

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has a port
  return `http://127.0.0.1:${port}`;
}

const get = (url: string, changes: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: { authorization: 'Zoho-oauthtoken 1000.secret-token' },
  ...changes,
});

test('a server that never answers is given up', async () => {
  const url = await listening(() => {});

  const outcome = await createTransport({ answerMs: 100 })(get(url));

  expect(outcome).toMatchObject({ kind: 'none', sent: true });
});

test('an answer that stops in the middle is given up', async () => {
  const url = await listening((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"data":[');
  });

  const outcome = await createTransport({ answerMs: 100 })(get(url));

  expect(outcome).toMatchObject({ kind: 'none', sent: true });
});

test('an answer that trickles for ever is given up', async () => {
  const url = await listening((_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });

  const outcome = await createTransport({ answerMs: 200, totalMs: 400 })(get(url));

  expect(outcome).toMatchObject({ kind: 'none', sent: true });
});

test('a connection cut in the middle of the body is no answer', async () => {
  const url = await listening((_request, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"data":[');
    setTimeout(() => response.destroy(), 20);
  });

  expect(await createTransport()(get(url))).toMatchObject({ kind: 'none', sent: true });
});

test('a closed port was never reached', async () => {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens has a port
  await new Promise((resolve) => server.close(resolve));

  const outcome = await createTransport()(get(`http://127.0.0.1:${port}`, { method: 'POST', body: '{}' }));

  expect(outcome).toMatchObject({ kind: 'none', sent: false });
});

test('a redirect is an answer, and the token stays here', async () => {
  const reached: string[] = [];
  const elsewhere = await listening((request, response) => {
    reached.push(request.headers.authorization ?? '');
    response.end('{}');
  });
  const url = await listening((_request, response) => {
    response.writeHead(307, { location: elsewhere });
    response.end();
  });

  const outcome = await createTransport()(get(url));

  expect(outcome).toMatchObject({ kind: 'answer', status: 307 });
  expect(reached).toEqual([]);
});

test('a download that stalls breaks its stream', async () => {
  const url = await listening((_request, response) => {
    response.writeHead(200);
    response.write('PK');
  });

  const outcome = await createTransport({ answerMs: 100 })(get(url, { stream: true }));

  if (outcome.kind !== 'stream') throw new Error(`expected a stream, got ${outcome.kind}`);
  await expect(bytesOf(outcome.body)).rejects.toThrow(/stopped arriving/);
});

test('a slow reader does not break the stream', async () => {
  const url = await listening((_request, response) => {
    response.end(Buffer.alloc(200_000, 'x'));
  });

  const outcome = await createTransport({ answerMs: 50 })(get(url, { stream: true }));

  if (outcome.kind !== 'stream') throw new Error(`expected a stream, got ${outcome.kind}`);
  let bytes = 0;
  for await (const chunk of outcome.body) {
    bytes += chunk.length;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  expect(bytes).toBe(200_000);
});

test('a stream with an error status is read as text', async () => {
  const url = await listening((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"code":"RESOURCE_NOT_FOUND"}');
  });

  expect(await createTransport()(get(url, { stream: true }))).toMatchObject({
    kind: 'answer',
    status: 404,
    text: '{"code":"RESOURCE_NOT_FOUND"}',
  });
});

test('this machine is reached directly whatever proxy the environment names', async () => {
  const url = await listening((_request, response) => response.end('{"direct":true}'));
  const before = process.env.HTTP_PROXY;
  process.env.HTTP_PROXY = 'http://127.0.0.1:9';
  try {
    expect(await createTransport()(get(url))).toMatchObject({ kind: 'answer', text: '{"direct":true}' });
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = before;
  }
});

test('connections are kept and used again', async () => {
  const sockets = new Set<unknown>();
  const url = await listening((request, response) => {
    sockets.add(request.socket);
    response.end('{}');
  });
  const transport = createTransport();

  for (let call = 0; call < 5; call += 1) await transport(get(url));

  expect(sockets.size).toBe(1);
});

async function bytesOf(body: Readable): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += chunk.length;
  return bytes;
}
