import { type Command, InvalidArgumentError, Option } from 'commander';
import type { App } from '../app.ts';
import type { Connection, RecordId } from '../domain.ts';
import { AppError, InputError } from '../errors.ts';
import { asOfDay, type HeldLine, withLine } from '../jobs/line.ts';
import { rescoreSome } from '../jobs/run-scoring.ts';
import { type Certificate, eraseAgain, erasePerson } from '../ops/erase.ts';
import { clearOurValues, type FoundPerson, findByEmail, findByIds } from '../setup/find-person.ts';
import { requireWritable } from '../setup/may-write.ts';
import { audited } from './audited.ts';
import {
  type CommonOptions,
  common,
  type ExitCode,
  print,
  printJson,
  say,
  withConnection,
} from './command.ts';
import { confirmed } from './confirm.ts';
import { table } from './render.ts';

type Options = CommonOptions & {
  email?: string;
  record?: string;
  again?: boolean;
  zoho?: boolean;
  yes?: boolean;
};

function address(text: string): string {
  if (!/^\S+@\S+$/.test(text)) throw new InvalidArgumentError('an e-mail address');
  return text;
}
function recordId(text: string): string {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('the id of a contact or lead');
  return text;
}

export function configure(command: Command): void {
  common(command)
    .addOption(
      new Option('--email <address>', 'of the person, as it stands in Zoho')
        .argParser(address)
        .conflicts(['record', 'again']),
    )
    .addOption(new Option('--record <id>', 'of the contact or lead').argParser(recordId).conflicts(['again']))
    .option('--again', 'everybody who was erased before: after a restored backup')
    .option('--zoho', 'also empty our fields on the records in Zoho')
    .option('--yes', 'erase without asking')
    .action((options: Options) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        if (!options.email && !options.record && !options.again)
          throw new InputError('whom? Give --email, --record or --again');
        const whom = options.again ? 'everybody who was erased before' : (options.email ?? options.record);
        if (
          !(await confirmed(
            options.yes,
            `Erase ${whom} from everything stored about ${connection.org.name}?`,
          ))
        )
          return 0;
        return withLine(deps, connection, (line) => erase(app, line, connection, options));
      }),
    );
}

async function erase(app: App, line: HeldLine, connection: Connection, options: Options): Promise<ExitCode> {
  if (options.again) {
    const certificates = await eraseAgain(app, connection);
    if (options.json) printJson({ erased: certificates.length, certificates });
    else print(certificates.map(page).join('\n\n') || 'Nobody who was erased stands in the store.');
    return certificates.some(({ bytesLeft }) => bytesLeft !== null) ? 4 : 0;
  }
  const found = await findPerson(app, line, connection, options);
  const cleared = options.zoho ? await clearInZoho(app, line, connection, found) : null;
  const deed = {
    action: 'person.erase',
    // Whom, is what was asked to be forgotten.
    target: 'a person',
    after: (done: { readonly certificate: Certificate }) => ({ certificate: done.certificate.hash }),
  };
  const { certificate, accounts } = await audited(app, connection, deed, () =>
    erasePerson(app, connection, found),
  );
  await rescoreAccounts(line, connection, accounts);
  if (options.json) printJson({ erased: certificate.records, ...certificate, clearedInZoho: cleared });
  else {
    print(page(certificate));
    if (cleared !== null) print(`Our fields were emptied on ${cleared} records in Zoho.`);
  }
  return certificate.bytesLeft === null ? 0 : 4;
}

async function findPerson(
  app: App,
  line: HeldLine,
  connection: Connection,
  { email, record }: Options,
): Promise<FoundPerson> {
  if (email !== undefined) return findByEmail(line.zohoFor(connection), email);
  const id = record ?? '';
  if ((await app.store.records.get(connection.id, 'Accounts', [id])).length > 0)
    throw new InputError(`${id} is an account; give the id of a contact or lead`);
  try {
    return await findByIds(line.zohoFor(connection), [id]);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // Who asks to be forgotten does not wait for Zoho; address and number stand in no column of ours.
    say(`Zoho does not tell address and number of ${id} (${error.message}); erasing by id and stored name.`);
    return { ids: [id], names: [], numbers: [] };
  }
}

async function clearInZoho(
  app: App,
  line: HeldLine,
  connection: Connection,
  { ids }: FoundPerson,
): Promise<number> {
  requireWritable(connection);
  const living = async (module: 'Contacts' | 'Leads') =>
    (await app.store.records.get(connection.id, module, [...ids])).map(({ id }) => id);
  const people = new Map([
    ['Contacts', await living('Contacts')],
    ['Leads', await living('Leads')],
  ] as const);
  return clearOurValues({ store: app.store, zoho: line.zohoFor(connection) }, connection, people);
}

/** What is told of their accounts is told anew, without the person. */
async function rescoreAccounts(
  line: HeldLine,
  connection: Connection,
  accounts: readonly RecordId[],
): Promise<void> {
  if (accounts.length === 0 || !(await line.store.baselines.latest(connection.id))) return;
  const keys = accounts.map((id) => ({ module: 'Accounts', id }) as const);
  await rescoreSome(line, { connection, asOf: asOfDay(line, connection, null), keys, leads: [] });
}

function page(certificate: Certificate): string {
  const { erasedAt, connection, records, tables, searched, namesake, bytesLeft, hash } = certificate;
  const rows = tables.map(({ table: name, deleted, changed }) => [name, String(deleted), String(changed)]);
  return [
    `Certificate of erasure: ${connection}, ${erasedAt}`,
    `Contacts and leads: ${records}. Searched for in texts: names ${searched.names}, addresses and numbers ${searched.addressesAndNumbers}.`,
    ...(namesake ? ['Somebody else has this name: texts that are not about this person keep it.'] : []),
    rows.length === 0 ? 'Nothing was stored.' : table(['table', 'rows deleted', 'rows changed'], rows),
    bytesLeft === null
      ? 'What deleted rows leave in the database was overwritten. Backups keep what they hold: zcv erase --again after a restore.'
      : `! Deleted rows may still be read in the database file: ${bytesLeft}`,
    `SHA-256 ${hash}`,
  ].join('\n');
}
