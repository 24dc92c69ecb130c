import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ENVIRONMENT_VARIABLES, readConfig } from '../../src/config.ts';
import { ConfigError } from '../../src/errors.ts';
import { settingsJsonSchemas } from '../../src/settings.ts';

const folders: string[] = [];
function aFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'zcv-config-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function problemsOf(env: NodeJS.ProcessEnv): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message; // the line above proves it
  }
  throw new Error('the configuration was accepted');
}

test('every problem of environment and files is listed at once', () => {
  const dir = aFolder({
    'scoring.yaml': 'version: 1\ntiers:\n  topPercnt: 25\n  goldPercent: 130\n',
    'playbook.yaml': 'version: 1\nreminders: [oops',
  });

  const text = problemsOf({ CONFIG_DIR: dir, PORT: '99999', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' });

  expect(text).toContain('unknown key tiers.topPercnt; did you mean topPercent?');
  expect(text).toContain('tiers.goldPercent');
  expect(text).toContain('playbook.yaml');
  for (const name of ['PORT', 'DATABASE_URL', 'LOG_LEVEL']) expect(text).toContain(name);
});

test('a secret may come from a file, but not twice', () => {
  const dir = aFolder({ secret: 'from-file\n' });
  const path = join(dir, 'secret');

  expect(readConfig({ ZOHO_CLIENT_SECRET_FILE: path }).zoho.clientSecret).toBe('from-file');
  expect(readConfig({ ZOHO_CLIENT_SECRET_EU_FILE: path }).zoho.secretByLocation).toEqual({ eu: 'from-file' });
  expect(problemsOf({ ZOHO_CLIENT_SECRET: 'x', ZOHO_CLIENT_SECRET_FILE: path })).toContain('not both');
  expect(problemsOf({ ENCRYPTION_KEYS_FILE: join(dir, 'none') })).toContain('cannot read');
});

test('PostgreSQL needs its keys, and notifications need https outside this machine', () => {
  expect(problemsOf({ DATABASE_URL: 'postgres://db/zcv' })).toContain('ENCRYPTION_KEYS: required');
  expect(problemsOf({ PUBLIC_URL: 'http://crm.example.test' })).toContain('https only');
  expect(readConfig({ PUBLIC_URL: 'http://127.0.0.1:3000/' }).server.publicUrl).toBe('http://127.0.0.1:3000');
});

test('spans and money take units, and units of the wrong kind are refused', () => {
  const dir = aFolder({
    'scoring.yaml':
      'version: 1\ncontactDays: {top: 21d, good: 60, marginal: 120, loss_making: 180, none: null}\n'.concat(
        'money: {unitCosts: {perHour: EUR 45/h, perCall: 2.5}}\n',
      ),
  });

  const { settings } = readConfig({ CONFIG_DIR: dir });

  expect(settings.scoring.contactDays).toMatchObject({ top: 21, good: 60, none: null });
  expect(settings.scoring.money.unitCosts).toMatchObject({ perHour: 4500, perCall: 250 });
  expect(settings.moneyCodes).toEqual(['EUR']);
  expect(settings.marginIsSet).toBe(false);
  writeFileSync(join(dir, 'scoring.yaml'), 'version: 1\nphases: {newDays: 3mo}\n');
  expect(problemsOf({ CONFIG_DIR: dir })).toContain('give it in days');
});

test('the shipped files hold the defaults of the code', () => {
  const shipped = readConfig({ CONFIG_DIR: 'config' }).settings;
  const bare = readConfig({ CONFIG_DIR: aFolder({}) }).settings;

  expect(shipped).toEqual(bare);
});

test('.env.example names every variable of the schema and no other', () => {
  const named = [...readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);

  expect(named.sort()).toEqual([...ENVIRONMENT_VARIABLES].sort());
});

test('the JSON Schemas beside the config files are those of the code', () => {
  for (const [name, schema] of Object.entries(settingsJsonSchemas())) {
    expect(JSON.parse(readFileSync(`config/${name}.schema.json`, 'utf8')), name).toEqual(
      JSON.parse(JSON.stringify(schema)),
    );
  }
});
