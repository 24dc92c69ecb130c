import type { Clock } from '../clock.ts';
import type { Connection, ModuleName } from '../domain.ts';
import {
  AppError,
  ZohoAuthError,
  ZohoCreditsError,
  ZohoRateLimitError,
  ZohoRejectedError,
} from '../errors.ts';
import type { Log } from '../log.ts';
import type { Mapping, ScoringRules, Settings } from '../rules.ts';
import type { Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { type FieldMeta, fetchFields, fetchModules, type ModuleMeta } from '../zoho/metadata.ts';
import { countRecords } from '../zoho/records.ts';
import { countWhere, listedRows } from './assess-rows.ts';
import { MODULES } from './module-access.ts';
import { isRefused } from './refusal.ts';

/** A first look at an org: which modules and fields it shows, and how much is in them. */

export interface AssessDeps {
  readonly store: Pick<Store, 'imports'>;
  readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: {
    readonly mapping: Mapping;
    readonly basis: 'both' | 'account' | 'contact';
    readonly rateDirection: 'divide' | 'multiply' | 'unknown';
    readonly marginIsSet: boolean;
    readonly purchaseFrom: ScoringRules['purchase']['from'];
    readonly creditCeilingPercent: number;
  };
}
/** What a look takes of all the settings. */
export function assessSettings(settings: Settings): AssessDeps['settings'] {
  return {
    mapping: settings.mapping,
    basis: settings.scoring.customer.basis,
    rateDirection: settings.scoring.currency.rateDirection,
    marginIsSet: settings.marginIsSet,
    purchaseFrom: settings.scoring.purchase.from,
    creditCeilingPercent: settings.creditCeilingPercent,
  };
}
export interface ModuleCount {
  readonly module: ModuleName;
  readonly records: number | null;
  readonly error: string | null;
}
export interface Look {
  readonly zoho: ZohoClient;
  readonly connection: Connection;
  readonly settings: AssessDeps['settings'];
  readonly now: Date;
  readonly notes: string[];
  /** A part that Zoho refuses is named and left out. */
  readonly part: <T>(name: string, read: () => Promise<T>) => Promise<T | null>;
  /** Null: Zoho does not list them, so each is simply tried. */
  readonly listed: readonly ModuleMeta[] | null;
  /** Of the modules that our fields stand in or that scoring reads. */
  readonly fields: ReadonlyMap<ModuleName, readonly FieldMeta[]>;
}

const WITH_FIELDS: readonly ModuleName[] = [
  'Accounts',
  'Contacts',
  'Deals',
  'Tasks',
  'Calls',
  'Events',
  'Cases',
];

export async function lookInto(
  deps: AssessDeps,
  { zoho, connection, problems }: { zoho: ZohoClient; connection: Connection; problems: string[] },
): Promise<Look> {
  const part = <T>(name: string, read: () => Promise<T>) => partOf(deps.log, problems, name, read);
  const found = await part('modules', () => fetchModules(zoho));
  const listed = found !== null && found.length > 0 ? found : null;
  const fields = new Map<ModuleName, readonly FieldMeta[]>();
  for (const module of WITH_FIELDS) {
    if (!namesOf({ listed }).has(module)) continue;
    const meta = await part(`fields of ${module}`, () => fetchFields(zoho, module));
    if (meta !== null) fields.set(module, meta);
  }
  const { settings } = deps;
  return { zoho, connection, settings, now: deps.clock.now(), notes: [], part, listed, fields };
}

/** Modules that the org has and shows, or all where it does not tell. */
export function namesOf({ listed }: Pick<Look, 'listed'>): ReadonlySet<string> {
  const open = listed?.filter(({ apiSupported, viewable }) => apiSupported && viewable);
  return new Set(open?.map(({ apiName }) => apiName) ?? MODULES);
}

export function fieldNames({ fields }: Look, module: ModuleName): ReadonlySet<string> {
  return new Set((fields.get(module) ?? []).map((field) => field.apiName));
}

export async function countModules(look: Look, log: Log): Promise<ModuleCount[]> {
  const rows: ModuleCount[] = [];
  const modules = namesOf(look);
  for (const module of MODULES) {
    // A missing module may count as empty, and nothing read is not the same as nothing there.
    if (!modules.has(module)) {
      const error = 'the org does not have it, or the connected user may not see it';
      rows.push({ module, records: null, error });
      continue;
    }
    const problems: string[] = [];
    const records = await partOf(log, problems, module, () => countModule(look.zoho, module));
    rows.push({ module, records, error: problems[0] ?? null });
  }
  return rows;
}

/** Where neither queries nor Zoho's counter are granted: 10 credits of the list. */
const MOST_COUNTED_BY_LIST = 2_000;

async function countModule(zoho: ZohoClient, module: ModuleName): Promise<number> {
  try {
    return await countAsked(zoho, module);
  } catch (error) {
    if (!isRefused(error)) throw error;
    const { rows, isWhole } = await listedRows(zoho, module, ['id'], MOST_COUNTED_BY_LIST);
    if (isWhole) return rows.length;
    throw new ZohoRejectedError(`more than ${rows.length} records; Zoho counts none for this grant`, {
      cause: error,
    });
  }
}

async function countAsked(zoho: ZohoClient, module: ModuleName): Promise<number> {
  if (module !== 'Leads') return countRecords(zoho, module);
  try {
    // Whether a query on Leads hides converted ones is not settled, so both kinds are counted by name.
    const counts = [];
    for (const converted of ['true', 'false']) {
      counts.push(await countWhere(zoho, module, `Converted__s = '${converted}'`));
    }
    return counts.reduce((sum, count) => sum + count, 0);
  } catch (error) {
    if (!isRefused(error)) throw error;
    return countRecords(zoho, module);
  }
}

/** Without access or credits there is nothing left to look at. */
async function partOf<T>(
  log: Log,
  problems: string[],
  name: string,
  read: () => Promise<T>,
): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AppError) || endsAll(error)) throw error;
    log.warn({ err: error, part: name }, 'assess left a part out');
    problems.push(`${name}: ${error.message}`);
    return null;
  }
}

function endsAll(error: AppError): boolean {
  if (error instanceof ZohoAuthError) return !error.scope;
  return error instanceof ZohoCreditsError || error instanceof ZohoRateLimitError;
}
