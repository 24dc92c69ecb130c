import { createServer } from 'node:net';
import type { CliHome } from './cli.ts';

/** `zcv serve` as a child process that Zoho can reach. */
export interface RunningServer {
  readonly url: string;
  /** What it has written so far. */
  log(): string;
  stop(): Promise<void>;
}

export async function aFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** From here on every command of that home knows the address, too. */
export async function aServer(home: CliHome): Promise<RunningServer> {
  for (let left = 2; ; left -= 1) {
    try {
      return await serveOn(home, await aFreePort());
    } catch (error) {
      // Another process of a busy machine took the port meanwhile.
      if (left === 0 || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
}

async function serveOn(home: CliHome, port: number): Promise<RunningServer> {
  const url = `http://127.0.0.1:${port}`;
  Object.assign(home.env, { PORT: String(port), PUBLIC_URL: url });
  const child = home.start('serve');
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  const deadline = Date.now() + 60_000;
  while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) {
    if (Date.now() > deadline || child.exitCode !== null)
      throw new Error(`the server did not become ready\n${log.slice(-3000)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  return {
    url,
    log: () => log,
    stop: async () => {
      const exit = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await exit;
    },
  };
}
