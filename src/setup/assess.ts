import type { Connection, ModuleName } from '../domain.ts';
import type { UnmatchedMoney } from '../store/import-stores.ts';
import { fetchFields, fetchStages } from '../zoho/metadata.ts';
import {
  type ChannelAccess,
  channelAccess,
  type FieldRoom,
  fieldRoom,
  type HiddenThing,
  hiddenThings,
} from './assess-access.ts';
import { type Counts, type CreditEstimate, estimateCredits } from './assess-credits.ts';
import {
  type AccountScan,
  type Duplicates,
  duplicateAccounts,
  scanAccounts,
  scanContacts,
} from './assess-duplicates.ts';
import {
  type AssessDeps,
  countModules,
  fieldNames,
  type Look,
  lookInto,
  type ModuleCount,
  namesOf,
} from './assess-look.ts';
import { missingInputs } from './assess-missing.ts';
import {
  type DealFacts,
  dealsOf,
  type InvoiceFacts,
  type MoneyOfCurrency,
  type MoneySource,
  matchedShares,
  readDealFacts,
  readInvoices,
  shareOf,
} from './assess-money.ts';
import { type People, readPeople } from './assess-people.ts';
import { countWhere } from './assess-rows.ts';
import { dealNames, mappedField } from './deal-names.ts';
import { type ForeignDeal, readForeignDeal } from './foreign-deal.ts';
import { isRefused } from './refusal.ts';

/** Looks at an org without writing anything, neither there nor here: what is in it, what it would cost, what lacks. */

export interface Assessment {
  /** First of all: money of won deals that belong to no customer. Null, here and below: see modules and problems. */
  readonly unmatched: {
    readonly deals: number;
    readonly ofWonDeals: number;
    readonly byCurrency: readonly MoneyOfCurrency[];
  } | null;
  /** The same of imported files, as of the last scoring. */
  readonly unmatchedImports: { readonly [K in 'purchases' | 'costs']: readonly UnmatchedMoney[] };
  /** Imported invoices without a deal, of customers with won deals, while those are purchases too. */
  readonly besideDeals: readonly UnmatchedMoney[];
  /** Share of the won deals, and of their money, that belongs to a customer; 0..100. */
  readonly matched: {
    readonly dealsPercent: number | null;
    readonly byCurrency: readonly { currency: string; percent: number | null }[];
  } | null;
  /** Of the CRM's own module; null also where the org has none. */
  readonly invoices: (InvoiceFacts & { readonly matchedPercent: number | null }) | null;
  readonly won: readonly MoneyOfCurrency[] | null;
  readonly modules: readonly ModuleCount[];
  readonly deals: DealFacts['span'] | null;
  readonly currencies: DealFacts['currencies'] | null;
  /** One deal in another currency, in both directions of its rate. */
  readonly currencyExample: ForeignDeal | null;
  readonly duplicates: Duplicates | null;
  readonly people: People | null;
  readonly missing: readonly string[];
  readonly hidden: readonly HiddenThing[];
  readonly fieldRoom: readonly FieldRoom[];
  readonly channels: readonly ChannelAccess[];
  readonly credits: CreditEstimate;
  /** What this look itself took. */
  readonly spent: { readonly calls: number; readonly credits: number };
  /** What was looked at in part only. */
  readonly notes: readonly string[];
  /** Parts that could not be read, and why. */
  readonly problems: readonly string[];
}

export async function assessOrg(deps: AssessDeps, connection: Connection): Promise<Assessment> {
  const problems: string[] = [];
  const zoho = await deps.zohoFor(connection);
  const before = zoho.usage();
  const look = await lookInto(deps, { zoho, connection, problems });
  const { settings, listed, fields } = look;
  const { deals, money, source } = await readDeals(look);
  const modules = await countModules(look, deps.log);
  const counts: Counts = new Map(modules.map(({ module, records }) => [module, records]));
  const { accounts, contacts, duplicates } = await readCustomers(look);
  const people = await look.part('users', () =>
    readPeople(zoho, { accounts: accounts?.rows ?? [], modules: namesOf(look), now: look.now }),
  );
  const customers =
    (counts.get('Accounts') ?? 0) + lonelyContacts(look, counts.get('Contacts') ?? 0, contacts);
  const { edition, users } = connection.org;
  const missing = await readMissing(look, { counts, deals, money, time: people?.time ?? null });
  const currencyExample = source.hasCurrency
    ? await look.part('a deal in another currency', () => foreignDeal(look, source))
    : null;
  const invoices = await readInvoiceFacts(look, source.home);
  const unmatchedImports = {
    purchases: await deps.store.imports.unmatched(connection.id, 'purchases', connection.org.currency),
    costs: await deps.store.imports.unmatched(connection.id, 'costs', connection.org.currency),
  };
  const besideDeals =
    settings.purchaseFrom === 'deals'
      ? await deps.store.imports.besideDeals(connection.id, connection.org.currency)
      : [];
  const after = zoho.usage();
  return {
    ...moneyParts(money),
    unmatchedImports,
    besideDeals,
    invoices,
    modules,
    deals: deals?.span ?? null,
    currencies: deals?.currencies ?? null,
    currencyExample,
    duplicates,
    people,
    missing,
    hidden: hiddenThings(listed, fields, settings.mapping),
    fieldRoom: fieldRoom(edition, fields, settings.basis),
    channels: listed === null ? [] : channelAccess(listed, connection.scopes),
    credits: estimateCredits(
      { counts, customers, edition, users, ceilingPercent: settings.creditCeilingPercent },
      zoho.prices,
    ),
    spent: { calls: after.calls - before.calls, credits: after.credits - before.credits },
    notes: look.notes,
    problems,
  };
}

function moneyParts(money: DealFacts | null): Pick<Assessment, 'unmatched' | 'matched' | 'won'> {
  if (money === null) return { unmatched: null, matched: null, won: null };
  const { won, unmatched } = money;
  const [all, without] = [dealsOf(won), dealsOf(unmatched)];
  return {
    unmatched: { deals: without, ofWonDeals: all, byCurrency: unmatched },
    matched: { dealsPercent: shareOf(all - without, all), byCurrency: matchedShares(won, unmatched) },
    won,
  };
}

async function readDeals(look: Look): Promise<{
  deals: DealFacts | null;
  /** Null also where Zoho does not tell which stages are won. */
  money: DealFacts | null;
  source: MoneySource;
}> {
  const { zoho, connection, settings } = look;
  const names = fieldNames(look, 'Deals');
  const fields = dealNames(settings.mapping, names);
  const hasCurrency = names.has(fields.currency);
  const source = { zoho, home: connection.org.currency, fields, hasCurrency, stages: [] };
  if (!namesOf(look).has('Deals')) return { deals: null, money: null, source };
  const stages = await look.part('stages', () => fetchStages(zoho));
  // Without stages nobody knows which deals are won; dates and currencies are told all the same.
  const deals = await look.part('deals', () => readDealFacts({ ...source, stages: stages ?? [] }));
  if (deals !== null && deals.checked !== null) {
    look.notes.push(
      `queries are refused, so only the ${deals.checked} deals that changed last were looked at`,
    );
  }
  return { deals, money: stages === null ? null : deals, source: { ...source, stages: stages ?? [] } };
}

async function foreignDeal({ zoho }: Look, { home, fields }: MoneySource): Promise<ForeignDeal | null> {
  try {
    return await readForeignDeal(zoho, home, fields);
  } catch (error) {
    // What queries would say was read by the list; an example needs a condition.
    if (!isRefused(error)) throw error;
    return null;
  }
}

async function readInvoiceFacts(look: Look, home: string): Promise<Assessment['invoices']> {
  const module = look.listed?.find(({ apiName }) => apiName === 'Invoices');
  if (!module?.apiSupported || !module.viewable) return null;
  const { zoho } = look;
  const facts = await look.part('invoices', async () => {
    const names = new Set((await fetchFields(zoho, 'Invoices')).map((field) => field.apiName));
    return readInvoices({ zoho, home }, names);
  });
  if (facts === null) return null;
  return { ...facts, matchedPercent: shareOf(facts.invoices - facts.withoutAccount, facts.invoices) };
}

async function readCustomers(look: Look): Promise<{
  accounts: AccountScan | null;
  contacts: Awaited<ReturnType<typeof scanContacts>> | null;
  duplicates: Duplicates | null;
}> {
  const { zoho, settings } = look;
  const modules = namesOf(look);
  const { inputs } = settings.mapping;
  const accountFields = fieldNames(look, 'Accounts');
  const name = mappedField(inputs.Accounts.name, accountFields) ?? 'Account_Name';
  const website = accountFields.has('Website') ? 'Website' : null;
  const accounts = modules.has('Accounts')
    ? await look.part('accounts', () =>
        scanAccounts(zoho, [name, 'Owner', ...(website === null ? [] : [website])]),
      )
    : null;
  const contactFields = fieldNames(look, 'Contacts');
  const contacts = modules.has('Contacts')
    ? await look.part('contacts', () =>
        scanContacts(zoho, {
          email: contactFields.has('Email') ? 'Email' : null,
          account: mappedField(inputs.Contacts.account, contactFields) ?? 'Account_Name',
        }),
      )
    : null;
  if (accounts && !accounts.isWhole)
    look.notes.push(`${accounts.rows.length} accounts were looked at for duplicates and owners`);
  if (contacts && !contacts.isWhole)
    look.notes.push(`${contacts.emails.checked} contacts were looked at for duplicates`);
  const duplicates = accounts && {
    ...duplicateAccounts(accounts.rows, { name, website }),
    emails: contacts?.emails ?? null,
  };
  return { accounts, contacts, duplicates };
}

/** Contacts without account are customers themselves; beyond those looked at, in the same share. */
function lonelyContacts(
  { settings }: Look,
  records: number,
  contacts: Awaited<ReturnType<typeof scanContacts>> | null,
): number {
  if (settings.basis === 'account' || contacts === null || contacts.emails.checked === 0) return 0;
  return Math.round((records * contacts.withoutAccount) / contacts.emails.checked);
}

async function readMissing(
  look: Look,
  input: { counts: Counts; deals: DealFacts | null; money: DealFacts | null; time: People['time'] | null },
): Promise<string[]> {
  const { zoho, settings, connection } = look;
  const { counts, deals, money, time } = input;
  const names = fieldNames(look, 'Deals');
  const { cost, profit, source, lossReason } = settings.mapping.inputs.Deals;
  const filled = async (module: ModuleName, field: string | null) => {
    if ((counts.get(module) ?? 0) === 0 || field === null) return 0;
    try {
      return await countWhere(zoho, module, `${field} is not null`);
    } catch (error) {
      if (!isRefused(error)) throw error;
      return null;
    }
  };
  const [ofDeals, ofLeads] = [
    await filled('Deals', mappedField(source, names)),
    await filled('Leads', mappedField(settings.mapping.inputs.Leads.source, new Set(['Lead_Source']))),
  ];
  return missingInputs({
    counts,
    costField: names.size === 0 ? undefined : (mappedField(cost, names) ?? mappedField(profit, names)),
    marginIsSet: settings.marginIsSet,
    wonDeals: money && dealsOf(money.won),
    purchaseFrom: settings.purchaseFrom,
    sources: ofDeals === null || ofLeads === null ? null : ofDeals + ofLeads,
    lossReasons: await filled('Deals', mappedField(lossReason, names)),
    foreignDeals: (deals?.currencies ?? [])
      .filter(({ currency }) => currency !== connection.org.currency)
      .reduce((sum, row) => sum + row.deals, 0),
    rateDirection: settings.rateDirection,
    time,
  });
}
