import type { Command } from 'commander';
import type { Minor } from '../domain.ts';
import { InputError } from '../errors.ts';
import { grouped, minorToDecimal, toMinor } from '../money.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { customerOf, noteDay } from './noted.ts';

type Options = CommonOptions & { amount: string; day?: string; note?: string };

function amountFrom(text: string): Minor {
  const amount = /^\d+(\.\d{1,2})?$/.test(text) && text.length <= 15 ? toMinor(text) : null;
  if (amount === null || amount === 0)
    throw new InputError(`--amount ${text}: give money above 0 in the home currency, e.g. 120 or 49.50`);
  return amount;
}

export function configure(command: Command): void {
  common(command.command('add').description('note what was given to a customer because something went wrong'))
    .argument('<record-id>', 'Zoho id of the account or contact')
    .requiredOption('--amount <money>', 'in the home currency, e.g. 49.50')
    .option('--day <day>', 'YYYY-MM-DD; today when left out')
    .option('--note <text>', 'why')
    .action((id: string, options: Options) =>
      withConnection(options, async (app, connection) => {
        const amount = amountFrom(options.amount);
        const day = noteDay(app, connection, options.day);
        const key = await customerOf(app, connection, id);
        const deed = {
          action: 'goodwill.add',
          target: `${key.module} ${key.id}`,
          after: () => ({ day, amount }),
        };
        await audited(app, connection, deed, () =>
          app.store.notes.addGoodwill(connection.id, key, { day, amount, note: options.note ?? null }),
        );
        const noted = { customer: key, day, amount: minorToDecimal(amount), note: options.note ?? null };
        if (options.json) printJson(noted);
        else {
          const { currency } = connection.org;
          print(
            `Goodwill of ${grouped(noted.amount)} ${currency} noted for ${key.module} ${key.id} on ${day}; the next run lowers its budget by it.`,
          );
        }
        return 0;
      }),
    );
}
