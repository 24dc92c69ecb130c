import { grouped } from '../money.ts';
import type { Assessment } from './assess.ts';
import type { MoneyOfCurrency } from './assess-money.ts';
import { foreignDealText } from './foreign-deal.ts';

/** The report of assess as one page: sections of lines and a table, which the command line shows as text or Markdown. */

type Cell = string | number | null;
export interface PageSection {
  readonly title: string;
  readonly lines: readonly string[];
  readonly table: { readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] } | null;
}

const UNREAD = 'could not be read';

export function assessPage(report: Assessment, home: string): PageSection[] {
  return [
    moneySection(report),
    modulesSection(report),
    dealsSection(report, home),
    customersSection(report),
    peopleSection(report),
    accessSection(report),
    creditsSection(report),
    { title: 'Missing inputs', lines: report.missing.length > 0 ? report.missing : ['none'], table: null },
    ...restSection(report),
  ];
}

const plain = (title: string, lines: readonly string[]): PageSection => ({ title, lines, table: null });
const number = (value: number) => value.toLocaleString('en');
const many = (count: number, one: string, more = `${one}s`) => `${number(count)} ${count === 1 ? one : more}`;
const percent = (value: number | null) => (value === null ? 'nothing to share' : `${value} %`);

function moneyText(rows: readonly MoneyOfCurrency[], what: string): string {
  if (rows.length === 0) return 'none';
  return rows
    .map(({ currency, deals, amount }) => `${grouped(amount)} ${currency} in ${number(deals)} ${what}`)
    .join(', ');
}

/** The first line is the one that decides whether the rest can be trusted. */
function moneySection({
  unmatched,
  unmatchedImports,
  besideDeals,
  matched,
  won,
  invoices,
  modules,
}: Assessment): PageSection {
  const hasNoDeals = modules.some(({ module, error }) => module === 'Deals' && error !== null);
  const lines = unmatched
    ? [
        `Money that no customer explains: ${moneyText(unmatched.byCurrency, 'deals')} (${number(unmatched.deals)} of ${number(unmatched.ofWonDeals)} won deals)`,
      ]
    : [`Money that no customer explains: ${hasNoDeals ? 'the org shows no deals' : UNREAD}`];
  for (const [kind, rows] of Object.entries(unmatchedImports)) {
    const sums = rows.map((row) => `${grouped(row.amount)} ${row.currency} in ${many(row.lines, 'line')}`);
    if (sums.length > 0) lines.push(`Imported ${kind} that no customer explains: ${sums.join(', ')}`);
  }
  if (besideDeals.length > 0) {
    const sums = besideDeals.map((row) => `${grouped(row.amount)} ${row.currency}`);
    lines.push(
      `Imported invoices without deal_id beside won deals: ${sums.join(', ')}; if they bill those deals, the money counts twice (docs/imports.md)`,
    );
  }
  if (matched && won && won.length > 0) {
    const shares = matched.byCurrency.map((row) => `${percent(row.percent)} of the money in ${row.currency}`);
    lines.push(
      `Won: ${moneyText(won, 'deals')}`,
      `With a customer: ${percent(matched.dealsPercent)} of the won deals; ${shares.join(', ')}`,
    );
  }
  if (invoices) {
    lines.push(
      `Invoices: ${moneyText(invoices.byCurrency, 'invoices')}; with an account: ${percent(invoices.matchedPercent)}, without: ${moneyText(invoices.unmatched, 'invoices')}`,
    );
  }
  return plain('Money', lines);
}

function modulesSection({ modules, credits }: Assessment): PageSection {
  const reads = new Map(credits.byModule.map((row) => [row.module, row]));
  return {
    title: 'Modules',
    lines: [],
    table: {
      head: ['module', 'records', 'first read by', 'credits', ''],
      rows: modules.map(({ module, records, error }) => {
        const read = error === null ? reads.get(module) : undefined;
        return [module, records, read?.method ?? '', read?.credits ?? null, error ?? ''];
      }),
    },
  };
}

function dealsSection({ deals, currencies, currencyExample }: Assessment, home: string): PageSection {
  const span =
    deals === null ? UNREAD : deals.first === null ? 'none' : `from ${deals.first} to ${deals.last}`;
  const named = currencies?.map((row) => `${row.currency} in ${number(row.deals)} deals`).join(', ');
  const lines = [`Dates: ${span}`, `Currencies: ${currencies === null ? UNREAD : named || 'none'}`];
  if (currencyExample) {
    lines.push(`Which way the exchange rate goes: ${foreignDealText(currencyExample, home)}`);
  }
  return plain('Deals', lines);
}

function customersSection({ duplicates }: Assessment): PageSection {
  if (duplicates === null) return plain('Duplicates', [UNREAD]);
  const { names, accounts, examples, checked, domains, emails } = duplicates;
  const shown = (list: readonly string[]) => (list.length > 0 ? `: ${list.join(', ')}` : '');
  return plain('Duplicates', [
    `${number(accounts)} of ${number(checked)} accounts share a name with another (${many(names, 'name')})${shown(examples)}`,
    `${number(domains.accounts)} share a web site (${many(domains.domains, 'web site')})${shown(domains.examples)}`,
    emails === null
      ? `E-mail addresses of contacts: ${UNREAD}`
      : `${number(emails.contacts)} of ${number(emails.checked)} contacts share an e-mail address (${many(emails.emails, 'address', 'addresses')})`,
  ]);
}

const MOST_NAMED = 10;

function peopleSection({ people }: Assessment): PageSection {
  if (people === null) return plain('People', [UNREAD]);
  const { users, activeUsers, inactiveOwners, time } = people;
  const lines = [`${number(activeUsers)} of ${number(users)} users are active`];
  if (inactiveOwners.length > 0) {
    const named = inactiveOwners
      .slice(0, MOST_NAMED)
      .map(({ name, accounts }) => `${name} (${number(accounts)} accounts)`);
    lines.push(
      `Owners who are not active: ${named.join(', ')}${inactiveOwners.length > MOST_NAMED ? ' …' : ''}`,
    );
  }
  lines.push(
    time === null
      ? `Time of calls and meetings: ${UNREAD}`
      : `${number(time.usersLogging)} users logged timed calls or meetings since ${time.since}`,
  );
  const rows = (time?.byOwner ?? []).slice(0, MOST_NAMED).map((row) => [row.name, row.calls, row.meetings]);
  return {
    title: 'People',
    lines,
    table: rows.length > 0 ? { head: ['owner', 'timed calls', 'meetings held'], rows } : null,
  };
}

function accessSection({ hidden, channels, fieldRoom }: Assessment): PageSection {
  const readable = channels
    .filter((row) => row.readable)
    .map(({ channel, note }) => channel + inBrackets(note));
  const closed = channels
    .filter((row) => !row.readable)
    .map(({ channel, note }) => channel + inBrackets(note));
  const lines = [
    ...(channels.length === 0
      ? []
      : [`Channels of contact that can be read: ${readable.join(', ') || 'none'}`]),
    ...(closed.length > 0 ? [`Channels that cannot: ${closed.join(', ')}`] : []),
    ...hidden.map(({ module, field, why }) => `${module}${field === null ? '' : `.${field}`}: ${why}`),
  ];
  const rows = fieldRoom.map((row): Cell[] => [
    row.module,
    row.used,
    row.limit,
    row.essential,
    row.full,
    FITS[row.fits],
  ]);
  return {
    title: 'Access and room for our fields',
    lines,
    table:
      rows.length > 0
        ? { head: ['module', 'custom fields', 'allowed', 'essential set', 'with full set', ''], rows }
        : null,
  };
}

const FITS = {
  full: 'both sets fit',
  essential: 'the essential set fits',
  part: 'only a part fits: see fields plan',
  unknown: 'room not known',
} as const;

function inBrackets(note: string | null): string {
  return note === null ? '' : ` (${note})`;
}

function creditsSection({ credits, spent }: Assessment): PageSection {
  const { writeBack, daysOfFullRun } = credits;
  const days =
    daysOfFullRun === null
      ? 'the ceiling is 0: set credits.ceilingPercent in fields.yaml'
      : `${number(daysOfFullRun)} ${daysOfFullRun === 1 ? 'day' : 'days'} under our ceiling`;
  return plain('API credits', [
    `First full run: about ${number(credits.fullRun)} (${credits.fullRunPercent} % of a day's ${number(credits.allowance)}), ${days} of ${number(credits.ceiling)}`,
    `A usual day: about ${number(credits.daily)} (${credits.dailyPercent} %)`,
    `Writing all ${number(writeBack.customers)} customers: ${number(writeBack.credits)}, by ${writeBack.method === 'bulk' ? 'bulk write' : 'the record API'}`,
    `Reckoned with: ${credits.basis}`,
    `This report took ${number(spent.credits)} credits in ${number(spent.calls)} calls`,
  ]);
}

function restSection({ notes, problems }: Assessment): PageSection[] {
  const lines = [...notes, ...problems.map((problem) => `could not be read: ${problem}`)];
  return lines.length > 0 ? [plain('Looked at in part', lines)] : [];
}
