import type { z } from 'zod';
import type { Clock } from './clock.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { Connection } from './domain.ts';
import { InputError, NotFoundError } from './errors.ts';
import type { SettingsFileName } from './settings.ts';
import {
  type SettingDifference,
  settingDifferences,
  tidied,
  withoutSetting,
  withSetting,
} from './settings-edit.ts';
import type { SettingField } from './settings-form.ts';
import type { SettingProblem } from './settings-problems.ts';
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
/** Every value of some files: as the files have it, as it is in force, and as the draft has it, or else what is in force. */
export interface SettingsForm {
  /** 0: nothing is stored. */
  readonly inForce: number;
  /** Null: there is no draft. */
  readonly draft: number | null;
  readonly fields: readonly SettingField[];
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
  readonly settings: Pick<ConnectionSettings, 'with' | 'baseHash' | 'fields' | 'problemsOfDocument'>;
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
  const edited = async (connection: Connection, edit: Pick<SettingsEdit, 'set' | 'unset' | 'isDraft'>) => {
    const draft = edit.isDraft ? await stored.draft(connection.id) : null;
    let document = (draft ?? (await stored.current(connection.id)))?.document ?? '';
    for (const key of edit.unset) document = withoutSetting(document, key);
    // JSON is YAML.
    for (const [key, value] of edit.set) document = withSetting(document, key, JSON.stringify(value));
    return document;
  };
  return {
    documentOf,
    save,
    edited,
    async form({ id, name }: Connection, files: readonly SettingsFileName[]): Promise<SettingsForm> {
      const [current, draft] = [await stored.current(id), await stored.draft(id)];
      const fields = settings.fields(name, files, [null, current, draft ?? current]);
      return { inForce: current?.version ?? 0, draft: draft?.version ?? null, fields };
    },
    /** By the lines of this very text; `wording` words what no code says. */
    async problemsOf(
      { id, name }: Connection,
      document: string,
      wording: z.core.$ZodErrorMap,
    ): Promise<SettingProblem[]> {
      const version = ((await stored.current(id))?.version ?? 0) + 1;
      return settings.problemsOfDocument(name, { version, document }, wording);
    },
    /** As `save` for a text that a person wrote. Throws InputError when it is no YAML. */
    async saveText(connection: Connection, change: SettingsChange): Promise<SavedSettings> {
      return save(connection, { ...change, document: tidied(change.document, 'document') });
    },
    /** Some keys, in force at once or in the draft; all else stays as it is stored. Throws InputError for a key that is none. */
    async edit(
      connection: Connection,
      { set, unset, isDraft = false, ...by }: SettingsEdit,
    ): Promise<SavedSettings> {
      const document = await edited(connection, { set, unset, isDraft });
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
