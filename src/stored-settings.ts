import type { Clock } from './clock.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { Connection } from './domain.ts';
import { InputError, NotFoundError } from './errors.ts';
import {
  type SettingDifference,
  settingDifferences,
  tidied,
  withoutSetting,
  withSetting,
} from './settings-edit.ts';
import type { SettingsVersion } from './store/settings-stores.ts';
import type { Store } from './store/store.ts';

/** Changes of what is stored for one connection. Judged before it is stored: what cannot be used is refused. */

export interface SettingsChange {
  /** YAML with the parts scoring, playbook and fields; only what differs. */
  readonly document: string;
  readonly note: string | null;
  readonly who: string;
  /** Saved without putting it in force. */
  readonly isDraft: boolean;
}
export interface SavedSettings {
  readonly saved: SettingsVersion;
  /** Against what was in force before. */
  readonly changed: readonly SettingDifference[];
}
export interface SettingsEdit {
  readonly set: readonly (readonly [key: string, value: unknown])[];
  /** These go back to what the files say. */
  readonly unset: readonly string[];
  /** Into the draft, which begins as what is in force. Default false. */
  readonly isDraft?: boolean;
  readonly note: string | null;
  readonly who: string;
}
interface Deps {
  readonly store: Pick<Store, 'settings'>;
  readonly settings: Pick<ConnectionSettings, 'with' | 'baseHash'>;
  readonly clock: Clock;
}
export type StoredSettings = ReturnType<typeof storedSettings>;

export function storedSettings({ store: { settings: stored }, settings, clock }: Deps) {
  /** Empty for 0. Throws NotFoundError. */
  const documentOf = async ({ id, name }: Connection, version: number): Promise<string> => {
    if (version === 0) return '';
    const found = await stored.get(id, version);
    if (found) return found.document;
    throw new NotFoundError(`${name} has no version ${version}; see: zcv settings history`);
  };
  /** Throws ConfigError when it cannot be used, ConflictError when another was stored at the same moment. */
  const save = async (connection: Connection, change: SettingsChange): Promise<SavedSettings> => {
    const { document, note, who, isDraft } = change;
    const before = await stored.current(connection.id);
    const basedOn = before?.version ?? 0;
    settings.with(connection.name, { version: basedOn + 1, document });
    const row = { document, note, who, at: clock.now(), baseHash: settings.baseHash };
    const saved = await (isDraft
      ? stored.saveDraft(connection.id, row)
      : stored.add(connection.id, { ...row, basedOn }));
    return { saved, changed: settingDifferences(before?.document ?? '', document) };
  };
  return {
    documentOf,
    save,
    /** As `save` for a text that a person wrote. Throws InputError when it is no YAML. */
    async saveText(connection: Connection, change: SettingsChange): Promise<SavedSettings> {
      return save(connection, { ...change, document: tidied(change.document, 'document') });
    },
    /** Some keys, in force at once or in the draft; all else stays as it is stored. Throws InputError for a key that is none. */
    async edit(
      connection: Connection,
      { set, unset, isDraft = false, ...by }: SettingsEdit,
    ): Promise<SavedSettings> {
      const draft = isDraft ? await stored.draft(connection.id) : null;
      let document = (draft ?? (await stored.current(connection.id)))?.document ?? '';
      for (const key of unset) document = withoutSetting(document, key);
      // JSON is YAML.
      for (const [key, value] of set) document = withSetting(document, key, JSON.stringify(value));
      return save(connection, { ...by, document, isDraft });
    },
    /** Puts the draft in force; without a note it keeps its own. Throws NotFoundError when there is none. */
    async publish(
      connection: Connection,
      by: { readonly note: string | null; readonly who: string },
    ): Promise<SettingsVersion> {
      const draft = await stored.draft(connection.id);
      if (!draft)
        throw new NotFoundError(`there is no draft of ${connection.name}; make one: settings set --draft`);
      // The files may have changed since it was saved.
      settings.with(connection.name, draft);
      return stored.publish(connection.id, draft.version, { ...by, at: clock.now() });
    },
    /** Puts the document of an earlier version in force, as a new one; 0: nothing stored. */
    async rollback(
      connection: Connection,
      { version, ...by }: { readonly version: number; readonly note: string | null; readonly who: string },
    ): Promise<SavedSettings> {
      const document = await documentOf(connection, version);
      const note = by.note ?? `back to version ${version}`;
      return save(connection, { document, note, who: by.who, isDraft: false });
    },
    /** Key by key; 0 on either side: nothing stored. */
    async differences(connection: Connection, before: number, after: number): Promise<SettingDifference[]> {
      return settingDifferences(await documentOf(connection, before), await documentOf(connection, after));
    },
  };
}

/** Throws InputError. */
export function versionFrom(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InputError(`${text}: give a version as a whole number; see settings history`);
}
