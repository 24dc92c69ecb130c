import { superstoreOrg } from '../../src/sample/superstore.ts';
import { deliveryWorld } from './delivery-world.ts';

/** What strangers send, and what becomes of it. */

export interface Forged {
  readonly forgery: string;
  readonly expected: number;
  readonly answer: number;
  readonly rows: number;
  readonly jobs: number;
  readonly credits: number;
  readonly secrets: number;
}

const FROM = new Date('2026-03-02T09:00:00Z');

export async function forgeAll(databaseUrl: string): Promise<Forged[]> {
  const world = await deliveryWorld(databaseUrl, superstoreOrg({ today: '2026-03-02' }), FROM);
  const { app, connection, simulator, hookUrl } = world;
  try {
    await world.run('renew-channels');
    const rows = await app.store.channels.of(connection.id);
    // We keep its hash alone; Zoho shows the address to whom it belongs.
    const secretOf = async (module: string) => {
      const row = rows.find((one) => one.module === module && one.part === 0);
      const shown = await app.channelApi(connection).get(row?.channelId ?? '');
      if (!row || !shown?.notifyUrl) throw new Error(`no channel tells of ${module}`);
      return { secret: shown.notifyUrl.slice(hookUrl.length + 1), token: row.token };
    };
    const deals = await secretOf('Deals');
    const leads = await secretOf('Leads');
    const body = (part: Record<string, unknown> = {}) =>
      JSON.stringify({
        module: 'Deals',
        operation: 'update',
        ids: ['5725767000000411001'],
        token: deals.token,
        ...part,
      });
    const ids = (count: number) =>
      Array.from({ length: count }, (_, at) => String(5_725_767_000_000_000_000n + BigInt(at)));
    const forgeries: readonly [string, number, string, string, string?][] = [
      ['wrong token', 401, deals.secret, body({ token: 'guess' })],
      ['no token', 401, deals.secret, body({ token: null })],
      ["another channel's token", 401, deals.secret, body({ token: leads.token })],
      ['wrong secret', 404, 'x'.repeat(43), body()],
      ['secret of another form', 404, '..%2f..%2fetc', body()],
      ['huge body', 413, deals.secret, body({ padding: 'x'.repeat(300 * 1024) })],
      ['broken JSON', 400, deals.secret, body().slice(0, -3)],
      ['a form, not JSON', 400, deals.secret, `token=${deals.token}`, 'application/x-www-form-urlencoded'],
      ['wrong content type and token', 401, deals.secret, body({ token: 'guess' }), 'text/html'],
      ['ids as numbers', 400, deals.secret, body({ ids: [5_725_767] })],
      ['ids that are none', 400, deals.secret, body({ ids: ["1' or 1=1"] })],
      ['10,000 ids', 400, deals.secret, body({ ids: ids(10_000) })],
      ['a list, not an object', 400, deals.secret, `[${body()}]`],
    ];
    const table: Forged[] = [];
    for (const [forgery, expected, secret, text, type = 'application/json'] of forgeries) {
      const before = {
        log: world.log().length,
        credits: simulator.control.report().credits,
        jobs: world.waiting().length,
      };
      const answer = await fetch(`${hookUrl}/${secret}`, {
        method: 'POST',
        body: text,
        headers: { 'content-type': type },
      });
      await answer.text();
      await world.settle();
      const logged = world.log().slice(before.log);
      const told = [deals.secret, deals.token, leads.token, 'guess', '5725767000000411001'];
      table.push({
        forgery,
        expected,
        answer: answer.status,
        rows: (await app.store.deliveries.list(connection.id, { limit: 10 })).length,
        jobs: world.waiting().length - before.jobs,
        credits: simulator.control.report().credits - before.credits,
        secrets: told.filter((word) => logged.includes(word)).length,
      });
    }
    return table;
  } finally {
    await world.close();
  }
}
