// Writes the JSON Schemas beside the config files. A test fails while they differ from the code.
import { writeFileSync } from 'node:fs';
import { settingsJsonSchemas } from '../src/settings.ts';

for (const [name, schema] of Object.entries(settingsJsonSchemas())) {
  writeFileSync(
    new URL(`../config/${name}.schema.json`, import.meta.url),
    `${JSON.stringify(schema, null, 2)}\n`,
  );
}
