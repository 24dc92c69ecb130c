import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const START = fileURLToPath(new URL('../../dist/simulator/start.js', import.meta.url));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]): {
  child: ChildProcess;
  printed: () => string;
  ended: Promise<number | null>;
} {
  const child = spawn(process.execPath, [START, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, printed: () => text, ended };
}

async function variables(printed: () => string): Promise<Record<string, string>> {
  await expect.poll(printed, { timeout: 20_000 }).toContain('ZOHO_REFRESH_TOKEN');
  return Object.fromEntries(
    [...printed().matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
  );
}

describe('the simulator as a process', () => {
  test.each([
    ['the Superstore sample', [], 793],
    ['a generated org', ['--scale', '50'], 50],
    ['an org for benchmarks', ['--scale', '30', '--deals', '200'], 30],
  ])(
    'serves %s to whoever uses the variables it prints, and stops on SIGTERM',
    async (_what, args, count) => {
      const { child, printed, ended } = start('--port', '0', ...args);
      const { ZOHO_ACCOUNTS_URL: url, ...client } = await variables(printed);
      const form = {
        grant_type: 'refresh_token',
        client_id: client.ZOHO_CLIENT_ID ?? '',
        client_secret: client.ZOHO_CLIENT_SECRET ?? '',
        refresh_token: client.ZOHO_REFRESH_TOKEN ?? '',
      };

      const answer = await fetch(`${url}/oauth/v2/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      const token = (await answer.json()) as { access_token: string; api_domain: string };
      const query = { select_query: 'select COUNT(id) from Accounts where id is not null' };
      const counted = await fetch(`${token.api_domain}/crm/v8/coql`, {
        method: 'POST',
        headers: { authorization: `Zoho-oauthtoken ${token.access_token}` },
        body: JSON.stringify(query),
      });
      child.kill('SIGTERM');

      expect(await counted.json()).toMatchObject({ data: [{ 'COUNT(id)': count }] });
      expect(await ended).toBe(0);
    },
  );

  test.each([
    ['--port', 'high'],
    ['--port', '70000'],
    ['--edition', 'Platinum'],
    ['--colour', 'red'],
    ['--deals', '5'],
  ])('refuses %s %s with exit code 2', async (...args) => {
    const { printed, ended } = start(...args);

    expect(await ended).toBe(2);
    expect(printed()).toContain(args[0]);
  });
});
