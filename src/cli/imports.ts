import { basename } from 'node:path';
import type { Command } from 'commander';
import { type ImportResult, importFile, removeImport } from '../jobs/import-file.ts';
import { grouped } from '../money.ts';
import type { ImportFile, ImportKind } from '../store/import-stores.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { table } from './render.ts';

/** import, list and remove, the same for every kind of file. */

const SHOWN_LINES = 20;
const SHORT_HASH = 12;

export function importCommands(command: Command, kind: ImportKind): void {
  common(command.command('import').description('bring in a CSV file: all of it, or nothing and why'))
    .argument('<file>', 'CSV file; columns: docs/imports.md')
    .option('--dry-run', 'check everything, import nothing')
    .action((path: string, options: CommonOptions & { dryRun?: boolean }) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const input = { connection, kind, path, dryRun: options.dryRun === true };
        const work = () => importFile(deps, input);
        const deed = {
          action: `${kind}.import`,
          target: basename(path),
          after: ({ fileHash, imported, rejectedCount }: ImportResult) => ({
            ...{ fileHash, imported, rejected: rejectedCount },
          }),
        };
        const result = input.dryRun ? await work() : await audited(app, connection, deed, work);
        if (options.json) printJson(result);
        else print(importText(result));
        return result.rejectedCount > 0 ? 2 : 0;
      }),
    );
  common(command.command('list').description('the files that were imported')).action(
    (options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        const files = await app.store.imports.list(connection.id, kind);
        if (options.json) printJson(files.map(shownFile));
        else if (files.length === 0) print(`No file of ${kind} was imported yet.`);
        else {
          const rows = files.map((file) => [
            file.fileHash.slice(0, SHORT_HASH),
            file.fileName,
            file.lines,
            file.importedAt.toISOString(),
          ]);
          print(table(['hash', 'file', 'lines', 'imported'], rows));
        }
        return 0;
      }),
  );
  common(command.command('remove').description('take an imported file back'))
    .argument('<file-or-hash>', 'the same file, or the beginning of its hash as list shows it')
    .action((fileOrHash: string, options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const deed = { action: `${kind}.remove`, target: basename(fileOrHash), after: shownFile };
        const removed = await audited(app, connection, deed, () =>
          removeImport(deps, { connection, kind, fileOrHash }),
        );
        if (options.json) printJson({ removed: shownFile(removed) });
        else print(`${removed.fileName} was taken back: ${lines(removed.lines)}. ${NEXT}`);
        return 0;
      }),
    );
}

const NEXT = 'It counts from the next scoring on: zcv score';
const lines = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'line' : 'lines'}`;

function shownFile({ fileHash, fileName, lines: count, importedAt }: ImportFile) {
  return { fileHash, file: fileName, lines: count, importedAt };
}

function importText(result: ImportResult): string {
  if (result.rejectedCount > 0) return rejectedText(result);
  const { file, imported, unmatched, besideDeals, withheld, laterReferrers, ignoredColumns } = result;
  const moneyOf = (sums: ImportResult['unmatched']) =>
    sums.map(({ currency, lines: count, amount }) => `${grouped(amount)} ${currency} in ${lines(count)}`);
  const money = moneyOf(unmatched);
  const twice = moneyOf(besideDeals);
  return [
    ...(money.length > 0
      ? [`Money that no customer explains: ${money.join(', ')}; kept until one does`]
      : []),
    headline(result),
    ...(twice.length > 0
      ? [
          `! without deal_id, of customers that have won deals: ${twice.join(', ')}; if these invoices bill those deals, the money counts twice: fill deal_id, or set purchase.from: imports`,
        ]
      : []),
    ...(withheld > 0 ? [`! foreign money without a rate, left out of every sum: ${lines(withheld)}`] : []),
    ...(laterReferrers > 0 ? [`! an earlier referral names another referrer: ${lines(laterReferrers)}`] : []),
    ...(ignoredColumns.length > 0
      ? [`! columns of ${file} that were not read: ${ignoredColumns.join(', ')}`]
      : []),
    ...(imported > 0 && !result.dryRun ? [NEXT] : []),
  ].join('\n');
}

function headline({ file, fileHash, imported, alreadyImported, dryRun }: ImportResult): string {
  if (alreadyImported) return `${file} was imported before; nothing is new`;
  if (imported === 0) return `${file} holds no line; nothing was imported`;
  if (dryRun) return `${file}: ${lines(imported)} would be imported`;
  return `${file}: ${lines(imported)} imported (${fileHash.slice(0, SHORT_HASH)})`;
}

function rejectedText({ file, rejected, rejectedCount }: ImportResult): string {
  const more = rejectedCount - SHOWN_LINES;
  return [
    `${file}: nothing was imported; ${lines(rejectedCount)} must be mended first`,
    ...rejected.slice(0, SHOWN_LINES).map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...(more > 0 ? [`  … and ${lines(more)} more (--json lists the first 1,000)`] : []),
  ].join('\n');
}
