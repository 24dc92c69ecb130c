import { type Command, Option } from 'commander';
import type { Language } from '../domain.ts';
import { NotFoundError } from '../errors.ts';
import { runDigest } from '../jobs/run-digest.ts';
import { type Digest, digestText } from '../texts/digest.ts';
import { ruleTitles } from '../texts/rule-title.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';

type Options = CommonOptions & { owner?: string; lang?: Language };

export function configure(command: Command): void {
  common(command)
    .option('--owner <owner>', 'of one owner, by id or name; of everybody when left out')
    .addOption(new Option('--lang <language>', 'language of the text').choices(['en', 'nl', 'pl', 'da']))
    .action((options: Options) =>
      withConnection(options, async (app, connection) => {
        const deps = await app.depsOf(connection);
        const digests = await runDigest(deps, { connection });
        const digest = digestOf(digests, options.owner);
        const { plan } = deps.settings;
        const language = options.lang ?? plan.language;
        const titleOf = ruleTitles(plan.playbook, language);
        if (options.json) printJson(digest);
        else print(digestText(digest, { language, currency: connection.org.currency }, titleOf));
        return 0;
      }),
    );
}

function digestOf(digests: readonly Digest[], owner: string | undefined): Digest {
  const asked = owner?.toLowerCase() ?? null;
  const found = digests.find(({ ownerId, ownerName }) =>
    asked === null ? ownerId === null : ownerId === asked || ownerName?.toLowerCase() === asked,
  );
  if (found) return found;
  const names = digests.flatMap(({ ownerId, ownerName }) => ownerName ?? ownerId ?? []);
  throw new NotFoundError(
    names.length === 0
      ? 'no active user owns a customer or a task of ours'
      : `no digest of ${owner}; there are: ${names.join(', ')}`,
  );
}
