import type { Store } from '../../src/store/store.ts';
import type { CasesOf } from './store-case.ts';
import { recordCases } from './store-cases-records.ts';
import { serviceCases } from './store-cases-service.ts';
import { workCases } from './store-cases-work.ts';

/** A call of every method of the store on behalf of one connection: the compiler asks for a new method's case. */

/** What the other connection has under the very keys that the cases use, so that a write without its connection shows. */
export const MAKERS: readonly (readonly [keyof Store, string])[] = [
  ['fieldMap', 'upsert'],
  ['cursors', 'set'],
  ['cursors', 'noteIdsChecked'],
  ['documentLines', 'replace'],
  ['documentLines', 'add'],
  ['baselines', 'save'],
  ['modelFits', 'save'],
  ['mails', 'save'],
  ['metadata', 'set'],
  ['overrides', 'set'],
  ['notes', 'addGoodwill'],
  ['notes', 'addThanks'],
  ['erasure', 'remember'],
  ['plans', 'append'],
  ['intents', 'begin'],
  ['bulkWrites', 'announce'],
  ['bulkWrites', 'addIntents'],
  ['reminders', 'save'],
  ['refusals', 'save'],
  ['alerts', 'raise'],
  ['alerts', 'mute'],
  ['jobs', 'pause'],
  ['tokens', 'saveAccessToken'],
  ['ledger', 'change'],
  ['settings', 'noteInUse'],
  ['mailing', 'setRecipient'],
  ['mailing', 'add'],
  ['mailing', 'optOut'],
];

/** Reads whose answers are sums: in them another connection would not be seen by a name. */
export const SUMS: readonly (readonly [keyof Store, string])[] = [
  ['records', 'count'],
  ['records', 'hasAny'],
  ['documentLines', 'countPending'],
  ['customers', 'countUnmatchedDocuments'],
  ['customers', 'ranges'],
  ['customerList', 'count'],
  ['customerList', 'ofOwners'],
  ['baseValues', 'latest'],
  ['scores', 'states'],
  ['scores', 'history'],
  ['quarantine', 'count'],
  ['mails', 'spentSince'],
  ['mails', 'known'],
  ['imports', 'unmatched'],
  ['imports', 'besideDeals'],
  ['imports', 'filesWithPayments'],
  ['erasure', 'hasNamesake'],
  ['plans', 'appliedCount'],
  ['intents', 'createdTasks'],
  ['reminders', 'createdOn'],
  ['outcomes', 'count'],
  ['refusals', 'counts'],
  ['alertFacts', 'money'],
  ['alertFacts', 'times'],
  ['alerts', 'mutes'],
  ['ledger', 'account'],
  ['lists', 'health'],
  ['mailing', 'failing'],
  ['mailing', 'summary'],
];

export const STORE_CASES: CasesOf<keyof Store> = { ...recordCases, ...workCases, ...serviceCases };
