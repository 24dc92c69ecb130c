import type { Connection } from '../domain.ts';
import { AppError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import { type FindingParam, listed, phrase } from '../texts/doctor-text.ts';
import type { ZohoAnswer, ZohoClient } from '../zoho/client.ts';
import { REQUIRED_SCOPES } from '../zoho/oauth.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';
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
  else checks.push(finding('connection', 'warn', 'connection.none', {}));
  return { ok: checks.every((check) => check.status !== 'fail'), checks };
}

async function checkDatabase({ store, notInForce = null }: DoctorDeps): Promise<Check> {
  return guarded('database', async () => {
    if (notInForce !== null)
      return finding('database', 'fail', 'database.not_in_force', { why: { sentence: notInForce } });
    const connections = await store.connections.list();
    return ok('database', 'database.answers', { connections: connections.length });
  });
}

function checkConfig({ settings, settingsProblems = [] }: DoctorDeps, connection: Connection | null): Check {
  if (settingsProblems.length > 0)
    return finding('config', 'fail', 'config.broken', { problems: listed(settingsProblems, '; ') });
  const home = connection?.org.currency;
  const foreign = settings.moneyCodes.filter((code) => home !== undefined && code !== home);
  if (home === undefined || foreign.length === 0) return ok('config', 'config.valid', {});
  return finding('config', 'fail', 'config.currency', { foreign: listed(foreign), home });
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
    const { repair = null } = opened.token.params;
    const unchecked = ZOHO_STEPS.flatMap(({ ids }) => ids).map((id) =>
      finding(id, 'warn', 'zoho.unchecked', { repair }),
    );
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
    const token = ok('token', 'token.good', { user: connection.userId });
    return { zoho, clock: checkClock(deps, answer), token };
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
  if (Number.isNaN(theirs)) return ok('clock', 'clock.unknown', {});
  const drift = Math.round(Math.abs(clock.now().getTime() - theirs) / 1000);
  if (drift < DRIFT_WARN_SECONDS) return ok('clock', 'clock.agrees', {});
  return finding('clock', drift < DRIFT_FAIL_SECONDS ? 'warn' : 'fail', 'clock.off', { seconds: drift });
}

function checkScopes(connection: Connection): Check {
  const { missing } = judgeScopes(connection.scopes);
  if (missing.length === 0) return ok('scopes', 'scopes.granted', {});
  const known = new Map(REQUIRED_SCOPES.map((row) => [row.scope, row.breaks]));
  const lost = missing.map((scope) => {
    const breaks = known.get(scope);
    return breaks === undefined ? phrase('scope_needed', { scope }) : phrase('scope', { scope, breaks });
  });
  return finding('scopes', 'warn', 'scopes.missing', {
    scopes: listed(lost, '; '),
    connection: connection.name,
  });
}

function failed(id: string, error: unknown): Check {
  if (!(error instanceof AppError)) throw error;
  return finding(id, 'fail', 'zoho.error', { error: { sentence: error.message }, repair: repairOf(error) });
}

function repairOf(error: AppError): FindingParam {
  if (error instanceof ZohoAuthError)
    return error.scope ? phrase('reconnect_with_scopes', {}) : phrase('reconnect', {});
  if (error instanceof ZohoCreditsError) return phrase('wait_until', { at: error.availableAt.toISOString() });
  return error.retryable ? phrase('try_again', {}) : phrase('read_message', {});
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
