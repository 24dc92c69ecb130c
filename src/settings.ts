import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { mappingOf } from './mapping-file.ts';
import type { Settings } from './rules.ts';
import { parseSettingsDocument } from './settings-document.ts';
import { FieldsFile } from './settings-fields.ts';
import {
  type Layer,
  nodeAt,
  overlaid,
  placeText,
  plain,
  type SettingOriginKind,
  type Traced,
  traced,
} from './settings-merge.ts';
import { didYouMean } from './settings-near.ts';
import { NotifyFile } from './settings-notify.ts';
import { PlaybookFile } from './settings-playbook.ts';
import { problemLines } from './settings-problems.ts';
import { ScoringFile } from './settings-scoring.ts';

/** scoring.yaml, playbook.yaml, fields.yaml, notify.yaml: data with units, in layers, judged at start, every problem at once. */

export const FILES = {
  scoring: ScoringFile,
  playbook: PlaybookFile,
  fields: FieldsFile,
  notify: NotifyFile,
} as const;
export type SettingsFileName = keyof typeof FILES;
export const SETTINGS_FILES = Object.keys(FILES) as SettingsFileName[]; // the keys of FILES
// A rule of an overlay changes the one with its id, or is added.
const KEYED_LISTS = ['rules'];

/** JSON Schemas of the three files, for editors. */
export function settingsJsonSchemas(): Record<SettingsFileName, unknown> {
  return {
    scoring: jsonSchema(ScoringFile),
    playbook: jsonSchema(PlaybookFile),
    fields: jsonSchema(FieldsFile),
    notify: jsonSchema(NotifyFile),
  };
}
const jsonSchemas = new WeakMap<z.ZodType, unknown>();
/** Made once: it takes longer than all layers of a connection. */
export function jsonSchema(schema: z.ZodType): unknown {
  const known = jsonSchemas.get(schema);
  if (known !== undefined) return known;
  const made: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  jsonSchemas.set(schema, made);
  return made;
}

/** A file as it stood on disk; `text` null: there is none, so its defaults hold. */
export interface SettingsText {
  readonly path: string;
  readonly text: string | null;
}
/** What all connections share, as it was read; plain texts, so that threads can be handed it. */
export interface BaseTexts extends Readonly<Record<SettingsFileName, SettingsText>> {
  /** Rules that hold where playbook.yaml names none. */
  readonly shippedPlaybook: SettingsText;
  /** SETTINGS_PATCH of the environment; it lies over everything. */
  readonly patch: string | null;
}

export function readSettingsText(path: string, problems: string[]): SettingsText {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'ENOENT') problems.push(`${path}: cannot be read (${String(code ?? cause)})`);
    return { path, text: null };
  }
}

export function readBaseTexts(
  dir: string,
  problems: string[],
  { shippedDir, patch }: { readonly shippedDir: string; readonly patch: string | null },
): BaseTexts {
  const read = (file: SettingsFileName) => readSettingsText(join(dir, `${file}.yaml`), problems);
  return {
    scoring: read('scoring'),
    playbook: read('playbook'),
    fields: read('fields'),
    notify: read('notify'),
    shippedPlaybook: readSettingsText(join(shippedDir, 'playbook.yaml'), problems),
    patch,
  };
}

export function hashOfTexts(texts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12);
}
export function baseHashOf(base: BaseTexts): string {
  return hashOfTexts(SETTINGS_FILES.map((file) => base[file].text));
}

/** The parts of one layer, by file; a layer says nothing about a file that it leaves out. */
export type LayerParts = { readonly [F in SettingsFileName]?: Layer };

/** A layer that is one file a part. Problems name file and line. */
export function layerOfTexts(
  texts: { readonly [F in SettingsFileName]?: SettingsText },
  kind: SettingOriginKind,
  problems: string[],
): LayerParts {
  const parts: { [F in SettingsFileName]?: Layer } = {};
  for (const file of SETTINGS_FILES) {
    const given = texts[file];
    if (given === undefined || given.text === null) continue;
    const parsed = parseSettingsDocument(given.text);
    if ('problems' in parsed) problems.push(...parsed.problems.map((problem) => `${given.path}:${problem}`));
    else parts[file] = { kind, label: given.path, document: parsed.document, at: [] };
  }
  return parts;
}

/** A layer that is one document with the parts as keys: what is stored, exported and imported. */
export function layerOfPatch(
  text: string,
  { kind, label }: { readonly kind: SettingOriginKind; readonly label: string },
  problems: string[],
): LayerParts {
  const parsed = parseSettingsDocument(text);
  if ('problems' in parsed) {
    problems.push(...parsed.problems.map((problem) => `${label}:${problem}`));
    return {};
  }
  const { document } = parsed;
  const layer = (file: SettingsFileName): Layer => ({ kind, label, document, at: [file] });
  const parts: { [F in SettingsFileName]?: Layer } = {};
  const { values } = document;
  if (values === null || typeof values !== 'object' || Array.isArray(values)) {
    problems.push(`${label}: give a map with the parts ${SETTINGS_FILES.join(', ')}`);
    return {};
  }
  for (const key of Object.keys(values)) {
    const file = SETTINGS_FILES.find((one) => one === key);
    if (file) parts[file] = layer(file);
    else {
      const line = document.lineOf([key]);
      problems.push(
        `${label}${line === null ? '' : `:${line}`}: unknown part ${key}${didYouMean(key, SETTINGS_FILES)}`,
      );
    }
  }
  return parts;
}

const valuesOf = ({ document, at }: Layer): unknown =>
  at.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown>)[step], document?.values); // layerOfPatch found the key

/** The file under all layers. `shipped` are the rules that hold where nobody names any. */
function merged(file: SettingsFileName, layers: readonly LayerParts[], shipped: Traced | undefined): Traced {
  const [base, ...above] = layers;
  const lowest = base?.[file];
  const defaults: Layer = { kind: 'default', label: 'default', document: null, at: [] };
  let root = lowest
    ? traced(valuesOf(lowest), { layer: lowest, path: [] })
    : traced({ version: 1 }, { layer: defaults, path: [] });
  const withShipped = () => {
    if (shipped && root.kind === 'map' && !root.entries.has('rules'))
      root = { ...root, entries: new Map([...root.entries, ['rules', shipped]]) };
  };
  withShipped();
  const given = above.flatMap((parts) => parts[file] ?? []);
  if (given.length === 0) return root;
  const merging = { schema: jsonSchema(FILES[file]), keyedLists: file === 'playbook' ? KEYED_LISTS : [] };
  for (const layer of given) {
    const value = valuesOf(layer) ?? {};
    const next = overlaid(root, { value, place: { layer, path: [] } }, merging);
    root = next ?? traced({ version: 1 }, { layer: defaults, path: [] });
    withShipped();
  }
  return root;
}

function judged<F extends SettingsFileName>(
  file: F,
  root: Traced,
  problems: string[],
): z.output<(typeof FILES)[F]> | null {
  const schema: z.ZodType = FILES[file];
  const parsed = schema.safeParse(plain(root));
  if (parsed.success) return parsed.data as z.output<(typeof FILES)[F]>; // the schema of that file parsed it
  problems.push(...problemLines(root, jsonSchema(schema), parsed.error));
  return null;
}

/** `base`, with `layers` over it, lowest first. Problems are added, never thrown; settings are null when there is one. */
export function layeredSettings(
  base: BaseTexts,
  layers: readonly LayerParts[],
  problems: string[],
): { settings: Settings | null; origins: SettingOrigin[] } {
  const before = problems.length;
  const roots = layeredRoots(base, layers, problems);
  const scoring = judged('scoring', roots.scoring, problems);
  const playbook = judged('playbook', roots.playbook, problems);
  const fields = judged('fields', roots.fields, problems);
  const notify = judged('notify', roots.notify, problems);
  if (!scoring || !playbook || !fields || !notify || problems.length > before)
    return { settings: null, origins: [] };
  return {
    settings: settingsOf({ scoring, playbook, fields, notify }, roots.scoring),
    origins: [
      ...originsOf(['scoring'], scoring, roots.scoring),
      ...originsOf(['playbook'], playbook, roots.playbook),
      ...originsOf(['fields'], fields, roots.fields),
      ...originsOf(['notify'], notify, roots.notify),
    ],
  };
}

/** `base`, with `layers` over it, as it is written; nothing is judged but the YAML. */
export function layeredRoots(
  base: BaseTexts,
  layers: readonly LayerParts[],
  problems: string[],
): Readonly<Record<SettingsFileName, Traced>> {
  const lowest = layerOfTexts(base, 'base', problems);
  const shipped = layerOfTexts({ playbook: base.shippedPlaybook }, 'default', problems).playbook;
  const patch = base.patch === null ? [] : [patchLayer(base.patch, problems)];
  const all = [lowest, ...layers, ...patch];
  const rules = shipped && traced(valuesOf(shipped), { layer: shipped, path: [] });
  return {
    scoring: merged('scoring', all, undefined),
    playbook: merged('playbook', all, rules?.kind === 'map' ? rules.entries.get('rules') : undefined),
    fields: merged('fields', all, undefined),
    notify: merged('notify', all, undefined),
  };
}

function patchLayer(text: string, problems: string[]): LayerParts {
  return layerOfPatch(text, { kind: 'env', label: 'SETTINGS_PATCH' }, problems);
}

function settingsOf(
  {
    scoring,
    playbook,
    fields,
    notify,
  }: {
    readonly scoring: z.output<typeof ScoringFile>;
    readonly playbook: z.output<typeof PlaybookFile>;
    readonly fields: z.output<typeof FieldsFile>;
    readonly notify: z.output<typeof NotifyFile>;
  },
  scoringRoot: Traced,
): Settings {
  const { version: _1, ...rules } = scoring;
  const { version: _2, ...notifyRules } = notify;
  const found = new Set<string>();
  currencyCodes(plain(scoringRoot), found);
  return {
    scoring: rules,
    plan: {
      onEdit: { usual: fields.writeBack.onEdit, fields: fields.writeBack.onEditOf },
      materiality: fields.materiality,
      language: fields.language,
      reminders: playbook.reminders,
      outcomes: playbook.outcomes,
      apply: playbook.apply,
      guards: playbook.guards,
      playbook: playbook.rules ?? [],
    },
    mapping: mappingOf(fields.mapping),
    creditCeilingPercent: fields.credits.ceilingPercent,
    retention: fields.retention,
    documentLineCredits: fields.credits.documentLines,
    stageHistoryCredits: fields.credits.stageHistory,
    creditPrices: fields.credits.prices,
    writeBack: fields.writeBack,
    stageHistory: fields.stageHistory,
    notifications: fields.notifications,
    notify: notifyRules,
    moneyCodes: [...found],
    marginIsSet: nodeAt(scoringRoot, ['money', 'defaultMarginPercent']).rest.length === 0,
  };
}

function currencyCodes(value: unknown, found: Set<string>): void {
  if (typeof value === 'string') {
    const code = /^([A-Z]{3})\s*-?\d/.exec(value)?.[1];
    if (code) found.add(code);
  } else if (value !== null && typeof value === 'object') {
    for (const inner of Object.values(value)) currencyCodes(inner, found);
  }
}

/** The settings of the three files of `dir` alone. Problems are added, never thrown. */
export function readSettings(
  dir: string,
  problems: string[],
  shippedDir = dir,
): { settings: Settings | null; origins: SettingOrigin[] } {
  const base = readBaseTexts(dir, problems, { shippedDir, patch: null });
  return problems.length > 0 ? { settings: null, origins: [] } : layeredSettings(base, [], problems);
}

export interface SettingOrigin {
  /** E.g. `scoring.tiers.topPercent`; a rule by its id: `playbook.rules.reply_to_question`. */
  readonly key: string;
  readonly value: unknown;
  /** The layer that has the last word about it. */
  readonly origin: SettingOriginKind;
  /** File and line, or "stored v3"; null: a default. */
  readonly at: string | null;
  /** The comment beside it; null: none. */
  readonly why: string | null;
}

function originsOf(path: readonly string[], value: unknown, root: Traced): SettingOrigin[] {
  const [, ...own] = path;
  if (own.join('.') === 'rules' && Array.isArray(value)) {
    return value.map((rule: { readonly id: string }, index) =>
      originOf([...path, rule.id], rule, root, ['rules', index]),
    );
  }
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => originsOf([...path, key], inner, root));
  }
  return [originOf(path, value, root, own)];
}

function originOf(
  path: readonly string[],
  value: unknown,
  root: Traced,
  own: readonly PropertyKey[],
): SettingOrigin {
  const { node, rest } = nodeAt(root, own);
  const { layer, path: inLayer } = node.place;
  const key = path.join('.');
  if (rest.length > 0 || layer.kind === 'default')
    return { key, value, origin: 'default', at: null, why: null };
  const why = layer.document?.commentOf([...layer.at, ...inLayer]) ?? null;
  return { key, value, origin: layer.kind, at: placeText(node.place), why };
}
