import type { Command } from 'commander';
import { type Assessment, assessOrg } from '../setup/assess.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { table } from './render.ts';

function moneyLine(rows: readonly { currency: string; deals: number; amount: string }[]): string {
  if (rows.length === 0) return 'none';
  return rows
    .map(({ currency, deals, amount }) => `${amount} ${currency} in ${deals.toLocaleString('en')} deals`)
    .join(', ');
}

function textOf(report: Assessment): string {
  const { unmatched, duplicates, deals, currencies, credits } = report;
  const modules = report.modules.map(({ module, records, error }) => [module, records, error ?? '']);
  return [
    unmatched
      ? `Money that no customer explains: ${moneyLine(unmatched.byCurrency)} (${unmatched.deals.toLocaleString('en')} of ${unmatched.ofWonDeals.toLocaleString('en')} won deals)`
      : 'Money that no customer explains: could not be read',
    '',
    table(['module', 'records', ''], modules),
    '',
    `Deals from ${deals?.first ?? '?'} to ${deals?.last ?? '?'}; won: ${report.won ? moneyLine(report.won) : 'could not be read'}`,
    `Currencies: ${currencies ? currencies.map((row) => `${row.currency} in ${row.deals.toLocaleString('en')} deals`).join(', ') || 'none' : 'could not be read'}`,
    duplicates
      ? `Accounts that share a name: ${duplicates.accounts} under ${duplicates.names} names${duplicates.examples.length > 0 ? ` (${duplicates.examples.join(', ')})` : ''}`
      : 'Accounts that share a name: could not be read',
    ...(report.missing.length > 0 ? ['Missing inputs:', ...report.missing.map((line) => `  - ${line}`)] : []),
    `Credits: about ${credits.fullRun.toLocaleString('en')} for a full run, ${credits.daily.toLocaleString('en')} a day (${credits.basis})`,
    ...report.problems.map((problem) => `! ${problem}`),
  ].join('\n');
}

export function configure(command: Command): void {
  common(command).action((options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const report = await assessOrg({ ...app, mapping: app.config.settings.mapping }, connection);
      if (options.json) printJson(report);
      else print(textOf(report));
      return report.problems.length > 0 ? 4 : 0;
    }),
  );
}
