import { parseArgs } from 'node:util';
import { GENERATED_TIME_ZONE, generatedOrg } from '../sample/generator.ts';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../sample/superstore.ts';
import { createSimClock } from './clock.ts';
import type { OrgSeed } from './seed.ts';
import { startSimulator } from './simulator.ts';

const EDITIONS = ['Free', 'Standard', 'Professional', 'Enterprise', 'Ultimate'] as const;
const USAGE = `npm run simulator -- [options]
  --port <port>          port on 127.0.0.1; 0 takes any free one (default: 4000)
  --scale <customers>    a generated org of this many customers instead of the Superstore sample
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
  if (values.scale === undefined) return superstoreOrg({ today: today(SUPERSTORE_TIME_ZONE), ...edition });
  const customers = wholeNumber(values.scale, 'scale');
  return generatedOrg({ customers, today: today(GENERATED_TIME_ZONE), ...edition });
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
