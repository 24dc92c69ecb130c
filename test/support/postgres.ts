import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A throwaway PostgreSQL cluster from whatever server binaries are installed. */
interface Cluster {
  readonly url: string;
  /** As after a power cut: stopped at once, then started on what is on disk. Null: the server is not ours. */
  readonly restart: (() => Promise<void>) | null;
  stop(): Promise<void>;
}
export type StartedCluster = Cluster | { readonly url: null; readonly reason: string };

const START_MS = 30_000;
const STOP_MS = 10_000;

/** TEST_DATABASE_URL when set, else a cluster of its own; `url` null with the reason when there are no binaries. */
export async function startPostgres(): Promise<StartedCluster> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, restart: null, stop: async () => undefined };
  const bin = binaries();
  if (!bin)
    return {
      url: null,
      reason: 'no PostgreSQL server binaries are installed and TEST_DATABASE_URL is not set',
    };
  const user = serverUser();
  if (!user) return { url: null, reason: 'PostgreSQL refuses to run as root and there is no user postgres' };
  const directory = mkdtempSync(join(tmpdir(), 'zcv-pg-'));
  chownSync(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const as = { uid: user.uid, gid: user.gid, cwd: directory };
  execFileSync(
    join(bin, 'initdb'),
    [
      '--pgdata',
      data,
      '--username',
      'zcv',
      '--auth',
      'trust',
      '--encoding',
      'UTF8',
      '--locale',
      'C.UTF-8',
      '--no-sync',
    ],
    { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: directory,
    shared_buffers: '256MB',
    max_connections: '100',
    log_min_messages: 'fatal',
    // The disk is never cut off from power here: what a process wrote survives its end.
    fsync: 'off',
    full_page_writes: 'off',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const launch = () => spawn(join(bin, 'postgres'), ['-D', data, ...flags], { ...as, stdio: 'ignore' });
  let server = launch();
  const stop = async () => {
    await end(server);
    rmSync(directory, { recursive: true, force: true });
  };
  const url = `postgres://zcv@127.0.0.1:${port}/postgres`;
  try {
    await accepting(url, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    stop,
    async restart() {
      await end(server);
      server = launch();
      await accepting(url, server);
    },
  };
}

function binaries(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return (
    places.find((place) => ['initdb', 'postgres'].every((name) => existsSync(join(place, name)))) ?? null
  );
}

/** PostgreSQL will not run as root: then its own user does it. */
function serverUser(): { uid: number; gid: number } | null {
  const uid = process.getuid?.() ?? -1;
  const gid = process.getgid?.() ?? -1;
  if (uid !== 0) return { uid, gid };
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function accepting(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once with code ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  // Immediate shutdown: nobody needs this data.
  server.kill('SIGQUIT');
  const waited = new AbortController();
  await Promise.race([
    ended,
    sleep(STOP_MS, undefined, { signal: waited.signal })
      .then(() => server.kill('SIGKILL'))
      .catch(() => undefined),
  ]);
  waited.abort();
}
