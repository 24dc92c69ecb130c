import { type BulkReadSwitches, DEFAULT_BULK_READ_SWITCHES } from './bulk-read-types.ts';
import { type BulkWriteSwitches, DEFAULT_BULK_WRITE_SWITCHES } from './bulk-write-types.ts';
import { type CoqlSwitches, DEFAULT_COQL_SWITCHES } from './coql-types.ts';

/** Where Zoho's behaviour is unconfirmed or differs between orgs: both positions exist, and tests run with both. */
interface CoreSwitches {
  /** The consent page answers by itself as if the first administrator had accepted. */
  autoConsent: boolean;
  /** Key or id of the user who accepts by itself; empty: the first administrator. */
  consentBy: string;
  /** What the way back names as data centre, and as its accounts server; empty: the simulator itself. */
  location: string;
  accountsServer: string;
  /** The token answer names its scopes. */
  tokenAnswerHasScope: boolean;
  /** The answer to a wrong secret. */
  wrongSecretError: 'invalid_client' | 'invalid_client_secret';
  /** Some saw the throttled token endpoint answer 400 instead of 200. */
  tokenThrottleStatus: 200 | 400;
  tokensPerTenMinutes: number;
  /** Documents say 15, 10 and 30. One more silently kills the oldest. */
  liveAccessTokens: number;
  /** Whether revoking a refresh token kills its access tokens at once. */
  revokeKillsAccessTokens: boolean;
  accessTokenSeconds: number;
  scopeMismatchStatus: 401 | 403;
  scopeCaseSensitive: boolean;
  invalidTokenCode: 'INVALID_TOKEN' | 'INVALID_OAUTHTOKEN';

  /** Credits of 24 hours; null: by edition and licences. */
  dailyCredits: number | null;
  /** Which refused calls cost their credits. */
  refusedCallsCost: 'none' | 'rejected' | 'all';
  /** null: by edition. */
  concurrency: number | null;
  subConcurrency: number;
  /** Seconds in a Retry-After header of a 429; null: no header, as documented. */
  retryAfterSeconds: number | null;
  /** Every API call takes at least this long, so that parallel calls overlap. */
  latencyMs: number;

  unknownField: 'reject' | 'ignore';
  readOnlyField: 'reject' | 'ignore';
  unknownListField: 'reject' | 'ignore';
  /** A page of a list names the next one; else there is only its number. */
  listNamesNextPage: boolean;
  /** Status when some rows of a write failed. */
  partialStatus: 200 | 202 | 207;
  /** Shape of the answer when all rows failed. */
  allFailedShape: 'rows' | 'bare';
  /** A row with several faults names the first, or all under MULTIPLE_OR_MULTI_ERRORS. */
  rowErrors: 'first' | 'multiple';
  /** Which form of a picklist option records show; both are accepted. */
  picklistAnswer: 'actual' | 'display';
  /** A write through the API moves Last_Activity_Time. */
  apiTouchesLastActivity: boolean;
  /** Characters of the `ids` parameter. */
  idsMaxLength: number;
  /** What a module answers that the profile hides. */
  hiddenModule: 'INVALID_MODULE' | 'NO_PERMISSION';
  /** Who sees the module DealHistory. */
  stageHistoryVisible: 'all' | 'admins' | 'none';
  /** The record that a merge ends appears in /deleted. */
  mergeListsLoser: boolean;
  /** Records that a merge or a conversion moves get a new Modified_Time. */
  moveTouchesChildren: boolean;
  /** A restored record gets a new Modified_Time. */
  restoreTouches: boolean;
  /** A converted lead gets a new Modified_Time. */
  conversionTouchesLead: boolean;
  /** How far searching and counting lag behind new and deleted records. */
  searchDelayMs: number;
  /** A third party says 3. */
  searchCredits: number;
  /** Whether /deleted stops at 2,000 rows like `page` does. */
  deletedStopsAt2000: boolean;

  /** Custom fields that a Free org may create in a module. */
  freeEditionFields: number;
  /** `suffixed`: a created field's API name carries digits, so a computed name is wrong. */
  fieldNaming: 'label' | 'suffixed';
  /** A created field can be read and written only after this time. */
  newFieldDelayMs: number;

  /** Writes with `trigger: []` notify channels all the same. */
  notifyUntriggered: boolean;
  /** A second POST for a channel id. */
  watchAgain: 'overwrite' | 'reject';
  /** http://127.0.0.1 is taken as notify_url, which Zoho would refuse. */
  notifyLoopbackHttp: boolean;
  notifyDelayMs: number;
  notifyAttempts: number;
  notifyMaxIds: number;
  /** Partial success of a subscription. */
  watchPartialStatus: 202 | 207;
}

export type Switches = CoreSwitches & CoqlSwitches & BulkReadSwitches & BulkWriteSwitches;

export const DEFAULT_SWITCHES: Readonly<Switches> = {
  ...DEFAULT_COQL_SWITCHES,
  ...DEFAULT_BULK_READ_SWITCHES,
  ...DEFAULT_BULK_WRITE_SWITCHES,
  autoConsent: false,
  consentBy: '',
  location: 'us',
  accountsServer: '',
  tokenAnswerHasScope: false,
  wrongSecretError: 'invalid_client',
  tokenThrottleStatus: 200,
  tokensPerTenMinutes: 10,
  liveAccessTokens: 15,
  revokeKillsAccessTokens: true,
  accessTokenSeconds: 3600,
  scopeMismatchStatus: 401,
  scopeCaseSensitive: false,
  invalidTokenCode: 'INVALID_TOKEN',
  dailyCredits: null,
  refusedCallsCost: 'rejected',
  concurrency: null,
  subConcurrency: 10,
  retryAfterSeconds: null,
  latencyMs: 0,
  unknownField: 'reject',
  readOnlyField: 'reject',
  unknownListField: 'ignore',
  listNamesNextPage: true,
  partialStatus: 207,
  allFailedShape: 'rows',
  rowErrors: 'first',
  picklistAnswer: 'actual',
  apiTouchesLastActivity: true,
  idsMaxLength: 1024,
  hiddenModule: 'INVALID_MODULE',
  stageHistoryVisible: 'all',
  mergeListsLoser: true,
  moveTouchesChildren: true,
  restoreTouches: true,
  conversionTouchesLead: true,
  searchDelayMs: 0,
  searchCredits: 1,
  deletedStopsAt2000: true,
  freeEditionFields: 0,
  fieldNaming: 'label',
  newFieldDelayMs: 0,
  notifyUntriggered: true,
  watchAgain: 'overwrite',
  notifyLoopbackHttp: true,
  notifyDelayMs: 0,
  notifyAttempts: 1,
  notifyMaxIds: 100,
  watchPartialStatus: 207,
};

/** The positions of switches that are words or fixed numbers; every other value must keep its default's type. */
const POSITIONS: Readonly<Record<string, readonly unknown[]>> = {
  wrongSecretError: ['invalid_client', 'invalid_client_secret'],
  tokenThrottleStatus: [200, 400],
  scopeMismatchStatus: [401, 403],
  invalidTokenCode: ['INVALID_TOKEN', 'INVALID_OAUTHTOKEN'],
  refusedCallsCost: ['none', 'rejected', 'all'],
  unknownField: ['reject', 'ignore'],
  readOnlyField: ['reject', 'ignore'],
  unknownListField: ['reject', 'ignore'],
  partialStatus: [200, 202, 207],
  allFailedShape: ['rows', 'bare'],
  rowErrors: ['first', 'multiple'],
  picklistAnswer: ['actual', 'display'],
  hiddenModule: ['INVALID_MODULE', 'NO_PERMISSION'],
  stageHistoryVisible: ['all', 'admins', 'none'],
  fieldNaming: ['label', 'suffixed'],
  watchAgain: ['overwrite', 'reject'],
  watchPartialStatus: [202, 207],
  coqlIdKey: ['id', 'Id'],
  bulkPages: ['token-only', 'any'],
  bulkIdHeader: ['Id', 'id'],
  bulkMultiSeparator: [',', ';'],
  bulkEmptyResult: ['header', 'empty-zip', '204'],
  bulkMissingResultStatus: [400, 404],
  bulkWriteRunning: ['IN PROGRESS', 'INPROGRESS'],
  bulkWriteUrl: ['path', 'absolute'],
};
const NULLABLE_NUMBERS = new Set(['dailyCredits', 'concurrency', 'retryAfterSeconds']);

/** Throws on a name or position that does not exist: a misspelt switch would make a test prove nothing. */
export function setSwitches(switches: Switches, change: Readonly<Record<string, unknown>>): void {
  const known: Readonly<Record<string, unknown>> = DEFAULT_SWITCHES;
  for (const [name, value] of Object.entries(change)) {
    if (!(name in known)) throw new RangeError(`unknown switch: ${name}`);
    const positions = POSITIONS[name];
    const fits = NULLABLE_NUMBERS.has(name)
      ? value === null || typeof value === 'number'
      : positions === undefined
        ? typeof value === typeof known[name]
        : positions.includes(value);
    if (!fits) throw new RangeError(`switch ${name} has no position ${JSON.stringify(value)}`);
  }
  Object.assign(switches, change);
}
