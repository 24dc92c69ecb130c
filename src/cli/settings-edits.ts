import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';
import { InputError } from '../errors.ts';
import { type SettingDifference, tidied, withoutSetting, withSetting } from '../settings-edit.ts';
import type { SettingsVersion } from '../store/settings-stores.ts';
import { type SavedSettings, versionFrom } from '../stored-settings.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, say, withConnection } from './command.ts';
import { table } from './render.ts';

/** `zcv settings set|unset|import|export|history|diff|publish|rollback`: what is stored for one connection, by versions. */

type EditOptions = CommonOptions & { note?: string; draft?: boolean };
const MOST_SHOWN = 50;

function editing(command: Command): Command {
  return common(command)
    .option('--note <text>', 'why; it stands in the history and in the drift report')
    .option('--draft', 'save it without putting it in force; see: zcv settings publish');
}

/** What the next edit starts from: the draft where one is asked for and there is one, else what is in force. */
async function beneath(app: App, { id }: Connection, options: EditOptions): Promise<SettingsVersion | null> {
  const draft = options.draft ? await app.store.settings.draft(id) : null;
  return draft ?? app.store.settings.current(id);
}

async function store(
  app: App,
  connection: Connection,
  input: { readonly document: string; readonly options: EditOptions; readonly action: string },
): Promise<SettingsVersion> {
  const { document, options, action } = input;
  const change = { document, note: options.note ?? null, who: 'cli', isDraft: options.draft === true };
  const deed = { action, target: connection.name, after: savedText };
  return (await audited(app, connection, deed, () => app.storedSettings.save(connection, change))).saved;
}

function savedText({ saved, changed }: SavedSettings) {
  return { version: saved.version, state: saved.state, changed };
}

function told(saved: SettingsVersion, connection: Connection, options: EditOptions): void {
  if (options.json) printJson({ connection: connection.name, version: saved.version, state: saved.state });
  else if (saved.state === 'draft')
    print(
      `Version ${saved.version} of ${connection.name} is saved as a draft; put it in force: zcv settings publish`,
    );
  else print(`Version ${saved.version} of ${connection.name} is in force from the next run on.`);
}

async function saveAndTell(app: App, connection: Connection, edit: Parameters<typeof store>[2]): Promise<0> {
  told(await store(app, connection, edit), connection, edit.options);
  return 0;
}

export function configureEdits(command: Command): void {
  editing(command.command('set').description('store one value for a connection'))
    .argument('<key>', 'as print shows it, e.g. scoring.tiers.topPercent')
    .argument('<value>', 'YAML; null or !default goes back to the default')
    .action((key: string, value: string, options: EditOptions) =>
      withConnection(options, async (app, connection) => {
        const document = withSetting((await beneath(app, connection, options))?.document ?? '', key, value);
        return saveAndTell(app, connection, { document, options, action: 'settings.set' });
      }),
    );
  editing(command.command('unset').description('take a stored value back, so that the files count again'))
    .argument('<key>', 'as print shows it')
    .action((key: string, options: EditOptions) =>
      withConnection(options, async (app, connection) => {
        const document = withoutSetting((await beneath(app, connection, options))?.document ?? '', key);
        return saveAndTell(app, connection, { document, options, action: 'settings.unset' });
      }),
    );
  editing(command.command('import').description('store a YAML patch; it replaces what is stored'))
    .argument('<file>', 'with the parts scoring, playbook and fields; only what differs')
    .action((path: string, options: EditOptions) =>
      withConnection(options, async (app, connection) => {
        const text = await readFile(path, 'utf8').catch((cause: unknown) => {
          throw new InputError(`${path}: cannot be read`, { cause });
        });
        const document = tidied(text, path);
        return saveAndTell(app, connection, { document, options, action: 'settings.import' });
      }),
    );
  common(command.command('publish').description('put the draft in force'))
    .option('--note <text>', 'why; that of the draft when left out')
    .action((options: EditOptions) =>
      withConnection(options, async (app, connection) => {
        const by = { note: options.note ?? null, who: 'cli' };
        const deed = {
          ...{ action: 'settings.publish', target: connection.name },
          after: ({ version }: SettingsVersion) => ({ version }),
        };
        const saved = await audited(app, connection, deed, () => app.storedSettings.publish(connection, by));
        told(saved, connection, options);
        return 0;
      }),
    );
  common(
    command.command('rollback').description('put the document of an earlier version in force, as a new one'),
  )
    .argument('<version>', 'as history shows it; 0: nothing stored')
    .option('--note <text>', 'why')
    .action((version: string, options: EditOptions) =>
      withConnection(options, async (app, connection) => {
        const to = { version: versionFrom(version), note: options.note ?? null, who: 'cli' };
        const deed = { action: 'settings.rollback', target: connection.name, after: savedText };
        const { saved } = await audited(app, connection, deed, () =>
          app.storedSettings.rollback(connection, to),
        );
        told(saved, connection, options);
        return 0;
      }),
    );
  configureLooks(command);
}

function configureLooks(command: Command): void {
  common(command.command('export').description('what is stored for a connection, as a YAML patch'))
    .option('--version-of <n>', 'this version; the one in force when left out')
    .option('--out <file>', 'write to a file instead of stdout')
    .action((options: CommonOptions & { versionOf?: string; out?: string }) =>
      withConnection(options, async (app, connection) => {
        const version =
          options.versionOf ?? String((await app.store.settings.current(connection.id))?.version ?? 0);
        const document = (await app.storedSettings.documentOf(connection, versionFrom(version))) || '{}\n';
        if (options.out !== undefined) {
          await writeFile(options.out, document).catch((cause: unknown) => {
            throw new InputError(`--out ${options.out}: cannot be written`, { cause });
          });
          say(`written to ${options.out}`);
        }
        if (options.json) printJson({ connection: connection.name, version: Number(version), document });
        else if (options.out === undefined) print(document.trimEnd());
        return 0;
      }),
    );
  common(
    command.command('history').description('versions that were stored for a connection, newest first'),
  ).action((options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const versions = await app.store.settings.history(connection.id, MOST_SHOWN);
      if (options.json) printJson(versions.map(({ document: _document, ...row }) => row));
      else if (versions.length === 0)
        print(`Nothing is stored for ${connection.name}; the files alone count.`);
      else {
        const rows = versions.map(({ version, state, at, who, note, basedOn }) => [
          ...[String(version), state, at.toISOString(), who, note ?? '', String(basedOn)],
        ]);
        print(table(['version', 'state', 'at', 'who', 'note', 'based on'], rows));
      }
      return 0;
    }),
  );
  common(command.command('diff').description('what two stored versions say otherwise'))
    .argument('<before>', 'a version; 0: nothing stored')
    .argument('<after>', 'a version; 0: nothing stored')
    .action((before: string, after: string, options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        const [older, newer] = [versionFrom(before), versionFrom(after)];
        const found = await app.storedSettings.differences(connection, older, newer);
        if (options.json) printJson(found);
        else print(found.length === 0 ? 'They say the same.' : found.map(differenceText).join('\n'));
        return 0;
      }),
    );
}

const shown = (value: unknown): string => (value === null ? '–' : JSON.stringify(value));
function differenceText(difference: SettingDifference): string {
  return `${difference.key}: ${shown(difference.old)} → ${shown(difference.new)}`;
}
