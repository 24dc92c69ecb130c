import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/domain.ts';
import type { DoctorDeps } from '../../src/setup/check.ts';
import { checkFields } from '../../src/setup/doctor-org.ts';
import { applyFields, planFields } from '../../src/setup/fields.ts';
import { removeFields } from '../../src/setup/fields-remove.ts';
import { DEFAULT_SCOPES } from '../../src/simulator/scopes.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import type { Switches } from '../../src/simulator/switches.ts';
import type { Cursor } from '../../src/store/store.ts';
import { fetchSections, fillSection } from '../../src/zoho/layouts.ts';
import { fetchFields } from '../../src/zoho/metadata.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

let made: World[] = [];
beforeEach(() => {
  made = [];
});
afterEach(async () => {
  for (const world of made) await world.close();
});

async function anOrg(
  change: {
    seed?: Partial<OrgSeed>;
    edition?: OrgSeed['org']['edition'];
    switches?: Partial<Switches>;
    scopes?: readonly string[];
  } = {},
) {
  const seed = aSeed(change.seed);
  const edition = change.edition ?? 'Enterprise';
  const world = await aWorld({
    seed: { ...seed, org: { ...seed.org, edition } },
    ...(change.switches ? { switches: change.switches } : {}),
    ...(change.scopes ? { scopes: change.scopes } : {}),
  });
  made.push(world);
  const connection = await world.connected();
  const deps = { ...world.deps, basis: 'account', language: 'en' } as const;
  const input = { connection, sets: ['essential'], max: null } as const;
  return { world, connection, deps, input };
}
const labelsOf = async (world: World, connection: Connection, module: string) =>
  (await fetchFields(await world.deps.zohoFor(connection), module))
    .filter((field) => field.custom)
    .map((field) => field.label);
const actions = (fields: readonly { action: string }[]) => fields.map(({ action }) => action);
const CURSOR: Cursor = {
  state: 'following',
  filledAt: null,
  checkpoint: null,
  modifiedAt: new Date('2026-01-01T00:00:00Z'),
  deletedSince: null,
  fillStartedAt: null,
  columnsHash: 'x',
};

describe('applyFields', () => {
  test.each(['label', 'suffixed'] as const)(
    'creates what is planned, learns the API names from Zoho (%s) and then has nothing to do',
    async (fieldNaming) => {
      const { world, connection, deps, input } = await anOrg({
        switches: { fieldNaming, newFieldDelayMs: 1_500 },
      });

      const applied = await applyFields(deps, input);
      const again = await planFields(deps, input);

      expect(applied.fields.filter(({ error }) => error !== null)).toEqual([]);
      expect(await labelsOf(world, connection, 'Accounts')).toHaveLength(10);
      expect(await labelsOf(world, connection, 'Tasks')).toEqual(['CV Ref']);
      const zoho = await deps.zohoFor(connection);
      const known = new Map((await fetchFields(zoho, 'Accounts')).map((field) => [field.id, field.apiName]));
      const mapped = (await deps.store.fieldMap.all(connection.id)).filter(
        ({ module }) => module === 'Accounts',
      );
      expect(mapped.map(({ apiName }) => apiName)).toEqual(mapped.map(({ fieldId }) => known.get(fieldId)));
      expect(new Set(actions(again.fields))).toEqual(new Set(['exists']));
    },
  );

  test('adopts a field of the org, keeps a conflicting one, and reads the adopted module anew', async () => {
    const { connection, deps, input } = await anOrg({
      seed: {
        customFields: {
          Accounts: [
            { label: 'Laatste contact', api_name: 'Laatste_contact', data_type: 'date' },
            { label: 'Last Contact', api_name: 'Old_Contact', data_type: 'text', length: 50 },
            { label: 'Goodwill Budget', api_name: 'Goodwill', data_type: 'integer' },
          ],
        },
      },
    });
    await deps.store.cursors.set(connection.id, 'Accounts', CURSOR);
    await deps.store.cursors.set(connection.id, 'Tasks', CURSOR);

    const { fields } = await applyFields(deps, input);

    expect(fields.find(({ key }) => key === 'last_contact')).toMatchObject({
      action: 'adopt',
      apiName: 'Laatste_contact',
    });
    expect(fields.find(({ key }) => key === 'goodwill_budget')).toMatchObject({
      action: 'conflict',
      label: 'Goodwill Budget (CV)',
      error: null,
    });
    expect(await deps.store.cursors.get(connection.id, 'Accounts')).toBeNull();
    expect(await deps.store.cursors.get(connection.id, 'Tasks')).not.toBeNull();
  });

  test('a Standard org with four fields of its own gets the first six, and the rest is named', async () => {
    const own = [1, 2, 3, 4].map((number) => ({
      label: `Own ${number}`,
      api_name: `Own_${number}`,
      data_type: 'text',
      length: 50,
    }));
    const { world, connection, deps, input } = await anOrg({
      edition: 'Standard',
      seed: { customFields: { Accounts: own } },
    });

    const { fields } = await applyFields(deps, input);
    const accounts = fields.filter(({ module }) => module === 'Accounts');

    expect(actions(accounts)).toEqual([...Array(6).fill('create'), ...Array(4).fill('over_limit')]);
    expect(await labelsOf(world, connection, 'Accounts')).toHaveLength(10);
    expect(fields.find(({ module }) => module === 'Tasks')?.action).toBe('create');
  });

  test('fields that find no room are told once, and their end when as many are wanted as fit', async () => {
    const own = [1, 2, 3, 4].map((number) => ({
      ...{ label: `Own ${number}`, api_name: `Own_${number}`, data_type: 'text', length: 50 },
    }));
    const { world, connection, deps, input } = await anOrg({
      edition: 'Standard',
      seed: { customFields: { Accounts: own } },
    });
    const { alerts, mailing } = deps.store;
    const told = async () => (await mailing.waitingEvents(connection.id)).map(({ type }) => type);

    await applyFields(deps, { ...input, max: 3 });
    const beforeAll = await alerts.open(connection.id);
    await applyFields(deps, input);
    await applyFields(deps, input);
    const open = await alerts.open(connection.id);
    const toldOnce = await told();
    const doctor = await checkFields(
      // All that is asked of the settings.
      { ...world.deps, settings: { basis: 'account' } } as unknown as DoctorDeps,
      connection,
      await deps.zohoFor(connection),
    );
    await applyFields(deps, { ...input, max: 6 });

    expect(beforeAll).toEqual([]);
    expect(open).toMatchObject([{ code: 'fields_full', severity: 'warning', params: { left: 4 } }]);
    expect(open[0]?.message).toContain('Accounts Contact Gap Days');
    expect(toldOnce).toEqual(['alert.opened']);
    expect(doctor[0]?.message).toContain('Accounts has used up the 10 custom fields of the edition');
    expect(await alerts.open(connection.id)).toEqual([]);
    expect(await told()).toEqual(['alert.opened', 'alert.recovered']);
  });

  test('an org that is fuller than its edition tells is filled until Zoho says that it is full', async () => {
    const own = Array.from({ length: 7 }, (_, index) => ({
      label: `Own ${index}`,
      api_name: `Own_${index}`,
      data_type: 'text',
      length: 50,
    }));
    const { world, connection, deps, input } = await anOrg({
      edition: 'Standard',
      seed: { customFields: { Accounts: own } },
    });
    const unknown = { ...connection, org: { ...connection.org, edition: 'Something New' } };

    const { fields } = await applyFields(deps, { ...input, connection: unknown });

    expect(actions(fields.filter(({ module }) => module === 'Accounts'))).toEqual([
      ...Array(3).fill('create'),
      ...Array(7).fill('over_limit'),
    ]);
    expect(await labelsOf(world, connection, 'Accounts')).toHaveLength(10);
  });

  test('a lost answer neither doubles nor loses a field', async () => {
    const { world, connection, deps, input } = await anOrg();
    world.simulator.control.addFaults({
      kind: 'lost-answer',
      match: { method: 'POST', path: '/settings/fields' },
      times: 1,
    });

    const { fields } = await applyFields(deps, input);

    expect(fields.filter(({ error }) => error !== null)).toEqual([]);
    const labels = await labelsOf(world, connection, 'Accounts');
    expect(labels).toHaveLength(10);
    expect(new Set(labels).size).toBe(10);
    const states = (await deps.store.fieldMap.all(connection.id)).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['created']));
  });

  test('a field that was deleted in Zoho is made anew and its module read again', async () => {
    const { world, connection, deps, input } = await anOrg();
    await applyFields(deps, { ...input, max: 1 });
    const [tier] = await deps.store.fieldMap.all(connection.id);
    const zoho = await deps.zohoFor(connection);
    await zoho.request({
      method: 'DELETE',
      path: `/crm/v8/settings/fields/${tier?.fieldId}`,
      query: { module: 'Accounts' },
      credits: 1,
    });
    await deps.store.cursors.set(connection.id, 'Accounts', CURSOR);

    const { fields } = await applyFields(deps, { ...input, max: 1 });

    expect(fields[0]).toMatchObject({ action: 'create', note: expect.stringContaining('removed in Zoho') });
    expect(await deps.store.cursors.get(connection.id, 'Accounts')).toBeNull();
    expect(await labelsOf(world, connection, 'Accounts')).toEqual(['Value Tier']);
  });

  test('the key of our tasks comes along however few fields are wanted', async () => {
    const { deps, input } = await anOrg();

    const { fields } = await planFields(deps, { ...input, max: 0 });

    expect(fields.filter(({ action }) => action === 'create').map(({ label }) => label)).toEqual(['CV Ref']);
  });

  test('a read-only connection gets no fields', async () => {
    const { deps, input, connection } = await anOrg();

    const refused = applyFields(deps, { ...input, connection: { ...connection, mode: 'read-only' } });

    await expect(refused).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('removeFields', () => {
  test('deletes what we made and leaves what was there before us', async () => {
    const { world, connection, deps, input } = await anOrg({
      seed: {
        customFields: { Accounts: [{ label: 'Last Contact', api_name: 'Last_Contact', data_type: 'date' }] },
      },
    });
    await applyFields(deps, input);

    const { fields } = await removeFields(deps, { connection, sets: null });

    expect(actions(fields).filter((action) => action === 'removed')).toHaveLength(10);
    expect(actions(fields).filter((action) => action === 'kept')).toHaveLength(1);
    expect(await labelsOf(world, connection, 'Accounts')).toEqual(['Last Contact']);
    expect(await deps.store.fieldMap.all(connection.id)).toEqual([]);
  });
});

describe('the section of our fields', () => {
  const scopes = [...DEFAULT_SCOPES, 'ZohoCRM.settings.layouts.UPDATE'];
  const sectionsOf = async (world: World, connection: Connection) =>
    (await fetchSections(await world.deps.zohoFor(connection), 'Accounts')).flatMap(({ sections }) =>
      sections.slice(1).map(({ id, label, fieldIds }) => ({ id, label, fields: fieldIds.length })),
    );

  test('is made once in the layout, holds all our fields, and goes with them', async () => {
    const { world, connection, deps, input } = await anOrg({ scopes });

    const first = await applyFields({ ...deps, language: 'nl' }, input);
    const more = await applyFields(deps, { ...input, sets: ['essential', 'full'] });
    const shown = await sectionsOf(world, connection);
    await removeFields(deps, { connection, sets: null });

    expect([...first.sections, ...more.sections].map(({ action, note }) => [action, note])).toEqual([
      ['made', null],
      ['filled', null],
    ]);
    expect(shown).toEqual([{ id: expect.any(String), label: 'Klantwaarde', fields: 20 }]);
    expect(await sectionsOf(world, connection)).toEqual([]);
  });

  test('a field that people moved stays where they put it', async () => {
    const { world, connection, deps, input } = await anOrg({ scopes });
    await applyFields(deps, input);
    const zoho = await deps.zohoFor(connection);
    const [layout] = await fetchSections(zoho, 'Accounts');
    const [general, ours] = layout?.sections ?? [];
    const moved = ours?.fieldIds.slice(0, 1) ?? [];
    const at = { module: 'Accounts', layoutId: layout?.id ?? '' };
    await fillSection(zoho, at, { id: general?.id ?? '', fieldIds: moved });

    const again = await applyFields(deps, input);

    expect(again.sections).toEqual([]);
    expect(await sectionsOf(world, connection)).toMatchObject([{ fields: 9 }]);
  });

  test('without the scope the fields are made all the same, and the repair is told', async () => {
    const { world, connection, deps, input } = await anOrg();

    const { fields, sections } = await applyFields(deps, input);

    expect(fields.filter(({ error }) => error !== null)).toEqual([]);
    expect(sections).toMatchObject([{ action: 'failed', note: expect.stringContaining('layouts.UPDATE') }]);
    expect(await sectionsOf(world, connection)).toEqual([]);
  });
});
