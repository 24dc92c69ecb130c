import type { Command } from 'commander';
import { keepChannels } from '../jobs/keep-channels.ts';
import { testChannels } from '../jobs/test-channels.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { table } from './render.ts';

export function configure(command: Command): void {
  common(
    command.command('list').description('how Zoho tells us of changes: each channel, and what it refuses'),
  ).action((options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const channels = (await app.store.channels.of(connection.id)).map(
        ({
          module,
          part,
          channelId,
          events,
          fields,
          conditioned,
          expiresAt,
          heardAt,
          checkedAt,
          unheard,
        }) => {
          return {
            module,
            part,
            channelId,
            events,
            fields,
            conditioned,
            expiresAt,
            heardAt,
            checkedAt,
            unheard,
          };
        },
      );
      const refused = await app.store.channels.refused(connection.id);
      if (options.json) printJson({ channels, refused });
      else if (channels.length === 0)
        print(`No channel: changes are found by polling. ${howToOpen(app.config.server.publicUrl)}`);
      else {
        const cells = channels.map((one) => [
          one.module ?? one.events.join(', '),
          one.conditioned ? one.fields.join(', ') : 'every edit',
          one.expiresAt.toISOString(),
          one.heardAt?.toISOString() ?? 'not yet',
          one.checkedAt?.toISOString() ?? '',
        ]);
        print(table(['module', 'tells of', 'lives until (UTC)', 'last heard', 'Zoho said so'], cells));
      }
      if (!options.json)
        for (const { module, message } of refused) print(`! ${module} is found by polling: ${message}`);
      return 0;
    }),
  );
  common(
    command.command('renew').description('open, renew and replace now what the settings ask for'),
  ).action((options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const outcome = await keepChannels(app, connection, app.config.server.publicUrl, { force: true });
      if (options.json) printJson(outcome);
      else {
        for (const { module, status, expiresAt } of outcome.channels)
          print(`${module}: ${status}, lives until ${expiresAt.toISOString()}`);
        for (const { module, message } of outcome.refused)
          print(`! ${module} is found by polling: ${message}`);
        if (outcome.status === 'polling')
          print(`No channel lives: changes are found by polling. ${howToOpen(app.config.server.publicUrl)}`);
      }
      return outcome.refused.length > 0 ? 4 : 0;
    }),
  );
  common(
    command
      .command('test')
      .description('whether they live, without writing into the org; a credit a channel'),
  ).action((options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const told = await testChannels(app, connection, app.config.server.publicUrl);
      if (options.json) printJson(told);
      else {
        print(told.reach);
        for (const { module, state, message } of told.channels)
          print(`${state.padEnd(7)} ${module}: ${message}`);
      }
      return told.reached === false ||
        told.channels.some(({ state }) => state !== 'alive' && state !== 'said')
        ? 1
        : 0;
    }),
  );
}

function howToOpen(publicUrl: string | null): string {
  return publicUrl === null
    ? 'To be notified within seconds, set PUBLIC_URL to the https address of zcv serve (docs/webhooks.md).'
    : 'zcv channels renew opens them now, and zcv serve does so by itself.';
}
