import { type Command, Option } from 'commander';
import type { Language } from '../domain.ts';
import { NotFoundError } from '../errors.ts';
import { renderExplainPage } from '../texts/explain-page.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';

export function configure(command: Command): void {
  common(command)
    .argument('<record-id>', 'Zoho id of the account or contact')
    .addOption(
      new Option('--lang <language>', 'language of the answer; that of fields.yaml when left out').choices([
        'en',
        'nl',
        'pl',
        'da',
      ]),
    )
    .action((recordId: string, options: CommonOptions & { lang?: Language }) =>
      withConnection(options, async (app, connection) => {
        const score = await app.store.scores.get(connection.id, recordId);
        if (!score) {
          throw new NotFoundError(
            `no score of record ${recordId} in ${connection.name}; is it a customer, and was it scored (zcv score)?`,
          );
        }
        const language = options.lang ?? app.config.settings.plan.language;
        if (options.json) printJson(score);
        else print(renderExplainPage(score, { language, currency: connection.org.currency }));
        return 0;
      }),
    );
}
