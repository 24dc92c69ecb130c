import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminPages } from '../../../src/web/admin-pages.ts';

const folder = mkdtempSync(join(tmpdir(), 'zcv-pages-'));
const server = createServer();
let base = '';

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    '<meta name="style-nonce" content="__NONCE__"><div id="root"></div>',
  );
  writeFileSync(join(folder, 'assets', 'main-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'assets', 'main-1a2b.js.br'), brotliCompressSync('export {}; // br'));
  writeFileSync(join(folder, 'assets', 'main-1a2b.js.gz'), gzipSync('export {}; // gzip'));
  writeFileSync(join(folder, 'assets', 'small-3c.css'), 'a {}');
  const pages = adminPages(folder);
  if (pages === null) throw new Error('the pages are there');
  server.on('request', express().use(pages));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const page = (path: string, accept = 'text/html,*/*') => fetch(base + path, { headers: { accept } });

describe('the admin pages', () => {
  test('every address of a page is the same document, never kept by browsers', async () => {
    for (const path of ['/', '/c/demo/customers/123', '/connections']) {
      const answer = await page(path);

      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('cache-control'), path).toBe('no-store');
      expect(await answer.text(), path).toContain('id="root"');
    }
  });

  test('the proof for styles is in document and policy alike, and new with every load', async () => {
    const loads = await Promise.all([page('/'), page('/')]);

    const nonces = await Promise.all(
      loads.map(async (answer) => {
        const nonce = /content="([^"]+)"/.exec(await answer.text())?.[1] ?? 'none';
        const policy = answer.headers.get('content-security-policy') ?? '';
        expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
        expect(policy).not.toContain('unsafe-inline');
        return nonce;
      }),
    );
    expect(new Set(nonces).size).toBe(2);
  });

  test('assets are kept for good, for their names change with their content', async () => {
    const answer = await page('/assets/main-1a2b.js');

    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-type')).toContain('javascript');
  });

  test.each([
    ['gzip, deflate, br', 'br', 'export {}; // br'],
    ['gzip, deflate', 'gzip', 'export {}; // gzip'],
    ['gzip, br;q=0', 'gzip', 'export {}; // gzip'],
    ['identity', null, 'export {};'],
  ])('who unpacks "%s" gets an asset as %s, as the script that it is', async (accepted, encoding, text) => {
    const answer = await fetch(`${base}/assets/main-1a2b.js`, { headers: { 'accept-encoding': accepted } });

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(await answer.text()).toBe(text); // fetch unpacks
  });

  test('an asset without packed twins goes out as it is', async () => {
    const answer = await fetch(`${base}/assets/small-3c.css`, {
      headers: { 'accept-encoding': 'gzip, br' },
    });

    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(answer.headers.get('vary')).toBeNull();
    expect(await answer.text()).toBe('a {}');
  });

  test('what is no page is left to others: the API, files that are not there, programs', async () => {
    expect((await page('/api/v1/nothing')).status).toBe(404);
    expect((await page('/assets/gone-9f.js')).status).toBe(404);
    expect((await page('/admin.php')).status).toBe(404);
    expect((await page('/c/demo/customers', 'application/json')).status).toBe(404);
  });

  test('without a build there are no pages', () => {
    expect(adminPages(join(folder, 'nowhere'))).toBeNull();
    expect(adminPages(new URL('../../../src/admin', import.meta.url).pathname)).toBeNull();
  });
});
