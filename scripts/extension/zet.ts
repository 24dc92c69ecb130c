// Zoho's own packer as a second opinion. It reads no manifest and passes much, so it proves nothing alone.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ZetRun {
  readonly code: number | null;
  readonly output: string;
  readonly zip: string | null;
}
export type Zet =
  | { readonly is: 'absent'; readonly why: string }
  | { readonly is: 'ran'; readonly validate: ZetRun; readonly pack: ZetRun; readonly remove: () => void };

function entryOf(): string | null {
  const require = createRequire(import.meta.url);
  try {
    const manifest: { bin: { zet: string } } = require('zoho-extension-toolkit/package.json');
    return require.resolve(`zoho-extension-toolkit/${manifest.bin.zet}`);
  } catch {
    return null;
  }
}

/** In a copy: it writes dist/ beside app/. */
export function tryZet(project: string): Zet {
  const entry = entryOf();
  if (entry === null)
    return { is: 'absent', why: 'zoho-extension-toolkit is not installed; `npm ci` brings it' };
  const copy = mkdtempSync(join(tmpdir(), 'zcv-zet-'));
  const remove = () => rmSync(copy, { recursive: true, force: true });
  cpSync(join(project, 'app'), join(copy, 'app'), { recursive: true });
  cpSync(join(project, 'plugin-manifest.json'), join(copy, 'plugin-manifest.json'));
  const run = (command: string): ZetRun => {
    // It would ask the registry for a newer version of itself, and keep notes in the home folder.
    const env = { ...process.env, NO_UPDATE_NOTIFIER: '1', CI: '1', XDG_CONFIG_HOME: copy, HOME: copy };
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, command], {
      cwd: copy,
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    const zip = join(copy, 'dist', `${copy.split('/').at(-1)}.zip`);
    return { code: status, output: `${stdout}${stderr}`.trim(), zip: existsSync(zip) ? zip : null };
  };
  return { is: 'ran', validate: run('validate'), pack: run('pack'), remove };
}
