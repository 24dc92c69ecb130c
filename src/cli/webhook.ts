import type { Command } from 'commander';
import {
  createWorkflowHook,
  type HookSecrets,
  removeWorkflowHook,
  rotateWorkflowHook,
} from '../jobs/workflow-hooks.ts';
import { SECRET_HEADER } from '../web/workflow-header.ts';
import { type CommonOptions, common, print, printJson, say, withConnection } from './command.ts';
import { table } from './render.ts';

/** What an administrator enters in Zoho, Setup > Automation > Actions > Webhooks; docs/webhooks.md shows it step by step. */
function printOnce({ name, path, header }: HookSecrets, publicUrl: string | null, asJson: boolean): void {
  const url = `${publicUrl ?? '<PUBLIC_URL>'}${path}`;
  if (asJson) {
    printJson({
      name,
      url,
      method: 'POST',
      header: { name: SECRET_HEADER, value: header },
      parameters: ['module', 'id'],
    });
    return;
  }
  print(
    [
      `Enter in Zoho, Setup > Automation > Actions > Webhooks > Configure Webhook:`,
      `  Name            ${name}`,
      `  URL to Notify   ${url}`,
      `  Method          POST`,
      `  Headers         ${SECRET_HEADER}: ${header}   (Custom Parameter of the headers)`,
      `  Body            Form-Data: module = Deals (the module of the rule), id = \${Deals.Deal Id}`,
      'Then choose it as the instant action of a workflow rule. Address and header are secret and are not shown again.',
    ].join('\n'),
  );
  if (publicUrl === null) say('zcv: PUBLIC_URL is not set: Zoho cannot reach this service yet');
}

export function configure(parent: Command): void {
  const command = parent.command('workflow').description('webhooks that a workflow rule of Zoho calls');
  const make = (name: string, words: string, work: typeof createWorkflowHook) =>
    common(command.command(`${name} <name>`).description(words)).action(
      (hook: string, options: CommonOptions) =>
        withConnection(options, async (app, connection) => {
          printOnce(await work(app, connection, hook), app.config.server.publicUrl, options.json === true);
          return 0;
        }),
    );
  make(
    'create',
    'make a webhook for a workflow rule and print what to enter in Zoho, once',
    createWorkflowHook,
  );
  make('rotate', 'give it new secrets and print them, once; the old ones end now', rotateWorkflowHook);
  common(
    command.command('list').description('webhooks of workflow rules, and when each was last heard'),
  ).action((options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const hooks = (await app.store.workflowHooks.of(connection.id)).map(
        ({ name, createdAt, rotatedAt, heardAt }) => ({ name, createdAt, rotatedAt, heardAt }),
      );
      if (options.json) printJson(hooks);
      else if (hooks.length === 0)
        print('No webhook of a workflow rule. Make one with: zcv webhook workflow create won-deals');
      else {
        const cells = hooks.map(({ name, createdAt, rotatedAt, heardAt }) => [
          name,
          createdAt.toISOString(),
          rotatedAt?.toISOString() ?? '',
          heardAt?.toISOString() ?? 'not yet',
        ]);
        print(table(['name', 'made', 'rotated', 'last heard (UTC)'], cells));
      }
      return 0;
    }),
  );
  common(command.command('remove <name>').description('its address is worth nothing from now on')).action(
    (hook: string, options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        await removeWorkflowHook(app, connection, hook);
        if (options.json) printJson({ removed: hook });
        else print(`The webhook ${hook} is removed. Take it out of the workflow rule in Zoho as well.`);
        return 0;
      }),
  );
}
