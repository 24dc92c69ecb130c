import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { ConnectionSettings } from '../../src/connection-settings.ts';

/** Base files, overlay files, what is stored, and the environment: who has the last word, and how problems are told. */

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Files = Record<string, string>;
function put(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function setUp(files: Files, input: { stored?: string; env?: NodeJS.ProcessEnv } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'zcv-layers-'));
  folders.push(folder);
  put(folder, files);
  const config = readConfig({ CONFIG_DIR: folder, ...input.env });
  const stored = new Map<string, { version: number; document: string }>();
  if (input.stored !== undefined) stored.set('acme', { version: 3, document: input.stored });
  const rest = {
    state: 'published',
    note: null,
    who: 'a',
    at: new Date(0),
    baseHash: '',
    basedOn: 0,
  } as const;
  const settings = new ConnectionSettings(
    {
      current: async (id) => {
        const version = stored.get(id);
        return version ? { ...rest, ...version } : null;
      },
    },
    { dir: config.configDir, base: config.base },
  );
  const of = (name: string) => settings.of({ id: name, name });
  return { folder, settings, stored, of, config };
}
const BASE = { 'scoring.yaml': 'version: 1\ntiers:\n  topPercent: 25\n  goldPercent: 12\n' };

async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the settings were accepted');
}

describe('layers of settings', () => {
  test('the environment outdoes what is stored, that the overlay file, that the base, and that the default', async () => {
    const world = setUp(
      {
        ...BASE,
        'connections/acme/scoring.yaml':
          'tiers:\n  # they sell to few\n  goldPercent: 5\n  bufferPercent: 4\n  lossTolerance: 2\n',
      },
      {
        stored: 'scoring: {tiers: {bufferPercent: 3, lossTolerance: 3}}',
        env: { SETTINGS_PATCH: '{scoring: {tiers: {lossTolerance: 9}}}' },
      },
    );

    const { settings, origins } = await world.of('acme');

    expect(settings.scoring.tiers).toMatchObject({
      ...{ topPercent: 25, goldPercent: 5, bufferPercent: 3, lossTolerance: 900, minPopulation: 20 },
    });
    const origin = (key: string) => origins.find((one) => one.key === `scoring.tiers.${key}`);
    expect(origin('minPopulation')).toMatchObject({ origin: 'default', at: null });
    expect(origin('topPercent')).toMatchObject({ origin: 'base', at: join(world.folder, 'scoring.yaml:3') });
    expect(origin('goldPercent')).toMatchObject({
      origin: 'overlay',
      at: join(world.folder, 'connections/acme/scoring.yaml:3'),
      why: 'they sell to few',
    });
    expect(origin('bufferPercent')).toMatchObject({ origin: 'stored', at: 'stored v3:1' });
    expect(origin('lossTolerance')).toMatchObject({ origin: 'env', at: 'SETTINGS_PATCH:1' });
    expect((await world.of('other')).settings.scoring.tiers).toMatchObject({ goldPercent: 12 });
  });

  test('null goes back to the default; where null is a value it is one, and !default goes back there', async () => {
    const world = setUp({
      'scoring.yaml':
        'version: 1\ntiers: {topPercent: 25, goldPercent: 12}\ncontactDays: {top: 20, good: 40, marginal: 60, loss_making: 90, none: 90}\n',
      'connections/acme/scoring.yaml': 'tiers: null\ncontactDays: {marginal: null}\n',
      'connections/beta/scoring.yaml': 'tiers: {topPercent: null}\ncontactDays: !default\n',
    });

    const [acme, beta] = [await world.of('acme'), await world.of('beta')];

    expect(acme.settings.scoring.tiers).toMatchObject({ topPercent: 20, goldPercent: 10 });
    expect(acme.settings.scoring.contactDays).toMatchObject({ top: 20, marginal: null });
    expect(beta.settings.scoring.tiers).toMatchObject({ topPercent: 20, goldPercent: 12 });
    expect(beta.settings.scoring.contactDays).toMatchObject({ top: 30, marginal: 120, none: null });
  });

  test('one value of a table that has only a whole default may be changed', async () => {
    const world = setUp({ 'connections/acme/scoring.yaml': 'contactDays: {top: 14d}\n' });

    const { settings } = await world.of('acme');

    expect(settings.scoring.contactDays).toEqual({
      ...{ top: 14, good: 60, marginal: 120, loss_making: 180, none: null },
    });
  });

  test('lists are replaced, but a rule changes the one with its id or is added at the end', async () => {
    const world = setUp({
      'connections/acme/playbook.yaml':
        'rules:\n  - {id: win_back, enabled: false}\n  - id: own_rule\n    when: {tier: [top]}\n    task: {subject: Call, body: Call them}\n',
      'connections/acme/scoring.yaml': 'leads: {closedStatuses: [dead]}\n',
    });

    const { settings, origins } = await world.of('acme');
    const shipped = world.config.settings.plan.playbook;

    expect(settings.plan.playbook.map(({ id }) => id)).toEqual([...shipped.map(({ id }) => id), 'own_rule']);
    const changed = shipped.map((rule) => (rule.id === 'win_back' ? { ...rule, enabled: false } : rule));
    expect(settings.plan.playbook.slice(0, -1)).toEqual(changed);
    expect(settings.scoring.leads.closedStatuses).toEqual(['dead']);
    const from = (id: string) => origins.find(({ key }) => key === `playbook.rules.${id}`)?.origin;
    expect([from('win_back'), from('own_rule')]).toEqual(['overlay', 'overlay']);
    expect(from(shipped[0]?.id ?? '')).toBe(shipped[0]?.id === 'win_back' ? 'overlay' : 'default');
  });

  test('an unknown key is named with file, line and what was meant; one broken overlay stops no other', async () => {
    const world = setUp(
      {
        ...BASE,
        'connections/bad/scoring.yaml': 'tiers:\n  bufferPercent: 3\n  topPercnt: 3\n',
        'connections/bad/scorin.yaml': '{}',
        'connections/torn/fields.yaml': 'language: [nl\n',
        'connections/wrong/playbook.yaml': 'rules:\n  - {id: win_back, enabld: true}\n',
      },
      { stored: 'scorng: {}\nfields: {language: de}' },
    );

    const bad = await problemOf(world.of('bad'));
    expect(bad).toContain(
      `${world.folder}/connections/bad/scoring.yaml:3: unknown key tiers.topPercnt; did you mean topPercent?`,
    );
    expect(bad).toContain('scorin.yaml: unknown file; did you mean scoring.yaml?');
    expect(await problemOf(world.of('torn'))).toContain('connections/torn/fields.yaml:2:');
    expect(await problemOf(world.of('wrong'))).toContain(
      'connections/wrong/playbook.yaml:2: unknown key rules.0.enabld; did you mean enabled?',
    );
    const acme = await problemOf(world.of('acme'));
    expect(acme).toContain('stored v3:1: unknown part scorng; did you mean scoring?');
    expect(acme).toContain('stored v3:2: fields.language');
    expect((await world.of('fine')).settings.scoring.tiers.topPercent).toBe(25);
  });

  test('what is stored holds at the next use, a file only after it was read anew', async () => {
    const world = setUp({ ...BASE, 'connections/acme/scoring.yaml': 'tiers: {goldPercent: 5}\n' });
    const gold = async () => (await world.of('acme')).settings.scoring.tiers.goldPercent;
    expect(await gold()).toBe(5);

    world.stored.set('acme', { version: 1, document: 'scoring: {tiers: {goldPercent: 7}}' });
    expect(await gold()).toBe(7);

    put(world.folder, { 'connections/acme/scoring.yaml': 'tiers: {goldPercent: 6, topPercent: 30}\n' });
    const top = async () => (await world.of('acme')).settings.scoring.tiers.topPercent;
    expect(await top()).toBe(25);
    world.settings.reload(readConfig({ CONFIG_DIR: world.folder }).base);
    expect([await gold(), await top()]).toEqual([7, 30]);
  });

  test('connections without layers of their own share one object', async () => {
    const world = setUp(BASE);

    expect(await world.of('a')).toBe(await world.of('b'));
  });
});
