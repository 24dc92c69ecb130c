import { MappingFile, mappingOf } from '../../src/mapping-file.ts';
import type { Mapping } from '../../src/rules.ts';

/** The mapping of a fields.yaml that says only this. */
export function aMapping(file: Record<string, Record<string, unknown>> = {}): Mapping {
  return mappingOf(MappingFile.parse(file));
}
