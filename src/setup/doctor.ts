import type { Connection } from '../domain.ts';
import { AppError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import type { ZohoAnswer, ZohoClient } from '../zoho/client.ts';
import { REQUIRED_SCOPES } from '../zoho/oauth.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';
import { checkAlerts, checkRefusals } from './doctor-alerts.ts';
import { checkMail } from './doctor-mail.ts';
import { checkMappings, checkSetAside } from './doctor-mappings.ts';
import { checkBackup, checkChannels, checkCredits, checkJobs } from './doctor-operations.ts';
import { checkCosts, checkCurrency, checkFields, checkModules } from './doctor-org.ts';
import { checkRuleOwners } from './doctor-owners.ts';
import { checkPurchases } from './doctor-purchases.ts';
import { checkWords } from './doctor-words.ts';
import { judgeScopes } from './scopes.ts';

/** Looks at everything a run needs and says in plain words what to do about what is wrong. Changes nothing. */

export interface DoctorReport {
  /** False when something fails; a warning keeps it true. */
  readonly ok: boolean;
  readonly checks: Check[];
}

export async function runDoctor(deps: DoctorDeps, connection: Connection | null): Promise<DoctorReport> {
  const database = await checkDatabase(deps);
  if (database.status === 'fail') return { ok: false, checks: [database] };
  const checks = [database, await checkBackup(deps), checkConfig(deps, connection)];
  if (connection && deps.settingsProblems?.length) return { ok: false, checks };
  if (connection) checks.push(...(await checkConnection(deps, connection)));
  else {
    const repair = 'zcv connect --grant-code …, or zcv demo to look around without Zoho';
    checks.push({ id: 'connection', status: 'warn', message: 'No org is connected yet', repair });
  }
  return { ok: checks.every((check) => check.status !== 'fail'), checks };
}

async function checkDatabase({ store, notInForce = null }: DoctorDeps): Promise<Check> {
  return guarded('database', async () => {
    if (notInForce !== null) {
      const repair = 'Do what the message says (docs/backup.md); nothing runs until then';
      return { id: 'database', status: 'fail', message: notInForce, repair };
    }
    const connections = await store.connections.list();
    return ok('database', `The database answers; connections: ${connections.length}`);
  });
}

function checkConfig({ settings, settingsProblems = [] }: DoctorDeps, connection: Connection | null): Check {
  if (settingsProblems.length > 0) {
    return {
      id: 'config',
      status: 'fail',
      message: `The settings of this connection cannot be used: ${settingsProblems.join('; ')}`,
      repair:
        'Mend the named file, or take a stored version back: zcv settings rollback; nothing runs until then',
    };
  }
  const home = connection?.org.currency;
  const foreign = settings.moneyCodes.filter((code) => home !== undefined && code !== home);
  if (foreign.length === 0) return ok('config', 'Environment and settings are valid');
  return {
    id: 'config',
    status: 'fail',
    message: `The settings name amounts in ${foreign.join(', ')}; the home currency of the org is ${home}`,
    repair: `Write the amounts of scoring.yaml in ${home}`,
  };
}

type Step = (deps: DoctorDeps, connection: Connection, zoho: ZohoClient) => Promise<Check[]>;
const ZOHO_STEPS: readonly { readonly ids: readonly string[]; readonly run: Step }[] = [
  { ids: ['modules'], run: checkModules },
  { ids: ['fields'], run: checkFields },
  { ids: ['costs'], run: checkCosts },
  { ids: ['currency'], run: checkCurrency },
];

async function checkConnection(deps: DoctorDeps, connection: Connection): Promise<Check[]> {
  const scopes = checkScopes(connection);
  const rest = [
    ...(await checkMappings(deps, connection)),
    await checkSetAside(deps, connection),
    await checkPurchases(deps, connection),
    await checkWords(deps, connection),
    await checkRuleOwners(deps, connection),
    ...(await checkChannels(deps, connection)),
    await checkCredits(deps, connection),
    ...(await checkJobs(deps, connection)),
    await checkMail(deps, connection),
    ...(await checkAlerts(deps, connection)),
    await checkRefusals(deps, connection),
  ];
  const opened = await openZoho(deps, connection);
  if (!opened.zoho) {
    const unchecked = ZOHO_STEPS.flatMap(({ ids }) => ids).map((id): Check => {
      return { id, status: 'warn', message: 'Not checked: Zoho gave no access', repair: opened.token.repair };
    });
    return [opened.token, scopes, ...unchecked, ...rest];
  }
  const steps: Check[] = [];
  for (const { ids, run } of ZOHO_STEPS) {
    const { zoho } = opened;
    steps.push(...(await guardedMany(ids[0] ?? 'zoho', () => run(deps, connection, zoho))));
  }
  return [opened.clock, opened.token, scopes, ...steps, ...rest];
}

type Opened = { zoho: ZohoClient; clock: Check; token: Check } | { zoho: null; token: Check };

async function openZoho(deps: DoctorDeps, connection: Connection): Promise<Opened> {
  try {
    const zoho = await deps.zohoFor(connection);
    const query = { type: 'CurrentUser' };
    const answer = await zoho.request({ method: 'GET', path: '/crm/v8/users', query, credits: 1 });
    const message = `Zoho accepts the token of user ${connection.userId}`;
    return { zoho, clock: checkClock(deps, answer), token: ok('token', message) };
  } catch (error) {
    const token = failed('token', error);
    // Without credits nobody can tell whether the token is good; the finding on credits says what to do.
    return { zoho: null, token: error instanceof ZohoCreditsError ? { ...token, status: 'warn' } : token };
  }
}

const DRIFT_WARN_SECONDS = 60;
const DRIFT_FAIL_SECONDS = 600;

/** Windows of changed records close by our clock: a wrong one loses changes. */
function checkClock({ clock }: DoctorDeps, answer: ZohoAnswer): Check {
  const theirs = Date.parse(answer.headers.date ?? '');
  if (Number.isNaN(theirs)) return ok('clock', 'Zoho sent no time to compare with');
  const drift = Math.round(Math.abs(clock.now().getTime() - theirs) / 1000);
  if (drift < DRIFT_WARN_SECONDS) return ok('clock', 'This clock and that of Zoho agree');
  return {
    id: 'clock',
    status: drift < DRIFT_FAIL_SECONDS ? 'warn' : 'fail',
    message: `This clock is ${drift} seconds away from that of Zoho`,
    repair: 'Set the clock of this machine by NTP',
  };
}

function checkScopes(connection: Connection): Check {
  const { missing } = judgeScopes(connection.scopes);
  if (missing.length === 0) return ok('scopes', 'All scopes are granted');
  const known = new Map(REQUIRED_SCOPES.map((row) => [row.scope, row]));
  const lost = missing.map((scope) => `${scope} (${known.get(scope)?.breaks ?? 'needed'})`);
  return {
    id: 'scopes',
    status: 'warn',
    message: `Scopes not granted: ${lost.join('; ')}`,
    repair: `Make a code with all scopes of docs/scopes.md, then: zcv connect --name ${connection.name} --grant-code …`,
  };
}

function failed(id: string, error: unknown): Check {
  if (!(error instanceof AppError)) throw error;
  return { id, status: 'fail', message: error.message, repair: repairOf(error) };
}

function repairOf(error: AppError): string {
  if (error instanceof ZohoAuthError) {
    return error.scope
      ? 'Connect again with all scopes of docs/scopes.md'
      : 'Connect again: zcv connect --grant-code …, with a new code of the API console';
  }
  if (error instanceof ZohoCreditsError) return `Wait until ${error.availableAt.toISOString()}`;
  return error.retryable ? 'Try again in some minutes' : 'Read the message; docs name the code of Zoho';
}

async function guarded(id: string, check: () => Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    return failed(id, error);
  }
}

async function guardedMany(id: string, check: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await check();
  } catch (error) {
    return [failed(id, error)];
  }
}
