import { readFileSync } from 'node:fs';

/** From src/ as from dist/, the package's own description lies beside the code. */
export function packageVersion(): string {
  const file = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version; // our own package.json
}
