import type { ZohoClient } from '../zoho/client.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { idOf, textOf } from '../zoho/values.ts';
import { someRows } from './assess-rows.ts';

/** Customers that are in the org twice, and who owns the accounts: one scan of accounts and one of contacts. */

export interface Duplicates {
  /** Names that more than one account has. */
  readonly names: number;
  readonly accounts: number;
  readonly examples: readonly string[];
  /** Accounts looked at; a large org is looked at in part. */
  readonly checked: number;
  /** Web sites that more than one account has. */
  readonly domains: {
    readonly domains: number;
    readonly accounts: number;
    readonly examples: readonly string[];
  };
  /** E-mail addresses that more than one contact has; none is shown. Null: contacts could not be read. */
  readonly emails: { readonly emails: number; readonly contacts: number; readonly checked: number } | null;
}
/** 30 credits a module at most: enough to see whether an org has a duplicate problem. */
const MOST_ROWS = 20_000;
const EXAMPLES = 5;

export interface AccountScan {
  readonly rows: readonly ZohoRow[];
  readonly isWhole: boolean;
}

export function scanAccounts(zoho: ZohoClient, fields: readonly string[]): Promise<AccountScan> {
  return someRows(zoho, 'Accounts', fields, MOST_ROWS);
}

export interface ContactScan {
  readonly emails: NonNullable<Duplicates['emails']>;
  /** Of those looked at; they are customers themselves. */
  readonly withoutAccount: number;
  readonly isWhole: boolean;
}

export async function scanContacts(
  zoho: ZohoClient,
  names: { readonly email: string | null; readonly account: string },
): Promise<ContactScan> {
  const { email, account } = names;
  const fields = email === null ? [account] : [email, account];
  const { rows, isWhole } = await someRows(zoho, 'Contacts', fields, MOST_ROWS);
  const groups = groupsOf(email === null ? [] : rows.map((row) => textOf(row[email]) ?? ''), emailKey);
  return {
    emails: { emails: groups.length, contacts: membersOf(groups), checked: rows.length },
    withoutAccount: rows.filter((row) => idOf(row[account]) === null).length,
    isWhole,
  };
}

export function duplicateAccounts(
  rows: readonly ZohoRow[],
  fields: { readonly name: string; readonly website: string | null },
): Omit<Duplicates, 'emails'> {
  const { name, website } = fields;
  const names = groupsOf(
    rows.map((row) => textOf(row[name]) ?? ''),
    nameKey,
  );
  const domains = groupsOf(website === null ? [] : rows.map((row) => textOf(row[website]) ?? ''), domainKey);
  return {
    names: names.length,
    accounts: membersOf(names),
    examples: names.slice(0, EXAMPLES).map(({ shown, count }) => `${shown} (${count})`),
    checked: rows.length,
    domains: {
      domains: domains.length,
      accounts: membersOf(domains),
      examples: domains.slice(0, EXAMPLES).map(({ key, count }) => `${key} (${count})`),
    },
  };
}

interface Group {
  readonly key: string;
  readonly shown: string;
  count: number;
}

/** Keys that several values share, the most common first. An empty key stands for nothing. */
function groupsOf(values: readonly string[], keyOf: (value: string) => string): Group[] {
  const groups = new Map<string, Group>();
  for (const value of values) {
    const key = keyOf(value);
    if (key === '') continue;
    const group = groups.get(key) ?? { key, shown: value, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()].filter(({ count }) => count > 1).sort((a, b) => b.count - a.count);
}

function membersOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** Names that differ only in case, spaces and punctuation count as the same. */
function nameKey(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Pages at these hosts belong to many firms. */
const SHARED_HOSTS = /(^|\.)(facebook|linkedin|instagram|google|wixsite|wordpress|blogspot|youtube)\.\w+$/;

function domainKey(website: string): string {
  const host = website
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/^www\d?\./, '')
    .replace(/[/:?#].*$/, '');
  return host.includes('.') && !SHARED_HOSTS.test(host) ? host : '';
}

function emailKey(email: string): string {
  return email.includes('@') ? email.trim().toLowerCase() : '';
}
