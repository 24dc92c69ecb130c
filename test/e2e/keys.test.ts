import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDb } from '../../src/db.ts';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { todayIn } from '../support/org.ts';

/** Keys and copies by the command line: what is changed, what is said, and what the audit log keeps of it. */

let simulator: Simulator;
const homes: CliHome[] = [];
beforeAll(async () => {
  const today = todayIn(GENERATED_TIME_ZONE);
  simulator = await startSimulator({ seed: generatedOrg({ customers: 5, today, seed: 3 }) });
});
afterAll(async () => {
  for (const home of homes) home.remove();
  await simulator.close();
});

function aHome(more: NodeJS.ProcessEnv = {}): CliHome {
  const home = aCliHome(simulator, more);
  homes.push(home);
  return home;
}
async function connected(mode = 'auto'): Promise<CliHome> {
  const home = aHome();
  await succeeded(home, 'connect', '--mode', mode);
  return home;
}
async function succeeded(home: CliHome, ...args: string[]) {
  const done = await home.run(...args);
  expect(done, `${args.join(' ')}\n${done.stderr}`).toMatchObject({ code: 0 });
  return done;
}
const keyFile = (home: CliHome) => join(home.folder, 'zcv.db.key');
const keysIn = (home: CliHome) => readFileSync(keyFile(home), 'utf8').trim().split(',');

interface Row {
  readonly keyId: string;
  readonly given: boolean;
  readonly seals: boolean;
  readonly secrets: number;
}
const listed = async (home: CliHome) => (await home.run('keys', 'list', '--json')).json<Row[]>();

async function audited(home: CliHome, about: string): Promise<{ action: string; after: unknown }[]> {
  const db = await openDb(String(home.env.DATABASE_URL));
  try {
    const rows = await db.kysely
      .selectFrom('audit_log')
      .select(['action', 'who', 'target', 'after_value'])
      .orderBy('id')
      .execute();
    const all = JSON.stringify(rows);
    for (const key of keysIn(home)) expect(all).not.toContain(key);
    return rows
      .filter(({ action, who }) => action.startsWith(about) && who === 'cli')
      .map(({ action, after_value }) => ({ action, after: JSON.parse(after_value ?? 'null') as unknown }));
  } finally {
    await db.close();
  }
}

test('a key is added, everything is sealed with it, and the former one is dropped; each is in the audit log', {
  timeout: 240_000,
}, async () => {
  const home = await connected();
  const [former] = keysIn(home);
  const [old] = await listed(home);

  const { keyId } = (await succeeded(home, 'keys', 'add', '--json')).json<{ keyId: string }>();
  expect(keysIn(home)).toHaveLength(2);
  expect(keysIn(home)[1]).toBe(former);
  const early = await home.run('keys', 'drop');
  expect(early.code).toBe(2);
  expect(early.stderr).toContain('zcv keys rotate');
  expect(keysIn(home)).toHaveLength(2);

  const rotated = (await succeeded(home, 'keys', 'rotate', '--json')).json();
  expect(rotated).toEqual({ resealed: old?.secrets, unopened: 0 });
  const dropped = (await succeeded(home, 'keys', 'drop', '--json')).json();

  expect(dropped).toEqual({ kept: [keyId], dropped: [old?.keyId], inKeyFile: true });
  expect(keysIn(home)).toHaveLength(1);
  expect(keysIn(home)[0]).not.toBe(former);
  expect(await listed(home)).toMatchObject([{ keyId, given: true, seals: true, secrets: old?.secrets }]);
  await succeeded(home, 'sync');
  expect((await succeeded(home, 'keys', 'drop')).stdout).toContain('no key to drop');
  expect(await audited(home, 'keys.')).toEqual([
    { action: 'keys.add', after: { added: keyId } },
    { action: 'keys.rotate', after: { resealed: old?.secrets, unopened: 0 } },
    { action: 'keys.drop', after: { kept: [keyId], dropped: [old?.keyId] } },
  ]);
});

test('keys of the environment are changed there: add refuses, drop says what to leave out', {
  timeout: 240_000,
}, async () => {
  const home = await connected();
  const env = (keys: string) => {
    const other = aHome({ DATABASE_URL: home.env.DATABASE_URL, ENCRYPTION_KEYS: keys });
    return other;
  };
  const before = readFileSync(keyFile(home), 'utf8');
  const [own = ''] = keysIn(home);
  const both = env(`${randomBytes(32).toString('base64')},${own}`);

  const added = await both.run('keys', 'add');
  expect(added.code).toBe(2);
  expect(added.stderr).toContain('ENCRYPTION_KEYS');
  await succeeded(both, 'keys', 'rotate');
  const dropped = await succeeded(both, 'keys', 'drop');

  expect(dropped.stdout).toContain('leave it out of ENCRYPTION_KEYS');
  expect(readFileSync(keyFile(home), 'utf8')).toBe(before);
});

test('a lost key is forgotten only on request and only when it is lost; what it sealed must be linked again', {
  timeout: 240_000,
}, async () => {
  const home = await connected();
  const [lost] = await listed(home);
  const given = await home.run('keys', 'forget', lost?.keyId ?? '', '--yes');
  expect(given.code).toBe(2);
  expect(given.stderr).toContain('not lost');
  const other = aHome({
    DATABASE_URL: home.env.DATABASE_URL,
    ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
  });
  const refused = await other.run('sync');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain(`zcv keys forget ${lost?.keyId}`);
  const lacking = await other.run('keys', 'list', '--json');
  expect(lacking.code).toBe(1);
  expect(lacking.json<Row[]>()).toContainEqual(
    expect.objectContaining({ keyId: lost?.keyId, given: false, secrets: lost?.secrets }),
  );

  const asked = await other.run('keys', 'forget', lost?.keyId ?? '');
  expect(asked.code).toBe(2);
  const gone = (await succeeded(other, 'keys', 'forget', lost?.keyId ?? '', '--yes', '--json')).json<{
    gone: Record<string, number>;
  }>().gone;

  expect(gone).toMatchObject({ 'connections.refresh_token': 1 });
  const link = await other.run('sync');
  expect(link.code, link.stdout + link.stderr).toBe(5);
  expect(link.stderr).toContain('zcv connect --name default');
  await succeeded(other, 'connect');
  await succeeded(other, 'sync');
  expect((await listed(other)).map(({ keyId }) => keyId)).not.toContain(lost?.keyId);
  expect(await audited(home, 'keys.')).toEqual([
    { action: 'keys.forget', after: { keyId: lost?.keyId, gone } },
  ]);
});

test('a restored copy names what works again, and what must be linked first and then has its former mode', {
  timeout: 240_000,
}, async () => {
  const home = await connected('auto');
  const backup = join(home.folder, 'one.zcvb');
  await succeeded(home, 'backup', '--out', backup);
  const copy = aHome();
  cpSync(keyFile(home), keyFile(copy));

  await succeeded(copy, 'restore', backup);
  const early = await copy.run('run', '--apply', '--yes');
  expect(early.code).toBe(2);
  expect(early.stderr).toContain('zcv restore --activate');
  const activated = await succeeded(copy, 'restore', '--activate', '--yes');

  expect(activated.stdout).toBe('Work again, each in its former mode:\n  default\n');
  const again = await succeeded(copy, 'restore', '--activate', '--yes');
  expect(again.stdout).toBe('Nothing stands by here: no connection was changed.\n');
  expect(await audited(copy, 'installation.')).toEqual([
    { action: 'installation.restore', after: expect.objectContaining({ file: 'one.zcvb', erasedAgain: 0 }) },
    { action: 'installation.activate', after: { working: ['default'], toConnect: [] } },
  ]);

  const keyless = aHome();
  await succeeded(keyless, 'restore', backup, '--without-keys');
  const lost = await succeeded(keyless, 'restore', '--activate', '--yes');
  expect(lost.stdout).not.toContain('ork again');
  expect(lost.stdout).toContain('must be linked again (zcv connect --name NAME):\n  default');
  const linked = await succeeded(keyless, 'connect', '--json');
  expect(linked.json()).toMatchObject({ mode: 'auto' });
});

test('a move is in the audit log of the database that is in force', { timeout: 240_000 }, async () => {
  const home = await connected();
  const to = `file:${join(home.folder, 'moved.db')}`;

  await succeeded(home, 'move-store', '--to', to, '--yes');

  const moved = aHome({ DATABASE_URL: to, ENCRYPTION_KEYS: keysIn(home)[0] ?? '' });
  cpSync(keyFile(home), keyFile(moved));
  expect(await audited(moved, 'installation.')).toEqual([
    { action: 'installation.move', after: expect.objectContaining({ from: home.env.DATABASE_URL }) },
  ]);
  expect((await home.run('sync')).code).toBe(2);
});
