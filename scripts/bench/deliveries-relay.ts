import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands where Zoho's many senders and our load balancer stand: the simulator sends one notification after another and
 * waits for each answer; this one takes it at once and passes it on, to the servers in turn, without waiting for those before.
 */
export interface Relay {
  readonly url: string;
  readonly targets: string[];
  readonly sent: readonly Sent[];
  /** Resolves when everything sent has its answer. */
  settle(): Promise<void>;
  close(): void;
}
interface Sent {
  readonly module: string;
  readonly ids: readonly string[];
  readonly at: number;
  readonly isRepeat: boolean;
  /** 0: no answer came. */
  status: number;
  answerMs: number;
}

/** `repeatEvery`: each so manieth notification is sent a second time, as Zoho may; to the next server. */
export async function startRelay(repeatEvery: number): Promise<Relay> {
  const targets: string[] = [];
  const sent: Sent[] = [];
  const open = new Set<Promise<void>>();
  let turn = 0;

  async function forward(path: string, body: Buffer<ArrayBuffer>, one: Sent): Promise<void> {
    const target = targets[turn++ % targets.length];
    try {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${target}${path}`, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      one.status = answer.status;
    } catch {
      one.status = 0;
    }
    one.answerMs = performance.now() - one.at;
  }

  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const body = Buffer.concat(parts);
      res.end('{}');
      // Posted by the simulator, whose form the contract tests hold against Zoho's.
      const { module, ids } = JSON.parse(body.toString('utf8')) as { module: string; ids: string[] };
      const isRepeated = module === 'Deals' && sent.length % repeatEvery === 0;
      for (const isRepeat of isRepeated ? [false, true] : [false]) {
        const one: Sent = { module, ids, at: performance.now(), isRepeat, status: 0, answerMs: 0 };
        sent.push(one);
        const passing = forward(req.url ?? '/', body, one).finally(() => open.delete(passing));
        open.add(passing);
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A server on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    targets,
    sent,
    async settle() {
      while (open.size > 0) await Promise.all(open);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
