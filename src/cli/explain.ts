import { type Command, Option } from 'commander';
import type { App } from '../app.ts';
import type { Connection, Language, ModuleName, RecordId } from '../domain.ts';
import { NotFoundError } from '../errors.ts';
import { customerOptionsOf } from '../jobs/customer-options.ts';
import type { LeadScore } from '../leads.ts';
import type { Score } from '../scores.ts';
import { renderLeadPage } from '../texts/explain-lead.ts';
import { type RecordNames, renderExplainPage } from '../texts/explain-page.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';

export function configure(command: Command): void {
  common(command)
    .argument('<record-id>', 'Zoho id of the customer, of an account, contact or deal of it, or of a lead')
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
        const score = await scoreOf(app, connection, recordId);
        if (!score) {
          throw new NotFoundError(
            `no score of record ${recordId} in ${connection.name}; is it a customer or a lead, and was it scored (zcv score)?`,
          );
        }
        const language = options.lang ?? (await app.settings.of(connection)).settings.plan.language;
        const format = { language, currency: connection.org.currency };
        if (options.json) printJson(score);
        else if (isLead(score)) print(renderLeadPage(score, format));
        else print(renderExplainPage(score, format, await namesIn(app, connection, score)));
        return 0;
      }),
    );
}

const OF_A_CUSTOMER: readonly ModuleName[] = ['Accounts', 'Contacts', 'Leads', 'Deals'];

const isLead = (score: Score | LeadScore): score is LeadScore => score.key.module === 'Leads';

/** Of the customer or lead itself, else of the customer that the record belongs to. */
async function scoreOf(
  app: App,
  connection: Connection,
  recordId: RecordId,
): Promise<Score | LeadScore | null> {
  const own =
    (await app.store.scores.get(connection.id, recordId)) ??
    (await app.store.leadScores.get(connection.id, recordId));
  if (own) return own;
  const { settings } = await app.settings.of(connection);
  const options = await customerOptionsOf({ store: app.store, settings }, connection.id);
  for (const module of OF_A_CUSTOMER) {
    const [key] = await app.store.customers.of(connection.id, options, module, [recordId]);
    const score = key ? await app.store.scores.get(connection.id, key.id) : null;
    if (score) return score;
  }
  return null;
}

/** Of the customers that its reasons point to: who brought it, say. */
async function namesIn(app: App, connection: Connection, { reasons }: Score): Promise<RecordNames> {
  const names = new Map<RecordId, string>();
  for (const { module, id } of reasons.flatMap(({ records }) => records ?? [])) {
    if (module !== 'Accounts' && module !== 'Contacts') continue;
    const known = names.has(id) ? null : await scoreOf(app, connection, id);
    if (known) names.set(id, known.name);
  }
  return names;
}
