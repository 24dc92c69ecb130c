import type { ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE } from '../../src/sample/generator.ts';
import { scaleOrg } from '../../src/sample/scale.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { addDaysTo, recordsOf, todayIn } from '../support/org.ts';
import { aFreePort } from '../support/server.ts';

/** One change in Zoho, followed by metrics, by log lines and by traces of the server and its job thread. */

interface Sent {
  readonly component: string;
  readonly name: string;
  readonly traceId: string;
  readonly attributes: string;
}

let simulator: Simulator;
let home: CliHome;
let server: ChildProcess;
let receiver: Server;
let url: string;
let log = '';
const spans: Sent[] = [];

async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not happen\n${log.slice(-3000)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** What an OTLP/HTTP receiver is sent, as JSON. */
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: string;
        readonly attributes: unknown;
      }[];
    }[];
  }[];
}

beforeAll(async () => {
  receiver = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString('utf8')) as Export;
      for (const { resource, scopeSpans } of body.resourceSpans) {
        const component = resource.attributes.find(({ key }) => key === 'service.component');
        for (const { name, traceId, attributes } of scopeSpans.flatMap((scope) => scope.spans))
          spans.push({
            component: component?.value.stringValue ?? '',
            ...{ name, traceId, attributes: JSON.stringify(attributes) },
          });
      }
      res.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const { port: tracePort } = receiver.address() as AddressInfo;
  const today = todayIn(GENERATED_TIME_ZONE);
  simulator = await startSimulator({
    seed: scaleOrg({ accounts: 60, contacts: 0, deals: 300, activities: 0, today }),
  });
  const port = await aFreePort();
  url = `http://127.0.0.1:${port}`;
  home = aCliHome(simulator, { PORT: String(port), PUBLIC_URL: url });
  for (const args of [
    ['connect', '--mode', 'auto'],
    ['fields', 'apply', '--yes'],
    ['run', '--apply', '--yes'],
  ]) {
    const done = await home.run(...args);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
  Object.assign(home.env, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${tracePort}`,
    LOG_LEVEL: 'debug',
    METRICS_TOKEN: 'a-token-for-metrics',
  });
  server = home.start('serve');
  for (const stream of [server.stdout, server.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  await until('readiness', async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok);
  await until('a channel', () => simulator.control.report().calls['POST /crm/v8/actions/watch']);
}, 300_000);
afterAll(async () => {
  const ended = new Promise((done) => server.once('exit', done));
  server.kill('SIGTERM');
  await ended;
  home.remove();
  receiver.close();
  await simulator.close();
});

test('a change is seen in metrics, log and traces, and none of them tells a secret or a name', async () => {
  const today = todayIn(GENERATED_TIME_ZONE);
  const deal = recordsOf(simulator, 'Deals').find(
    ({ Stage: stage, Account_Name: account, Closing_Date: day, Amount: amount }) =>
      stage === 'Closed Won' &&
      account &&
      String(day) < today &&
      String(day) > addDaysTo(today, -300) &&
      amount,
  );
  if (!deal) throw new Error('the sample has no deal won in this year');

  simulator.control.writeRecords('Deals', [
    { id: deal.id, Deal_Name: 'Order of Ms Quistgaard', Amount: Number(deal.Amount) * 2 },
  ]);
  const headers = { authorization: 'Bearer a-token-for-metrics' };
  const metrics = async () => (await fetch(`${url}/metrics`, { headers })).text();
  await until('the latency of a delivery', async () =>
    /zcv_delivery_latency_seconds_count [1-9]/.test(await metrics()),
  );

  const text = await metrics();
  for (const line of [
    /zcv_job_duration_seconds_count\{job="process-deliveries",outcome="ok"\} [1-9]/,
    /zcv_zoho_call_duration_seconds_count\{method="PUT",outcome="ok"\} [1-9]/,
    /zcv_deliveries_total\{outcome="(stored|accepted)"\} [1-9]/,
    /zcv_run_duration_seconds_count\{run="\w+",outcome="done"\} [1-9]/,
    /zcv_credits_used\{connection="default"\} [1-9]/,
    /zcv_last_good_run_age_seconds\{connection="default"\} \d/,
    /nodejs_eventloop_lag_seconds \d/,
  ])
    expect(text).toMatch(line);

  const lines = log.split('\n').flatMap((one) => (one.startsWith('{') ? [JSON.parse(one)] : []));
  const worked = lines.find((one) => one.msg === 'deliveries done');
  expect(worked).toMatchObject({ job: 'process-deliveries', jobId: expect.stringMatching(/./) });
  expect(lines.some((one) => one.runId !== undefined && one.jobId !== undefined)).toBe(true);
  expect(lines.some((one) => one.requestId !== undefined)).toBe(true);

  await until('the spans of the write', () => spans.some(({ name }) => name === 'apply'));
  const write = spans.find(({ name }) => name === 'apply');
  const trace = spans.filter(({ traceId }) => traceId === write?.traceId).map(({ name }) => name);
  expect(trace).toEqual(expect.arrayContaining(['job', 'sync', 'score', 'plan', 'apply', 'zoho call']));
  expect(new Set(spans.map(({ component }) => component))).toEqual(new Set(['server', 'jobs']));
  expect(spans.map(({ name }) => name)).toContain('http request');
  const told = JSON.stringify(spans) + text + log;
  for (const secret of ['Quistgaard', simulator.refreshToken, simulator.clientSecret, deal.id])
    expect(told.includes(secret), secret === deal.id ? 'an id' : 'a name or secret').toBe(false);
});
