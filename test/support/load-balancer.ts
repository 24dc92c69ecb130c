import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before the servers in turn, and tries nothing twice: Zoho does not either. */
export interface LoadBalancer {
  readonly url: string;
  setServers(ports: readonly number[]): void;
  /** Deliveries that a server answered with 2xx. */
  readonly answered: readonly AnsweredDelivery[];
  /** Those that no server took. */
  readonly refused: () => number;
  close(): Promise<void>;
}

interface AnsweredDelivery {
  readonly module: string;
  readonly ids: readonly string[];
  /** Epoch milliseconds of the change, as the delivery said. */
  readonly at: number;
}

export async function startLoadBalancer(): Promise<LoadBalancer> {
  let ports: readonly number[] = [];
  let next = 0;
  let refused = 0;
  const answered: AnsweredDelivery[] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const body = Buffer.concat(parts);
      const isDelivery = req.url?.startsWith('/hooks/') === true;
      const port = ports[next++ % Math.max(1, ports.length)];
      const fail = () => {
        if (isDelivery) refused += 1;
        if (!res.headersSent) res.writeHead(502);
        res.end();
      };
      const onward = request(
        { host: '127.0.0.1', port, path: req.url, method: req.method, headers: req.headers, agent: false },
        (answer) => {
          const { statusCode = 502 } = answer;
          if (isDelivery) {
            if (statusCode < 300) answered.push(deliveryOf(body));
            else refused += 1;
          }
          res.writeHead(statusCode, answer.headers);
          answer.pipe(res);
          answer.on('error', () => res.end());
        },
      );
      onward.on('error', fail);
      onward.end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A server that listens on a port has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    setServers: (given) => {
      ports = given;
    },
    answered,
    refused: () => refused,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function deliveryOf(body: Buffer): AnsweredDelivery {
  // Posted by the simulator, whose form the contract tests hold against Zoho's.
  const { module, ids, server_time } = JSON.parse(body.toString('utf8')) as {
    module: string;
    ids: string[];
    server_time: number;
  };
  return { module, ids, at: server_time };
}
