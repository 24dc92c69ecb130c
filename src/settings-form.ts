import type { z } from 'zod';
import {
  type BaseTexts,
  FILES,
  jsonSchema,
  type LayerParts,
  layeredRoots,
  layerOfPatch,
  SETTINGS_FILES,
  type SettingsFileName,
} from './settings.ts';
import { type SettingSpec, settingSpecs, type WrittenSetting, writtenSetting } from './settings-described.ts';
import { parseSettingsDocument } from './settings-document.ts';
import { plain } from './settings-merge.ts';
import { didYouMean } from './settings-near.ts';
import { type SettingProblem, settingProblems } from './settings-problems.ts';

/** What a form of settings shows: every value there is, what the layers say of it, and what is wrong. */

type Layers = readonly LayerParts[];
export interface SettingField extends SettingSpec {
  /** In the order of the views that were asked for. */
  readonly written: readonly WrittenSetting[];
}

/** Every value of some files, as several stacks of layers have it. Broken YAML says nothing here. */
export function settingFields(
  base: BaseTexts,
  files: readonly SettingsFileName[],
  views: readonly Layers[],
): SettingField[] {
  const roots = views.map((layers) => layeredRoots(base, layers, []));
  return files.flatMap((file) => {
    const schema = jsonSchema(FILES[file]);
    return settingSpecs(file, schema).map((spec) => ({
      ...spec,
      written: roots.map((root) => writtenSetting(root[file], schema, spec)),
    }));
  });
}

/**
 * What is wrong with a document over the layers beneath it, by the lines of its own text. `wording` words what no code
 * says, in the language of who asks.
 */
export function documentProblems(
  base: BaseTexts,
  { beneath, document, label }: { beneath: Layers; document: string; label: string },
  wording: z.core.$ZodErrorMap,
): SettingProblem[] {
  const parsed = parseSettingsDocument(document);
  if ('problems' in parsed) return parsed.problems.map((text) => ofYaml(label, text));
  const { values, lineOf } = parsed.document;
  const at = { layer: label, line: null };
  if (values === null || typeof values !== 'object' || Array.isArray(values)) {
    const parts = SETTINGS_FILES.join(', ');
    return [{ ...at, key: null, code: 'part', params: { parts }, message: `give a map with ${parts}` }];
  }
  const unknown = Object.keys(values).flatMap((key): SettingProblem[] => {
    if (SETTINGS_FILES.some((file) => file === key)) return [];
    const near = didYouMean(key, SETTINGS_FILES);
    const params = { name: key, near: SETTINGS_FILES.find((file) => near.includes(file)) ?? '' };
    const message = `unknown part${near}`;
    return [{ ...at, key, line: lineOf([key]), code: 'unknown_key', params, message }];
  });
  const own = layerOfPatch(document, { kind: 'stored', label }, []);
  const roots = layeredRoots(base, [...beneath, own], []);
  const judged = SETTINGS_FILES.flatMap((file) => {
    const schema: z.ZodType = FILES[file];
    const { error } = schema.safeParse(plain(roots[file]), { error: wording });
    return error ? settingProblems(file, roots[file], jsonSchema(schema), error) : [];
  });
  const all = [...unknown, ...judged.map(({ text: _, ...problem }) => problem)];
  return all.toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0));
}

/** The parser words it with the line before it. */
function ofYaml(layer: string, text: string): SettingProblem {
  const [, line = '', message = text] = /^(\d+): (.*)$/s.exec(text) ?? [];
  const known = line === '' ? null : Number(line);
  return { layer, line: known, key: null, code: 'yaml', params: { message }, message };
}
