import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import type { Log } from '../log.ts';
import type { Mapping, PlaybookRule, ScoringRules, Settings } from '../rules.ts';
import type { Store } from '../store/store.ts';
import { type FindingParam, type FindingParams, findingText } from '../texts/doctor-text.ts';
import type { FindingCode, FindingNames } from '../texts/doctor-words.ts';
import type { ZohoClient } from '../zoho/client.ts';

/** One finding of doctor, and what its checks need. */

export interface Check {
  readonly id: string;
  readonly status: 'ok' | 'warn' | 'fail';
  /** With `params`: what it says, in whatever language. */
  readonly code: FindingCode;
  readonly params: FindingParams;
  /** In English, as is `repair`. */
  readonly message: string;
  /** Null when there is nothing to do. */
  readonly repair: string | null;
}
export interface DoctorDeps {
  readonly store: Pick<
    Store,
    | 'connections'
    | 'fieldMap'
    | 'mappingStates'
    | 'quarantine'
    | 'channels'
    | 'ledger'
    | 'imports'
    | 'alerts'
    | 'refusals'
    | 'users'
    | 'facts'
    | 'jobs'
    | 'workers'
    | 'mailing'
  >;
  /** Why no work may begin on this database; left out or null: it may. */
  readonly notInForce?: string | null;
  /** Backups are made by schedule; left out: they are not. */
  readonly makesBackups?: boolean;
  readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
  readonly clock: Clock;
  readonly log: Log;
  /** What is wrong with the layers of the connection's settings: then nothing else can be judged. Left out: nothing. */
  readonly settingsProblems?: readonly string[];
  readonly settings: {
    readonly basis: ScoringRules['customer']['basis'];
    readonly rateDirection: ScoringRules['currency']['rateDirection'];
    readonly defaultMarginPercent: number;
    /** True when somebody set the default margin on purpose. */
    readonly marginIsSet: boolean;
    readonly purchaseFrom: ScoringRules['purchase']['from'];
    readonly mapping: Mapping;
    readonly stageHistory: Settings['stageHistory'];
    readonly creditCeilingPercent: number;
    /** Currency codes written beside amounts in the settings. */
    readonly moneyCodes: readonly string[];
    readonly playbook: readonly Pick<PlaybookRule, 'id' | 'enabled' | 'owner' | 'escalation'>[];
  };
  /** Options that the settings name and the org does not have, with those that it has; left out: not looked for. */
  readonly unknownOptions?: (connection: Connection) => Promise<
    readonly {
      readonly setting: string;
      readonly word: string;
      readonly near: string | null;
      readonly options: readonly string[];
    }[]
  >;
  /** What keeps mails from going out, as a code, or null; left out: no mail server is configured. */
  readonly mailProblem?: () => Promise<string | null>;
  /** Where Zoho reaches us; null: we poll. */
  readonly publicUrl: string | null;
}
type ParamsOf<C extends FindingCode> = { readonly [N in FindingNames<C>]: FindingParam };

export function finding<C extends FindingCode>(
  id: string,
  status: Check['status'],
  code: C,
  params: ParamsOf<C>,
): Check {
  const said = findingText({ code, params }, 'en');
  if (said === null) throw new TypeError(`finding ${code} has no words`);
  return { id, status, code, params, ...said };
}

export function ok<C extends FindingCode>(id: string, code: C, params: ParamsOf<C>): Check {
  return finding(id, 'ok', code, params);
}
