import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { ConfigError } from './errors.ts';

/** CONFIG_DIR/fleet.yaml: in which wave each connection gets what is new. */

const FleetFile = z.strictObject({
  version: z.literal(1),
  /** Names, wave by wave; whoever is named in none comes after the last. */
  waves: z.array(z.array(z.string().min(1)).min(1)).default([]),
});

/** The wave of a connection, counted from 1. Throws ConfigError when the file cannot be used. */
export function readWaves(dir: string): (name: string) => number {
  const path = join(dir, 'fleet.yaml');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return () => 1;
  }
  const parsed = FleetFile.safeParse(parsedYaml(text, path));
  if (!parsed.success) throw new ConfigError(`${path}: ${z.prettifyError(parsed.error)}`);
  const { waves } = parsed.data;
  const twice = waves.flat().find((name, index, all) => all.indexOf(name) !== index);
  if (twice !== undefined) throw new ConfigError(`${path}: ${twice} is in two waves; leave it in one`);
  return (name) => {
    const index = waves.findIndex((wave) => wave.includes(name));
    return index < 0 ? waves.length + 1 : index + 1;
  };
}

function parsedYaml(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new ConfigError(`${path}: is no YAML`, { cause });
  }
}
