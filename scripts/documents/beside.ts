import pg from 'pg';
import { aMailServer } from '../../test/support/mail-server.ts';
import { type StartedCluster, startPostgres } from '../../test/support/postgres.ts';
import { aReceiver } from '../../test/support/receiver.ts';

/** What runs beside the service at a firm: a mail server, a receiver of events, PostgreSQL. Each is started when first asked for. */

/** It cannot be had on this machine: the line is not run. */
export class NotHere extends Error {}

export class Beside {
  #mail: ReturnType<typeof aMailServer> | null = null;
  #receiver: ReturnType<typeof aReceiver> | null = null;
  #cluster: Promise<StartedCluster> | null = null;
  #databases = 0;

  async mailServer(): Promise<string> {
    this.#mail ??= aMailServer();
    return (await this.#mail).url;
  }

  async receiver(): Promise<string> {
    this.#receiver ??= aReceiver();
    return (await this.#receiver).url;
  }

  /** An empty database of its own. Throws NotHere where no PostgreSQL is installed. */
  async database(): Promise<string> {
    this.#cluster ??= startPostgres();
    const cluster = await this.#cluster;
    if (cluster.url === null) throw new NotHere(`needs PostgreSQL: ${cluster.reason}`);
    this.#databases += 1;
    const name = `zcv_documents_${process.pid}_${this.#databases}`;
    const client = new pg.Client({ connectionString: cluster.url });
    await client.connect();
    await client.query(`create database ${name}`);
    await client.end();
    const url = new URL(cluster.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  async close(): Promise<void> {
    await (await this.#mail)?.close();
    await (await this.#receiver)?.close();
    const cluster = await this.#cluster;
    if (cluster !== null && cluster.url !== null) await cluster.stop();
  }
}
