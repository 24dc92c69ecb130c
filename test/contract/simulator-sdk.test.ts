import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json, text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { entriesOf } from './simulator-caller.ts';
import { contractOrg } from './simulator-org.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

describe('the official client against the simulator', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'zoho-sdk-'));
  const deliveries: unknown[] = [];
  const hooks = createServer((request, response) => {
    json(request).then(
      (body) => {
        deliveries.push(body);
        response.end();
      },
      () => response.destroy(),
    );
  });
  let simulator: Simulator;
  let seen: Record<string, unknown>;

  beforeAll(async () => {
    simulator = await startSimulator({ seed: contractOrg() });
    await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
    const { port } = hooks.address() as AddressInfo; // An address of this kind is all that a TCP server has.
    seen = await runClient(simulator, folder, `http://127.0.0.1:${port}/hook`);
    await simulator.control.settleNotifications();
  });

  afterAll(async () => {
    await simulator.close();
    hooks.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('refreshes one token with a form body and keeps it', () => {
    expect(simulator.control.report()).toMatchObject({ refreshes: 1, codeExchanges: 0 });
  });

  test('reads the fields of a module', () => {
    expect(seen.fields).toEqual(
      expect.arrayContaining([
        ['Account_Name', 'text'],
        ['Value_Tier', 'picklist'],
        ['Languages', 'multiselectpicklist'],
        ['Owner', 'ownerlookup'],
      ]),
    );
  });

  test('creates, updates and upserts one and the same record', () => {
    const id = expect.stringMatching(/^\d{18,19}$/);

    expect(seen.create).toEqual({ code: 'SUCCESS', id });
    expect(seen.update).toEqual(seen.create);
    expect(seen.upsert).toEqual(seen.create);
    expect(seen.upsertAction).toBe('update');
    expect(seen.get).toEqual({
      id: (seen.create as { id: string }).id, // Compared with the same object above.
      phone: '030-2',
      website: 'https://client.example.test',
      isTime: true,
    });
  });

  test('lists records page by page, the newest id first', () => {
    expect(seen.list).toEqual({ count: 2, moreRecords: true, names: ['Written by the client', 'Account 3'] });
  });

  test('asks COQL', () => {
    expect(seen.coql).toMatchObject({
      more: false,
      rows: [{ Account_Name: 'Written by the client', Phone: '030-2' }],
    });
  });

  test('tells a refused row from its neighbour, and a refused query', () => {
    expect(seen).toMatchObject({
      mixed: ['SUCCESS', ['MANDATORY_NOT_FOUND', 'Account_Name']],
      badQueryStatus: 400,
      badQuery: 'INVALID_QUERY',
    });
  });

  test('exports by bulk read and gets a real zip', async () => {
    const bulk = seen.bulk as { zip: string; fileName: string }; // The rest is compared below.

    expect(bulk).toMatchObject({
      state: 'COMPLETED',
      count: 1,
      fileName: expect.stringMatching(/^\d+\.zip$/),
    });
    const entries = await entriesOf(Buffer.from(bulk.zip, 'base64'));
    const name = bulk.fileName.replace(/zip$/, 'csv');
    expect(Object.keys(entries)).toEqual([name]);
    expect(parse(entries[name] ?? '', { columns: true })).toEqual([
      {
        Id: expect.stringMatching(/^\d+$/),
        Account_Name: 'Written by the client',
        Owner: expect.stringMatching(/^\d+$/),
      },
    ]);
  });

  test('creates a field', () => {
    expect(seen).toMatchObject({ createFieldStatus: 201, createField: 'SUCCESS' });
  });

  test('subscribes, is notified, reads the channel and ends it', () => {
    expect(seen).toMatchObject({
      watch: 'SUCCESS',
      channel: [['1000000068101', expect.stringMatching(/^Accounts/)]],
      unwatch: 'SUCCESS',
    });
    expect(deliveries).toEqual([
      expect.objectContaining({
        channel_id: '1000000068101',
        token: 'client-token',
        module: 'Accounts',
        operation: 'update',
        ids: [(seen.create as { id: string }).id], // Compared with the same object above.
      }),
    ]);
  });

  test('keeps its files in the folder it was given', () => {
    expect(readdirSync(folder).sort()).toEqual(['resources', 'tokens.csv']);
    expect(existsSync(path.join(ROOT, 'resources'))).toBe(false);
    expect(existsSync(path.join(ROOT, 'node_modules/resources'))).toBe(false);
  });
});

async function runClient(
  simulator: Simulator,
  folder: string,
  notifyUrl: string,
): Promise<Record<string, unknown>> {
  const child = spawn(process.execPath, [path.join(ROOT, 'scripts/sdk-check.ts')], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      SIMULATOR_URL: simulator.url,
      CLIENT_ID: simulator.clientId,
      CLIENT_SECRET: simulator.clientSecret,
      REFRESH_TOKEN: simulator.refreshToken,
      NOTIFY_URL: notifyUrl,
      SDK_DIR: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [code, out, errors] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`the client's run ended with ${code}: ${errors}`);
  return JSON.parse(out);
}
