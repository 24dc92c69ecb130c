import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Connection, ConnectionId } from './domain.ts';
import { ConfigError } from './errors.ts';
import type { Settings } from './rules.ts';
import {
  type BaseTexts,
  baseHashOf,
  hashOfTexts,
  type LayerParts,
  layeredSettings,
  layerOfPatch,
  layerOfTexts,
  readSettingsText,
  SETTINGS_FILES,
  type SettingOrigin,
  type SettingsFileName,
  type SettingsText,
} from './settings.ts';
import { documentProblems, type SettingField, settingFields } from './settings-form.ts';
import { didYouMean } from './settings-near.ts';
import type { SettingProblem } from './settings-problems.ts';
import type { SettingsInUse, SettingsVersion } from './store/settings-stores.ts';
import type { Store } from './store/store.ts';

/**
 * The settings of each connection: base files, its overlay files, and what is stored for it (docs/adr/0036). Files are
 * read once in a process, at their first use or at `reload`; what is stored is looked up at each call.
 */

export interface EffectiveSettings {
  readonly settings: Settings;
  readonly origins: readonly SettingOrigin[];
  readonly use: Omit<SettingsInUse, 'connection' | 'at'>;
}
interface Overlay {
  readonly parts: LayerParts;
  readonly problems: readonly string[];
  readonly hash: string;
}
type Stored = Pick<SettingsVersion, 'version' | 'document'>;
type Made = EffectiveSettings | { readonly problems: readonly string[] };

const FOLDER = 'connections';

export class ConnectionSettings {
  readonly #dir: string;
  readonly #store: Pick<Store['settings'], 'current'>;
  #base: BaseTexts;
  #overlays = new Map<string, Overlay>();
  #known = new Map<ConnectionId, { readonly of: string; readonly made: Made }>();
  /** What most connections have, made once. */
  #plain: Made | null = null;

  constructor(
    store: Pick<Store['settings'], 'current'>,
    input: { readonly dir: string; readonly base: BaseTexts },
  ) {
    this.#store = store;
    this.#dir = input.dir;
    this.#base = input.base;
  }

  get baseHash(): string {
    return baseHashOf(this.#base);
  }

  /** Throws ConfigError that lists what is wrong with the layers of this connection. */
  async of(connection: Pick<Connection, 'id' | 'name'>): Promise<EffectiveSettings> {
    return required(connection.name, await this.#madeOf(connection));
  }

  /** What is wrong; empty: nothing. */
  async problemsOf(connection: Pick<Connection, 'id' | 'name'>): Promise<readonly string[]> {
    const made = await this.#madeOf(connection);
    return 'problems' in made ? made.problems : [];
  }

  /** Of an org that is about to be linked under this name: nothing is stored for it yet. */
  ofName(name: string): EffectiveSettings {
    return required(name, this.#make(name, null));
  }

  /** What would hold if this document were stored; throws ConfigError that lists what is wrong with it. */
  with(name: string, stored: Stored): EffectiveSettings {
    return required(name, this.#make(name, stored));
  }

  /** Where they cannot be used, that of the base: it runs nothing until they are mended. */
  creditCeilingPercent(name: string, stored: Stored | null): number {
    const made = this.#make(name, stored);
    const usable = 'problems' in made ? make(this.#base, [], null) : made;
    return required('every connection', usable).settings.creditCeilingPercent;
  }

  /** Every value of some files, as it would be with each of these stored; null: nothing. */
  fields(
    name: string,
    files: readonly SettingsFileName[],
    stored: readonly (Stored | null)[],
  ): SettingField[] {
    const views = stored.map((one) =>
      [this.#overlay(name), storedLayer(one)].flatMap((of) => of?.parts ?? []),
    );
    return settingFields(this.#base, files, views);
  }

  /** What is wrong with a document that somebody would like to store, by its own lines. */
  problemsOfDocument(name: string, stored: Stored, wording: z.core.$ZodErrorMap): SettingProblem[] {
    const beneath = [this.#overlay(name)].flatMap((of) => of?.parts ?? []);
    const label = `stored v${stored.version}`;
    return documentProblems(this.#base, { beneath, document: stored.document, label }, wording);
  }

  problemsOfName(name: string): readonly string[] {
    const made = this.#make(name, null);
    return 'problems' in made ? made.problems : [];
  }

  /** Names of the folders with overlay files, whether a connection has that name or not. */
  overlayNames(): string[] {
    const folder = join(this.#dir, FOLDER);
    if (!existsSync(folder)) return [];
    const found = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return found.map(({ name }) => name).sort();
  }

  /** Files anew: those of connections at their next use. */
  reload(base: BaseTexts): void {
    this.#base = base;
    this.#overlays.clear();
    this.#known.clear();
    this.#plain = null;
  }

  async #madeOf({ id, name }: Pick<Connection, 'id' | 'name'>): Promise<Made> {
    const stored = await this.#store.current(id);
    const of = `${name}@${stored?.version ?? 0}`;
    const known = this.#known.get(id);
    if (known?.of === of) return known.made;
    const made = this.#make(name, stored);
    this.#known.set(id, { of, made });
    return made;
  }

  #make(name: string, stored: Stored | null): Made {
    const overlay = this.#overlay(name);
    if (overlay === null && stored === null) {
      this.#plain ??= make(this.#base, [], null);
      return this.#plain;
    }
    return make(this.#base, [overlay, storedLayer(stored)], stored);
  }

  #overlay(name: string): Overlay | null {
    const known = this.#overlays.get(name);
    if (known) return known;
    const folder = join(this.#dir, FOLDER, name);
    if (!existsSync(folder)) return null;
    const overlay = readOverlay(folder);
    this.#overlays.set(name, overlay);
    return overlay;
  }
}

function required(name: string, made: Made): EffectiveSettings {
  if (!('problems' in made)) return made;
  const lines = made.problems.map((line) => `  - ${line}`).join('\n');
  throw new ConfigError(`The settings of ${name} cannot be used; mend them, then try again:\n${lines}`);
}

function make(base: BaseTexts, layers: readonly (Overlay | null)[], stored: Stored | null): Made {
  const given = layers.filter((layer) => layer !== null);
  const problems = given.flatMap((layer) => layer.problems);
  const { settings, origins } = layeredSettings(
    base,
    given.map(({ parts }) => parts),
    problems,
  );
  if (settings === null || problems.length > 0) return { problems };
  const [overlay] = layers;
  const use = {
    version: stored?.version ?? 0,
    baseHash: baseHashOf(base),
    overlayHash: overlay?.hash ?? '',
  };
  return { settings, origins, use };
}

function storedLayer(stored: Stored | null): Overlay | null {
  if (stored === null) return null;
  const problems: string[] = [];
  const kind = { kind: 'stored', label: `stored v${stored.version}` } as const;
  return { parts: layerOfPatch(stored.document, kind, problems), problems, hash: '' };
}

function readOverlay(folder: string): Overlay {
  const problems: string[] = [];
  const names = SETTINGS_FILES.map((file) => `${file}.yaml`);
  for (const name of readdirSync(folder)) {
    // Notes beside them are welcome; a misspelt file would say nothing without a word.
    if (/\.ya?ml$/.test(name) && !names.includes(name))
      problems.push(`${join(folder, name)}: unknown file${didYouMean(name, names)}`);
  }
  const texts: { [F in SettingsFileName]?: SettingsText } = {};
  for (const file of SETTINGS_FILES) texts[file] = readSettingsText(join(folder, `${file}.yaml`), problems);
  const parts = layerOfTexts(texts, 'overlay', problems);
  return { parts, problems, hash: hashOfTexts(SETTINGS_FILES.map((file) => texts[file]?.text ?? null)) };
}
