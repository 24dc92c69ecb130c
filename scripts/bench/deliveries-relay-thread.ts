// The thread of deliveries-relay.ts: takes notifications, passes them on to the servers in turn, and keeps what became of each.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Asked, Sent } from './deliveries-relay.ts';

if (parentPort === null) throw new Error('this is the thread of deliveries-relay.ts');
const parent = parentPort;
// Given by deliveries-relay.ts.
const { repeatEvery } = workerData as { repeatEvery: number };
const now = (): number => performance.timeOrigin + performance.now();
const open = new Set<Promise<void>>();
let targets: readonly string[] = [];
let sent: Sent[] = [];
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
  one.answerMs = now() - one.at;
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
      const one: Sent = { module, ids, at: now(), isRepeat, status: 0, answerMs: 0 };
      sent.push(one);
      const passing = forward(req.url ?? '/', body, one).finally(() => open.delete(passing));
      open.add(passing);
    }
  });
});
parent.on('message', async (asked: Asked) => {
  if (asked.kind === 'pass-on-to') {
    targets = asked.targets;
    return;
  }
  while (open.size > 0) await Promise.all(open);
  parent.postMessage(sent);
  sent = [];
});
server.listen(0, '127.0.0.1', () => {
  // A server on a port has an AddressInfo.
  parent.postMessage((server.address() as AddressInfo).port);
});
