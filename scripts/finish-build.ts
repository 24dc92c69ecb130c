// The compiler does not keep the executable bit, and npx starts the file directly.
import { chmodSync } from 'node:fs';

chmodSync(new URL('../dist/cli.js', import.meta.url), 0o755);
