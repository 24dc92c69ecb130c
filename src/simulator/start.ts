import { parseArgs } from 'node:util';
import { GENERATED_TIME_ZONE, generatedOrg } from '../sample/generator.ts';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../sample/superstore.ts';
import { createSimClock } from './clock.ts';
import type { OrgSeed } from './seed.ts';
import { startSimulator } from './simulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    /** Customers of a generated org; without it the Superstore sample. */
    scale: { type: 'string' },
    edition: { type: 'string' },
  },
});

const simulator = await startSimulator({ seed: sampleOrg(), port: wholeNumber(values.port, 'port') });
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

function sampleOrg(): OrgSeed {
  const edition = editionOf(values.edition);
  if (values.scale === undefined) return superstoreOrg({ today: today(SUPERSTORE_TIME_ZONE), ...edition });
  const customers = wholeNumber(values.scale, 'scale');
  return generatedOrg({ customers, today: today(GENERATED_TIME_ZONE), ...edition });
}

function editionOf(text: string | undefined): { edition?: OrgSeed['org']['edition'] } {
  if (text === undefined) return {};
  const editions = ['Free', 'Standard', 'Professional', 'Enterprise', 'Ultimate'] as const;
  const edition = editions.find((each) => each === text);
  if (edition === undefined) stop(`--edition must be one of ${editions.join(', ')}`);
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
