import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, test } from 'vitest';
import { bulkHints } from '../../src/jobs/bulk-hints.ts';
import { postBulkHint } from '../../src/web/routes/post-bulk-hint.ts';
import { aWorld } from './setup-world.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0).reverse()) await close();
});

async function aReachableService() {
  const world = await aWorld();
  cleanUp.push(() => world.close());
  const connection = await world.connected();
  const app = express();
  app.post('/hooks/bulk/:secret', postBulkHint(world.deps));
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => server.close());
  const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  const hints = await bulkHints({ ...world.deps, publicUrl }, connection);
  if (!hints) throw new Error('the service can be reached, and takes no hints');
  const post = (url: string, body = '{"state":"COMPLETED"}') => fetch(url, { method: 'POST', body });
  return { ...world, connection, hints, publicUrl, post };
}

describe('the word of Zoho that a bulk job is done', () => {
  test('arrives at the address of that job alone', async () => {
    const { hints, post } = await aReachableService();
    const [one, other] = [await hints.open(), await hints.open()];
    one.bind('1001');
    other.bind('1002');

    const answer = await post(one.url);

    expect(answer.status).toBe(204);
    expect(await hints.hasArrived('1001')).toBe(true);
    expect(await hints.hasArrived('1002')).toBe(false);
  });

  test('is answered alike where nobody waits, and leaves nothing', async () => {
    const { hints, post, publicUrl, db } = await aReachableService();
    const { url, bind } = await hints.open();
    bind('1001');
    await hints.close('1001');

    const answers = [await post(url), await post(`${publicUrl}/hooks/bulk/${'x'.repeat(43)}`, 'rubbish')];

    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(hints.isExpected('1001')).toBe(false);
    expect(await db.kysely.selectFrom('bulk_hints').selectAll().execute()).toEqual([]);
  });

  test('is not asked for where Zoho cannot reach us', async () => {
    const { deps, connection } = await aReachableService();

    expect(await bulkHints({ ...deps, publicUrl: null }, connection)).toBeUndefined();
    expect(await bulkHints({ ...deps, publicUrl: 'http://office.test' }, connection)).toBeUndefined();
  });
});
