import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { addDays, dayFromNumber, dayNumber } from '../../src/days.ts';
import type { Connection, CustomerKey } from '../../src/domain.ts';
import { fitInUse, refitModels } from '../../src/jobs/fit-models.ts';
import type { LineDeps } from '../../src/jobs/line.ts';
import { rescoreSome, runScoring } from '../../src/jobs/run-scoring.ts';
import type { Settings } from '../../src/rules.ts';
import type { Score } from '../../src/scores.ts';
import { readSettings } from '../../src/settings.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { aFit } from '../unit/scoring/builders.ts';
import { simulate } from '../unit/scoring/models/simulate.ts';
import { AT, aDeal, anAccount, collect, connected, hashed } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const ASOF = '2026-02-28';
const DAYS = 900;
const SEED = 7;

function settingsWith(models: Partial<Settings['scoring']['models']> = {}): Settings {
  const { settings } = readSettings('test/no-such-folder', []);
  if (!settings) throw new Error('the defaults of the settings cannot be read');
  const { scoring } = settings;
  return { ...settings, scoring: { ...scoring, models: { ...scoring.models, ...models } } };
}

/** Customers who buy about every three weeks, and of whom one in six leaves after a purchase. */
async function fill(
  store: Store,
  connection: string,
  { customers = 400, contracts = 0 }: { customers?: number | undefined; contracts?: number | undefined },
): Promise<void> {
  const drawn = simulate({
    customers,
    r: 1.2,
    alpha: 25,
    dropout: { a: 0.8, b: 4 },
    stages: 1,
    entryDays: 500,
    until: DAYS,
    seed: SEED,
  });
  const start = dayNumber(ASOF) - DAYS;
  const idOf = (kind: number, number: number) => `4876876${kind}${String(number).padStart(10, '0')}`;
  const accounts = drawn.map((_, index) =>
    anAccount({
      id: idOf(1, index),
      name: `Customer ${index}`,
      terms: index < contracts ? { contractEnd: '2027-12-31' } : {},
    }),
  );
  let deals = 0;
  const orders = drawn.flatMap(({ days, amounts }, index) =>
    days.map((day, at) =>
      aDeal({
        id: idOf(3, deals++),
        accountId: idOf(1, index),
        amount: (amounts[at] ?? 1).toFixed(2),
        cost: null,
        closingDay: dayFromNumber(start + day),
        wonSeenOn: ASOF,
        wonAtFirstSync: true,
      }),
    ),
  );
  await store.stages.learn(connection, [{ pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' }]);
  await store.records.save(connection, 'Accounts', accounts.map(hashed), null);
  await store.records.save(connection, 'Deals', orders.map(hashed), null);
}

describeOnBoth('the purchase model of a connection', (database) => {
  async function setUp(
    options: { customers?: number; contracts?: number; models?: Partial<Settings['scoring']['models']> } = {},
  ) {
    const store = createStore(await database.open(), keys);
    const id = await connected(store);
    await fill(store, id, options);
    const connection = (await store.connections.byId(id)) as Connection; // just made
    const unused = () => {
      throw new Error('Zoho is not to be asked');
    };
    const deps: LineDeps = {
      store,
      zohoFor: unused,
      creditsLeft: unused,
      clock: { now: () => AT, random: () => 0, sleep: async () => undefined },
      log: pino({ level: 'silent' }),
      settings: settingsWith(options.models),
      holder: 'test',
      isHolderGone: () => false,
    };
    const scores = async (): Promise<Score[]> => collect(store.scores.inKeyOrder(id, 100));
    const fits = async () => (await store.baselines.latest(id))?.fit?.id;
    return { store, connection, deps, scores, fits };
  }

  test('a full scoring fits where no fit is in use; the next days use the same one', async () => {
    const { connection, deps, scores, fits } = await setUp();

    const first = await runScoring(deps, { connection, asOf: ASOF });
    const fit = await fits();
    await runScoring(deps, { connection, asOf: addDays(ASOF, 7) });
    const later = await fits();
    await runScoring(deps, { connection, asOf: addDays(ASOF, 8) });
    const afterAWeek = await fits();

    expect(first.model).toEqual({ name: 'MBG/NBD', status: 'ok', testErrorPercent: expect.any(Number) });
    expect(later).toBe(fit);
    expect(afterAWeek).not.toBe(fit);
    const all = await scores();
    expect(all).toHaveLength(400);
    for (const { churnRiskPercent: risk, expectedProfit12, model } of all) {
      expect(risk).toBeGreaterThan(0);
      expect(risk).toBeLessThanOrEqual(100);
      expect(Number.isSafeInteger(expectedProfit12)).toBe(true);
      expect(model.fitId).toBe(afterAWeek);
    }
  });

  test('other rules, many other customers, or an earlier date need another fit', async () => {
    const { connection, deps, store, fits } = await setUp();
    await runScoring(deps, { connection, asOf: ASOF });
    const fit = await fits();
    const buyers = (await store.baselines.latest(connection.id))?.buyers ?? 0;

    const inUse = (settings: Settings, asOf = ASOF, of = buyers) =>
      fitInUse({ ...deps, settings }, connection, { asOf, buyers: of });

    expect((await inUse(deps.settings))?.id).toBe(fit);
    expect(await inUse(settingsWith({ minBuyers: 100 }))).toBeNull();
    expect(await inUse(deps.settings, ASOF, buyers * 2)).toBeNull();
    // A fit knows what happened up to its date: an earlier analysis must not.
    expect(await inUse(deps.settings, addDays(ASOF, -1))).toBeNull();
  });

  test('one customer rescored with the same baseline is scored as in the full scoring', async () => {
    const { connection, deps, scores } = await setUp();
    await runScoring(deps, { connection, asOf: ASOF });
    const before = await scores();

    const some: CustomerKey[] = before.filter((_, index) => index % 40 === 0).map(({ key }) => key);
    const summary = await rescoreSome(deps, { connection, asOf: ASOF, keys: some, leads: [] });

    expect(await scores()).toEqual(before);
    expect(summary.model).toMatchObject({ name: 'MBG/NBD', status: 'ok' });
  });

  test('the weekly job fits anew and leaves the scores alone; before the first scoring it has nothing to do', async () => {
    const { connection, deps, scores } = await setUp();
    expect(await refitModels(deps, connection)).toBeNull();
    await runScoring(deps, { connection, asOf: ASOF });
    const before = await scores();

    const fit = await refitModels(deps, connection);

    expect(fit).toMatchObject({ status: 'ok', model: 'MBG/NBD', asOf: '2026-03-01' });
    expect(await scores()).toEqual(before);
    await runScoring(deps, { connection, asOf: '2026-03-01' });
    expect((await scores())[0]?.model.fitId).toBe(fit?.id);
  });

  test('too few customers: status, empty fields and the reason, and no failure', async () => {
    const { connection, deps, scores } = await setUp({ customers: 60 });

    const summary = await runScoring(deps, { connection, asOf: ASOF });

    expect(summary.model).toMatchObject({ name: null, status: 'not enough data' });
    expect(summary.unfilled.churn_risk).toEqual({ model_not_enough_data: 60 });
    expect((await scores()).every(({ expectedProfit12 }) => expectedProfit12 === null)).toBe(true);
  });

  test('who is under contract teaches the model nothing, and it stays in use all the same', async () => {
    const { store, connection, deps, scores } = await setUp({ contracts: 150 });

    const summary = await runScoring(deps, { connection, asOf: ASOF });
    const fit = (await store.baselines.latest(connection.id))?.fit;
    await runScoring(deps, { connection, asOf: addDays(ASOF, 1) });

    expect(fit?.data.buyers).toBe(250);
    expect(summary.unfilled.churn_risk?.under_contract).toBe(150);
    expect((await store.baselines.latest(connection.id))?.fit?.id).toBe(fit?.id);
    expect((await scores()).every(({ expectedProfit12 }) => expectedProfit12 !== null)).toBe(true);
  });

  test('an org without customers is scored', async () => {
    const { connection, deps } = await setUp({ customers: 0 });

    const summary = await runScoring(deps, { connection, asOf: ASOF });

    expect(summary).toMatchObject({ customers: 0, model: { name: null, status: 'not enough data' } });
  });

  test('a stored fit comes back as it was; the newest 80 are kept', async () => {
    const { store, connection } = await setUp({ customers: 0 });
    const save = (number: number) =>
      store.modelFits.save(connection.id, aFit({ id: `fit-${String(number).padStart(3, '0')}` }), {
        madeFor: 'rules',
        at: new Date(AT.getTime() + number * 1000),
      });

    for (let number = 1; number <= 82; number++) await save(number);

    const wanted = { asOf: '2026-11-22', after: '2026-11-15', madeFor: 'rules' };
    expect(await store.modelFits.latest(connection.id, wanted)).toEqual(aFit({ id: 'fit-082' }));
    expect(await store.modelFits.latest(connection.id, { ...wanted, madeFor: 'others' })).toBeNull();
    expect(await store.modelFits.latest(connection.id, { ...wanted, after: '2026-11-22' })).toBeNull();
    await expect(save(82)).rejects.toThrow();
    await save(2);
  });

  test('fits go with their connection', async () => {
    const { store, connection } = await setUp({ customers: 0 });
    await store.modelFits.save(connection.id, aFit(), { madeFor: 'rules', at: AT });

    await store.connections.remove(connection.id);

    const wanted = { asOf: '2026-11-22', after: '2026-11-15', madeFor: 'rules' };
    expect(await store.modelFits.latest(connection.id, wanted)).toBeNull();
  });
});
