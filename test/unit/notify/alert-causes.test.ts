import { describe, expect, test } from 'vitest';
import type { AlertCode } from '../../../src/alerts.ts';
import {
  type AlertFacts,
  judgeAlerts,
  judgeNightly,
  type NightlyFacts,
} from '../../../src/notify/alert-causes.ts';
import { NotifyFile } from '../../../src/settings-notify.ts';

const rules = NotifyFile.parse({ version: 1 }).alerts;
const NOW = new Date('2026-03-01T10:00:00Z');
const hours = (count: number) => new Date(NOW.getTime() + count * 3_600_000);

/** Nothing is wrong. */
const FINE: AlertFacts = {
  now: NOW,
  connection: { state: 'ready', userId: '1' },
  users: [{ id: '1', name: 'Ann Ash', active: true }],
  runs: { lastGoodAt: hours(-1), missed: 0 },
  channelEndsAt: hours(48),
  credits: { spent: 10, ceiling: 1_000, forecast: 100, parkedUntil: null },
  lastApply: { run: '4', written: 100, rejected: {} },
  drifted: [],
  withheld: 0,
  editedFields: 0,
  migrations: [],
  backup: { at: hours(-10), failed: null },
};
const QUIET: NightlyFacts = {
  money: { all: 1_000, unmatched: 0 },
  times: { since: '2026-02-01', before: { timed: 20 }, after: { all: 20, timed: 5 } },
  backtest: { isBetter: true, model: 1, simple: 2 },
};
const credits = { spent: 10, ceiling: 1_000, forecast: 100, parkedUntil: null };

function stateOf(code: AlertCode, facts: Partial<AlertFacts>, nightly: Partial<NightlyFacts> = {}) {
  const verdicts = [
    ...judgeAlerts({ ...FINE, ...facts }, rules),
    ...judgeNightly({ ...QUIET, ...nightly }, rules),
  ];
  const found = verdicts.filter((verdict) => verdict.code === code);
  expect(found).toHaveLength(1);
  return found[0];
}

describe('what is worth an alert', () => {
  test('nothing, where nothing is wrong', () => {
    const verdicts = [...judgeAlerts(FINE, rules), ...judgeNightly(QUIET, rules)];
    expect(verdicts.filter(({ state }) => state !== 'good')).toEqual([]);
  });

  test.each<[AlertCode, string, Partial<AlertFacts>]>([
    ['connection_lost', 'critical', { connection: { state: 'reconnect_needed', userId: '1' } }],
    ['owner_left', 'critical', { users: [{ id: '1', name: 'Ann Ash', active: false }] }],
    ['no_good_run', 'critical', { runs: { lastGoodAt: hours(-9), missed: 2 } }],
    ['channel_expiring', 'warning', { channelEndsAt: hours(5) }],
    ['channel_expiring', 'critical', { channelEndsAt: hours(-1) }],
    ['credits_low', 'warning', { credits: { ...credits, spent: 900 } }],
    ['credits_low', 'warning', { credits: { ...credits, spent: 500, forecast: 1_001 } }],
    ['credits_low', 'warning', { credits: { ...credits, parkedUntil: hours(1) } }],
    ['writes_refused', 'warning', { lastApply: { run: '4', written: 95, rejected: { INVALID_DATA: 5 } } }],
    ['schema_drift', 'warning', { drifted: ['Deals.amount'] }],
    ['currency_rate_missing', 'warning', { withheld: 1 }],
    ['fields_edited', 'info', { editedFields: 1 }],
    ['update_pending', 'info', { migrations: ['0040'] }],
    ['backup_missing', 'warning', { backup: { at: hours(-51), failed: null } }],
    ['backup_missing', 'warning', { backup: { at: hours(-10), failed: 'the disk is full' } }],
  ])('%s (%s), and no other for it', (code, severity, facts) => {
    expect(stateOf(code, facts)).toMatchObject({ state: 'bad', severity });
    const others = judgeAlerts({ ...FINE, ...facts }, rules).filter((verdict) => verdict.code !== code);
    expect(others.filter(({ state }) => state === 'bad')).toEqual([]);
  });

  test.each<[AlertCode, Partial<NightlyFacts>]>([
    ['unmatched_money', { money: { all: 1_000, unmatched: 100 } }],
    [
      'time_data_stopped',
      { times: { since: '2026-02-01', before: { timed: 10 }, after: { all: 10, timed: 0 } } },
    ],
    ['model_worse', { backtest: { isBetter: false, model: 2, simple: 1 } }],
  ])('%s, by night', (code, nightly) => {
    expect(stateOf(code, {}, nightly)).toMatchObject({ state: 'bad' });
  });

  test.each<[AlertCode, Partial<AlertFacts>, Partial<NightlyFacts>]>([
    ['no_good_run', { runs: { lastGoodAt: hours(-3), missed: 1 } }, {}],
    ['no_good_run', { runs: null }, {}],
    ['owner_left', { users: [] }, {}],
    ['credits_low', { credits: { ...credits, spent: 800 } }, {}],
    ['credits_low', { credits: null }, {}],
    ['writes_refused', { lastApply: { run: '4', written: 10, rejected: { INVALID_DATA: 5 } } }, {}],
    ['writes_refused', { lastApply: { run: '4', written: 955, rejected: { INVALID_DATA: 45 } } }, {}],
    ['unmatched_money', {}, { money: { all: 1_000, unmatched: 90 } }],
    [
      'time_data_stopped',
      {},
      { times: { since: '2026-02-01', before: { timed: 9 }, after: { all: 10, timed: 0 } } },
    ],
    ['model_worse', {}, { backtest: null }],
  ])('%s stays as it is where the facts tell too little: %j %j', (code, facts, nightly) => {
    expect(stateOf(code, facts, nightly)).toMatchObject({ state: 'unclear' });
  });

  test('a busy hour early in the day is no shortage of credits', () => {
    expect(stateOf('credits_low', { credits: { ...credits, spent: 100, forecast: 2_400 } })?.state).toBe(
      'good',
    );
  });
});
