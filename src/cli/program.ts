import { Command, CommanderError } from 'commander';
import { packageVersion } from '../version.ts';

/** A file of this folder: adds arguments, options and the action to its command. */
interface CommandModule {
  configure(command: Command): void;
}
const COMMANDS: readonly { name: string; summary: string; load: () => Promise<CommandModule> }[] = [
  {
    name: 'demo',
    summary: 'run the whole line on sample data, without a Zoho account',
    load: () => import('./demo.ts'),
  },
  { name: 'connect', summary: 'link a Zoho org', load: () => import('./connect.ts') },
  {
    name: 'drift',
    summary: 'which connections differ from the base pack, in what, and why',
    load: () => import('./drift.ts'),
  },
  {
    name: 'fleet',
    summary: 'all connections in one table, those in trouble first',
    load: () => import('./fleet.ts'),
  },
  { name: 'connection', summary: 'list, set or remove connections', load: () => import('./connection.ts') },
  {
    name: 'doctor',
    summary: 'check everything, each finding with its repair',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'assess',
    summary: 'read-only report: what the org holds, what is missing, what it costs',
    load: () => import('./assess.ts'),
  },
  { name: 'fields', summary: 'plan, create or remove our fields in Zoho', load: () => import('./fields.ts') },
  { name: 'sync', summary: 'Zoho → store', load: () => import('./sync.ts') },
  { name: 'score', summary: 'store → scores', load: () => import('./score.ts') },
  {
    name: 'plan',
    summary: 'scores → plan: what would be written, and its price',
    load: () => import('./plan.ts'),
  },
  { name: 'apply', summary: 'plan → Zoho', load: () => import('./apply.ts') },
  {
    name: 'undo',
    summary: 'take back what a run wrote, where Zoho still holds it',
    load: () => import('./undo.ts'),
  },
  {
    name: 'retry-failed',
    summary: 'try again what Zoho refused in a run',
    load: () => import('./retry-failed.ts'),
  },
  { name: 'run', summary: 'sync, score, plan and, with --apply, write', load: () => import('./run.ts') },
  {
    name: 'explain',
    summary: 'arithmetic, inputs and reasons of one customer',
    load: () => import('./explain.ts'),
  },
  {
    name: 'hand-over',
    summary: 'settings, customers and history of a connection in a folder, for a client that leaves',
    load: () => import('./hand-over.ts'),
  },
  {
    name: 'export',
    summary: 'one row a customer, or a customer and period',
    load: () => import('./export.ts'),
  },
  {
    name: 'base',
    summary: 'customer base between two dates: number × yield × relationship length',
    load: () => import('./base.ts'),
  },
  {
    name: 'what-if',
    summary: 'other rules on the stored customers: who would change; saves nothing',
    load: () => import('./what-if.ts'),
  },
  {
    name: 'purchases',
    summary: 'invoices and credit notes from a CSV file',
    load: () => import('./purchases.ts'),
  },
  { name: 'costs', summary: 'costs from a CSV file', load: () => import('./costs.ts') },
  { name: 'referrals', summary: 'who referred whom, from a CSV file', load: () => import('./referrals.ts') },
  {
    name: 'contributions',
    summary: 'case studies, reviews and the like, from a CSV file',
    load: () => import('./contributions.ts'),
  },
  {
    name: 'goodwill',
    summary: 'note what was given to a customer because something went wrong',
    load: () => import('./goodwill.ts'),
  },
  { name: 'thanks', summary: 'note that a customer was thanked', load: () => import('./thanks.ts') },
  {
    name: 'override',
    summary: 'set the phase of a customer by hand, list or end that',
    load: () => import('./override.ts'),
  },
  {
    name: 'playbook',
    summary: 'the rules that make reminders, and what became of those',
    load: () => import('./playbook.ts'),
  },
  {
    name: 'digest',
    summary: 'what the last week brought: of one owner, or of everybody',
    load: () => import('./digest.ts'),
  },
  {
    name: 'report',
    summary: 'what a month brought, for the client: text, PDF, HTML or CSV',
    load: () => import('./report.ts'),
  },
  { name: 'alerts', summary: 'what is wrong and what to do; mute one', load: () => import('./alerts.ts') },
  {
    name: 'events',
    summary: 'where events go, and what became of each delivery',
    load: () => import('./events.ts'),
  },
  { name: 'mail', summary: 'who gets alerts and digests by mail; test it', load: () => import('./mail.ts') },
  { name: 'settings', summary: 'print or validate the configuration', load: () => import('./settings.ts') },
  { name: 'schedule', summary: 'list or set what runs when', load: () => import('./schedule.ts') },
  {
    name: 'channels',
    summary: 'list, renew or test how Zoho tells us of changes',
    load: () => import('./channels.ts'),
  },
  {
    name: 'webhook',
    summary: 'webhooks of Zoho workflow rules: create, list, rotate, remove',
    load: () => import('./webhook.ts'),
  },
  {
    name: 'erase',
    summary: 'forget a person: data-subject erasure with a certificate',
    load: () => import('./erase.ts'),
  },
  {
    name: 'uninstall',
    summary: 'take what we put into an org out again, and forget the org',
    load: () => import('./uninstall.ts'),
  },
  {
    name: 'jobs',
    summary: 'what waits, runs or died; try again, pause and resume',
    load: () => import('./jobs.ts'),
  },
  {
    name: 'worker',
    summary: 'run jobs and schedules without HTTP, in any number of processes (PostgreSQL)',
    load: () => import('./worker.ts'),
  },
  {
    name: 'admin-link',
    summary: 'a one-time address that signs an operator in, in the browser',
    load: () => import('./admin-link.ts'),
  },
  {
    name: 'token',
    summary: 'create, list or revoke API tokens, without a browser',
    load: () => import('./token.ts'),
  },
  {
    name: 'oauth-clients',
    summary: 'programs that may ask people for access by OAuth: add, list, remove',
    load: () => import('./oauth-clients.ts'),
  },
  {
    name: 'backup',
    summary: 'everything stored, into one file, while serving',
    load: () => import('./backup.ts'),
  },
  {
    name: 'restore',
    summary: 'bring a backup back, finish or activate a restored copy',
    load: () => import('./restore.ts'),
  },
  {
    name: 'move-store',
    summary: 'from one database to another: SQLite to PostgreSQL, or back',
    load: () => import('./move-store.ts'),
  },
  {
    name: 'migrate',
    summary: 'bring the schema up to date, or tell what is pending',
    load: () => import('./migrate.ts'),
  },
  {
    name: 'keys',
    summary: 'encryption keys: list, add, rotate, drop, forget',
    load: () => import('./keys.ts'),
  },
  { name: 'serve', summary: 'HTTP server, scheduler and job worker', load: () => import('./serve.ts') },
];

function strict(command: Command): Command {
  return command
    .exitOverride()
    .showHelpAfterError('(zcv --help lists the commands)')
    .allowExcessArguments(false);
}

/** A reader that has seen enough (head) ends the command; that is no error. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
}

function emptyProgram(): Command {
  return strict(new Command('zcv'))
    .description('Customer value for Zoho CRM: sync → score → plan → apply')
    .version(packageVersion())
    .helpCommand(false);
}

/** Names every command in `program`; loads those that are asked for, because loading them all takes a second. */
async function addCommands(program: Command, isAsked: (name: string) => boolean): Promise<void> {
  for (const { name, summary, load } of COMMANDS) {
    const command = strict(program.command(name).description(summary));
    if (!isAsked(name)) continue;
    (await load()).configure(command);
    for (const inner of command.commands) strict(inner);
  }
}

/** The whole command table with all arguments and options; for whoever reads it rather than runs it. */
export async function commandTable(): Promise<Command> {
  const program = emptyProgram();
  await addCommands(program, () => true);
  return program;
}

/** Runs one command line and sets the process's exit code; never throws. */
export async function runCli(argv: readonly string[]): Promise<void> {
  endWithReader();
  const program = emptyProgram();
  const asked = argv.find((word) => !word.startsWith('-'));
  try {
    await addCommands(program, (name) => name === asked);
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    const asJson = argv.includes('--json');
    // Commander has printed its own message already; help and version are no errors.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      if (error.exitCode !== 0 && asJson) {
        const { printJson } = await import('./command.ts');
        printJson({ error: { code: 'bad_input', message: error.message.replace(/^error: /, '') } });
      }
      return;
    }
    // Loaded only now: help must not wait for the whole service.
    const { failed } = await import('./command.ts');
    process.exitCode = failed(error, asJson);
  }
}
