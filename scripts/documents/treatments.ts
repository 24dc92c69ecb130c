import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Beside } from './beside.ts';
import type { DocumentLine } from './command-lines.ts';
import type { Home } from './home.ts';

/**
 * What it takes to run a line of the documents as it stands: values for its placeholders, what must be there before, and
 * the exit code. First match counts; a line that nothing matches runs as it is and must exit 0.
 */
export interface Treatment {
  readonly match: RegExp;
  /** Not run, and why. */
  readonly skip?: string;
  /** Makes what the line needs; returns values for placeholders. */
  readonly prepare?: (home: Home, beside: Beside) => Promise<Readonly<Record<string, string>>>;
  /** It destroys what others need: an org and a store of its own. */
  readonly isDestroying?: true;
  /** What a person would answer at the terminal. */
  readonly plus?: readonly string[];
  /** It runs until it is stopped; SIGTERM once its output matches. */
  readonly stopWhen?: RegExp;
  /** Other than 0, and what the documents say of it. */
  readonly exit?: { readonly code: number; readonly why: string };
}

const BACKUP = 'backups/FILE';
const ONE_PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const HOOK = 'https://hooks.example.test/value';
const nothing = {};
/** The line has no placeholders of its own. */
const after = (step: (home: Home) => Promise<unknown>) => async (home: Home) => {
  await step(home);
  return nothing;
};

async function aRecord(home: Home): Promise<string> {
  const { stdout } = await home.must('export --format ndjson');
  // Each line is one customer; the first will do.
  return (JSON.parse(stdout.split('\n')[0] ?? '{}') as { record_id: string }).record_id;
}
async function aRun(home: Home): Promise<string> {
  const { apply } = await home.json<{ apply: { runId: string } }>('run --apply --yes --as-of 2027-01-31');
  return apply.runId;
}
async function aPlan(home: Home): Promise<string> {
  // A month later something is due, so the plan is not empty.
  await home.must('score --as-of 2027-01-31');
  return (await home.json<{ planId: string }>('plan', [0, 3])).planId;
}
async function aBackup(home: Home): Promise<void> {
  for (const name of [BACKUP, 'backups/today.zcvb', 'before-upgrade.zcvb', 'F'])
    await home.must(`backup --out ${name}`);
}
const ledgerOf = (record: string) => `account_id,date,amount\n${record},2026-03-04,250.00\n`;
async function aLedger(home: Home): Promise<void> {
  home.write('ledger.csv', ledgerOf(await aRecord(home)));
}
async function anEndpoint(home: Home, url = HOOK): Promise<string> {
  await home.must(`events add ${url}`);
  const [endpoint] = await home.json<{ id: string }[]>('events endpoints');
  return endpoint?.id ?? '';
}
/** An endpoint that answers, and what it was sent first. */
async function aDelivery(home: Home, beside: Beside): Promise<Record<string, string>> {
  home.write('config/notify.yaml', 'version: 1\nevents:\n  allowPrivateAddresses: true\n');
  const ENDPOINT = await anEndpoint(home, `${await beside.receiver()}/value`);
  const { id } = await home.json<{ id: number }>(`events test ${ENDPOINT}`);
  return { ENDPOINT, DELIVERY: String(id) };
}
/** From here on the home is a process of a PostgreSQL installation. */
async function onPostgres(home: Home, beside: Beside): Promise<Record<string, string>> {
  home.env.DATABASE_URL = await beside.database();
  home.env.ENCRYPTION_KEYS = randomBytes(32).toString('base64');
  home.env.SESSION_SECRET = randomBytes(32).toString('base64');
  await home.must('migrate');
  return {};
}
async function aDeadJob(home: Home): Promise<Record<string, string>> {
  await home.must('schedule run reconcile');
  home.change(
    "update jobs set state = 'dead', last_error = 'Zoho did not answer', died_at = '2026-01-01T00:00:00.000Z'",
  );
  const { jobs } = await home.json<{ jobs: { id: string }[] }>('jobs dead');
  return { ID: String(jobs[0]?.id) };
}
async function aProgram(home: Home): Promise<string> {
  await home.must(
    'oauth-clients add --connection default --name Card --redirect-uri https://hooks.example.test/back',
  );
  const text = JSON.stringify(await home.json('oauth-clients list'));
  return /"(?:id|clientId)":"([^"]+)"/.exec(text)?.[1] ?? '';
}
async function aLostKey(home: Home): Promise<Record<string, string>> {
  const [lost] = await home.json<{ keyId: string }[]>('keys list');
  home.env.ENCRYPTION_KEYS = randomBytes(32).toString('base64');
  const keyId = lost?.keyId ?? '';
  return { ID: keyId, KEYID: keyId };
}

export const TREATMENTS: readonly Treatment[] = [
  { match: /^(erase|restore|schedule set digest|events resend)$/, skip: 'names the command only' },
  {
    match: /^move-store /,
    plus: ['--yes'],
    prepare: async (home, beside) => {
      home.env.ENCRYPTION_KEYS = home.keys();
      return { 'postgres://': await beside.database() };
    },
  },
  { match: /^worker/, prepare: onPostgres, stopWhen: /worker started/ },
  { match: /^demo$/, stopWhen: /Stop it with Ctrl-C/ },
  { match: /^serve --no-jobs/, prepare: onPostgres, stopWhen: /server started/ },
  { match: /^serve/, stopWhen: /server started/ },
  {
    match: /^alerts ack /,
    isDestroying: true,
    prepare: async (home) => {
      await home.must(`undo ${await aRun(home)} --yes`);
      return { CODE: 'undone' };
    },
  },
  { match: /^alerts mute /, prepare: async () => ({ CODE: 'no_good_run' }) },
  { match: /^jobs retry ID/, prepare: aDeadJob },
  { match: /^keys forget /, plus: ['--yes'], prepare: aLostKey },
  {
    match: /^mail test /,
    prepare: async (home, beside) => {
      home.env.SMTP_URL = await beside.mailServer();
      home.write('config/notify.yaml', 'version: 1\nmail:\n  from: Value <value@firm.test>\n');
      return {};
    },
  },
  { match: /^events (attempts|resend|test) /, prepare: aDelivery },
  {
    match: /^restore --finish/,
    skip: 'needs a restore that was killed; test/long/restore.test.ts kills them',
  },
  { match: /^events enable /, prepare: async (home) => ({ ENDPOINT: await anEndpoint(home) }) },
  {
    match: /^connect --(name NAME )?.*grant-code/,
    prepare: async ({ simulator }) => code(simulator.control.issueGrantCode()),
  },
  { match: /^(apply|run --apply)/, plus: ['--yes'], prepare: after(aPlan) },
  { match: /^plan (approve|reject) /, prepare: async (home) => ({ ID: await aPlan(home) }) },
  {
    match: /^undo RUN( --connection NAME)?$/,
    isDestroying: true,
    prepare: async (home) => ({ RUN: await aRun(home) }),
    exit: { code: 2, why: 'README.md: a preview without --yes; nobody answers here' },
  },
  {
    match: /^(undo|retry-failed) RUN/,
    isDestroying: true,
    prepare: async (home) => ({ RUN: await aRun(home) }),
  },
  { match: /^(uninstall|fields remove|connection remove)/, isDestroying: true, plus: ['--yes'] },
  { match: /^fields apply/, plus: ['--yes'] },
  { match: /^erase --again/, plus: ['--yes'] },
  {
    match: /^erase --record/,
    isDestroying: true,
    plus: ['--yes'],
    prepare: async ({ simulator }) => ({ ID: String(simulator.control.records('Contacts')[0]?.id) }),
  },
  { match: /^explain ID/, prepare: async (home) => ({ ID: await aRecord(home) }) },
  {
    match: /^erase --email/,
    isDestroying: true,
    plus: ['--yes'],
    prepare: async (home) => ({ E: anAddress(home) }),
  },
  { match: /^override end/, prepare: anOverride },
  { match: /RECORD/, prepare: async (home) => ({ RECORD: await aRecord(home) }) },
  { match: /^purchases (import|list)/, prepare: after(aLedger) },
  {
    match: /^purchases remove/,
    prepare: async (home) => {
      await aLedger(home);
      await home.must('purchases import ledger.csv');
      return nothing;
    },
  },
  { match: /^oauth-clients add /, prepare: async () => ({ 'https://': 'https://hooks.example.test/back' }) },
  { match: /^oauth-clients remove /, prepare: async (home) => ({ ID: await aProgram(home) }) },
  {
    match: /^report .*--logo/,
    prepare: async (home) => {
      home.write('logo.png', Buffer.from(ONE_PIXEL, 'base64'));
      return nothing;
    },
  },
  { match: /^keys rotate/, prepare: after((home) => home.must('keys add')) },
  {
    match: /^keys drop/,
    prepare: async (home) => {
      await home.must('keys add');
      await home.must('keys rotate');
      return nothing;
    },
  },
  {
    match: /^token revoke/,
    prepare: async (home) => {
      await home.must('token create --name N --connection default');
      const [token] = await home.json<{ id: string }[]>('token list');
      return { ID: token?.id ?? '' };
    },
  },
  {
    match: /^settings publish/,
    prepare: async (home) => {
      await home.must('settings set scoring.tiers.topPercent 10 --draft');
      return nothing;
    },
  },
  {
    match: /^settings rollback/,
    prepare: async (home) => {
      await home.must('settings set scoring.tiers.topPercent 10');
      return { V: '1' };
    },
  },
  {
    match: /^settings import/,
    prepare: async (home) => {
      home.write('branch.yaml', blockOf('docs/cookbook.md', 'wholesale'));
      home.write('stored-settings.yaml', 'scoring:\n  tiers:\n    topPercent: 10\n');
      return nothing;
    },
  },
  {
    match: /^restore --activate/,
    plus: ['--yes'],
    prepare: async (home) => {
      await aBackup(home);
      await home.must(`restore ${BACKUP} --replace --yes`);
      return nothing;
    },
  },
  {
    match: /^restore \S+$|^restore F --without-keys/,
    prepare: async (home) => {
      await aBackup(home);
      home.dropDatabase();
      return nothing;
    },
  },
  {
    // The key goes first, as the page says.
    match: /^restore .* --into file:/,
    prepare: async (home) => {
      await aBackup(home);
      home.copyKey(['data/other.db', 'data/restored.db']);
      return nothing;
    },
  },
  { match: /^restore /, prepare: after(aBackup) },
  {
    match: /^channels test/,
    exit: { code: 1, why: 'webhooks.md: exit 1 when the address does not lead here' },
  },
  {
    match: /^digest --owner/,
    prepare: async (home) => {
      const { stdout } = await home.must('export --format ndjson');
      return { NAME: (JSON.parse(stdout.split('\n')[0] ?? '{}') as { owner: string }).owner };
    },
  },
];

/** The block "```yaml NAME" of a document. */
function blockOf(file: string, name: string): string {
  return new RegExp(`\`\`\`yaml ${name}\\n([\\s\\S]*?)\`\`\``).exec(readFileSync(file, 'utf8'))?.[1] ?? '';
}

function code(grant: string): Record<string, string> {
  return { CODE: grant, '1000': grant, '…': grant };
}

function anAddress({ simulator }: Home): string {
  const contact = simulator.control.records('Contacts').find(({ Email }) => typeof Email === 'string');
  return String(contact?.Email ?? '');
}

async function anOverride(home: Home): Promise<Record<string, string>> {
  const record = await aRecord(home);
  await home.must(`override set ${record} --phase loyal --reason test --until 2099-12-31`);
  return { RECORD: record };
}

export function treatmentOf({ text }: DocumentLine): Treatment | null {
  return TREATMENTS.find(({ match }) => match.test(text)) ?? null;
}

/** Placeholders that mean the same everywhere, once those of the treatment are filled in. */
const USUAL: Readonly<Record<string, string>> = {
  NAME: 'default',
  C: 'default',
  acme: 'default',
  'client-a': 'default',
  ADDRESS: 'anna@example.test',
  DAY: '2026-01-01',
};

export function wordsToRun({ words }: DocumentLine, given: Readonly<Record<string, string>>): string[] {
  return words.map((word) => {
    const bare = word.replace(/^["'](.*)["']$/, '$1');
    const filled = given[bare] ?? USUAL[bare] ?? bare;
    // Folders of another machine lie in the home of the run.
    return filled.replace(/^\/(backups|elsewhere|tmp)\//, './backups/');
  });
}
