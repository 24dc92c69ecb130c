import { parseArgs } from 'node:util';
import { GENERATED_TIME_ZONE, generatedOrg } from '../sample/generator.ts';
import { scaleOrg } from '../sample/scale.ts';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../sample/superstore.ts';
import { createSimClock } from './clock.ts';
import type { OrgSeed } from './seed.ts';
import { startSimulator } from './simulator.ts';

const EDITIONS = ['Free', 'Standard', 'Professional', 'Enterprise', 'Ultimate'] as const;
const USAGE = `npm run simulator -- [options]
  --port <port>          port on 127.0.0.1; 0 takes any free one (default: 4000)
  --scale <customers>    a generated org of this many customers instead of the Superstore sample
  --contacts, --deals, --activities <count>
                         with --scale: a plainer org for benchmarks with exactly that many accounts and rows
                         (default: 5, 10 and 10 for every 3 accounts)
  --edition <edition>    ${EDITIONS.join(', ')}`;

const values = argumentsGiven();
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

const port = wholeNumber(values.port, 'port');
const simulator = await startSimulator({ seed: sampleOrg(), port }).catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') stop(`--port ${port} is taken; give another, or 0 for any free one`);
  if (error.code === 'ERR_SOCKET_BAD_PORT') stop('--port must be at most 65535');
  throw error;
});
process.stdout.write(
  [
    '# A simulated Zoho CRM. Use it from another terminal with',
    `export ZOHO_ACCOUNTS_URL=${simulator.url}`,
    `export ZOHO_CLIENT_ID=${simulator.clientId}`,
    `export ZOHO_CLIENT_SECRET=${simulator.clientSecret}`,
    `export ZOHO_REFRESH_TOKEN=${simulator.refreshToken}`,
    '',
  ].join('\n'),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void simulator.close());
}

function argumentsGiven() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '4000' },
        scale: { type: 'string' },
        contacts: { type: 'string' },
        deals: { type: 'string' },
        activities: { type: 'string' },
        edition: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    return values;
  } catch (error) {
    stop(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function sampleOrg(): OrgSeed {
  const edition = editionOf(values.edition);
  const isCounted = [values.contacts, values.deals, values.activities].some((count) => count !== undefined);
  if (values.scale === undefined) {
    if (isCounted) stop('--contacts, --deals and --activities go with --scale');
    return superstoreOrg({ today: today(SUPERSTORE_TIME_ZONE), ...edition });
  }
  const customers = wholeNumber(values.scale, 'scale');
  if (isCounted) return benchmarkOrg(customers, edition);
  return generatedOrg({ customers, today: today(GENERATED_TIME_ZONE), ...edition });
}

function benchmarkOrg(accounts: number, edition: ReturnType<typeof editionOf>): OrgSeed {
  const countOf = (name: 'contacts' | 'deals' | 'activities', perThree: number) =>
    values[name] === undefined ? Math.floor((accounts * perThree) / 3) : wholeNumber(values[name], name);
  return scaleOrg({
    accounts,
    contacts: countOf('contacts', 5),
    deals: countOf('deals', 10),
    activities: countOf('activities', 10),
    today: today(GENERATED_TIME_ZONE),
    ...edition,
  });
}

function editionOf(text: string | undefined): { edition?: OrgSeed['org']['edition'] } {
  if (text === undefined) return {};
  const edition = EDITIONS.find((each) => each === text);
  if (edition === undefined) stop(`--edition must be one of ${EDITIONS.join(', ')}`);
  return { edition };
}

function today(timeZone: string): string {
  return new Date(createSimClock().nowMs()).toLocaleDateString('sv-SE', { timeZone });
}

function wholeNumber(text: string, name: string): number {
  if (!/^\d{1,7}$/.test(text)) stop(`--${name} must be a whole number`);
  return Number(text);
}

function stop(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
