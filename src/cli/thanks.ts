import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { customerOf, noteDay } from './noted.ts';

type Options = CommonOptions & { how: string; day?: string; note?: string };

export function configure(command: Command): void {
  common(command.command('add').description('note that a customer was thanked'))
    .argument('<record-id>', 'Zoho id of the account or contact')
    .requiredOption('--how <way>', 'a call, a card, a gift …')
    .option('--day <day>', 'YYYY-MM-DD; today when left out')
    .option('--note <text>', 'for what')
    .action((id: string, options: Options) =>
      withConnection(options, async (app, connection) => {
        const how = options.how.trim();
        if (how === '') throw new InputError('--how: say how the customer was thanked, e.g. card');
        const day = noteDay(app, connection, options.day);
        const key = await customerOf(app, connection, id);
        const deed = { action: 'thanks.add', target: `${key.module} ${key.id}`, after: () => ({ day, how }) };
        await audited(app, connection, deed, () =>
          app.store.notes.addThanks(connection.id, key, { day, how, note: options.note ?? null }),
        );
        if (options.json) printJson({ customer: key, day, how, note: options.note ?? null });
        else print(`Thanks (${how}) noted for ${key.module} ${key.id} on ${day}.`);
        return 0;
      }),
    );
}
