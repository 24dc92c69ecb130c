import { parseArgs } from 'node:util';
import type { ModelFit } from '../../src/scores.ts';
import { fitPurchases } from '../../src/scoring/models/fit.ts';
import { type FitData, FitDataBuilder, spanOf } from '../../src/scoring/models/fit-data.ts';
import { fitGammaGamma } from '../../src/scoring/models/gamma-gamma.ts';
import { fitLadder } from '../../src/scoring/models/ladder.ts';
import { mbgNbd } from '../../src/scoring/models/mbg-nbd.ts';
import { outlookOf } from '../../src/scoring/models/outlook.ts';
import { readSettings } from '../../src/settings.ts';
import { simulate } from '../../test/unit/scoring/models/simulate.ts';

/**
 * Models: time to collect, to fit, to score and to run the whole ladder with its backtest, at growing numbers of customers
 * that were drawn from MBG/NBD over five years, with the growth against the step before and the largest memory so far.
 * Run: node scripts/bench/scoring.ts [--customers 1000,10000,100000,1000000] [--seed 1]
 */
const { values: options } = parseArgs({
  options: {
    customers: { type: 'string', default: '1000,10000,100000,1000000' },
    seed: { type: 'string', default: '1' },
  },
});
const SIZES = options.customers.split(',').map(Number);
const SEED = Number(options.seed);
const DAYS = 1826;
const CHUNK = 10_000;

const settings = readSettings('config', []).settings;
if (!settings) throw new Error('config/ cannot be read; run this from the root of the repository');
const rules = settings.scoring.models;

/** Wall time, and beside it the processor's: on a machine that others use too, only the latter says what the work costs. */
function timed<T>(work: () => T): { ms: number; cpuMs: number; result: T } {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { ms: performance.now() - startedAt, cpuMs: (user + system) / 1000, result };
}

/** In chunks, as the line hands customers over: what is drawn is not kept. Only the collecting is timed. */
function collect(customers: number): { ms: number; cpuMs: number; data: FitData } {
  const builder = new FitDataBuilder(spanOf({ first: 0, until: DAYS }, rules));
  const sum = { ms: 0, cpuMs: 0 };
  for (let from = 0; from < customers; from += CHUNK) {
    const drawn = simulate({
      customers: Math.min(CHUNK, customers - from),
      r: 0.8,
      alpha: 150,
      dropout: { a: 0.7, b: 3 },
      stages: 1,
      entryDays: DAYS,
      until: DAYS,
      seed: SEED + from,
    });
    const { ms, cpuMs } = timed(() => {
      for (const one of drawn) builder.add(one);
    });
    sum.ms += ms;
    sum.cpuMs += cpuMs;
  }
  return { ...sum, data: builder.finish() };
}

function runLadder(data: FitData): ModelFit {
  const steps = fitLadder({ id: 'bench', asOf: '2026-11-24', data, medianGapDays: 60, rules });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function scoreAll({ now }: FitData, fit: ModelFit): number {
  let purchases = 0;
  for (let i = 0; i < now.repeats.length; i++) {
    const repeats = now.repeats[i] ?? 0;
    const history = {
      repeats,
      recencyDays: now.recencyDays[i] ?? 0,
      ageDays: now.ageDays[i] ?? 0,
      logGaps: 0,
    };
    const outlook = outlookOf(
      fit,
      history,
      { mean: repeats > 0 ? (now.value[i] ?? 0) : null, segment: '' },
      rules,
    );
    purchases += outlook?.purchases12 ?? 0;
  }
  return purchases;
}

const COLUMNS = ['collect', 'fit', 'Gamma-Gamma', 'score', 'one model', 'ladder'] as const;
console.log(
  `seed ${SEED}; milliseconds wall/processor, growth of the latter per step; ${DAYS} days of purchases`,
);
console.log(['customers', ...COLUMNS, 'peak RSS MB', 'model'].join('\t'));
// Once beforehand, so that the smallest size does not pay for compiling.
runLadder(collect(2000).data);
let before: readonly number[] = [];
for (const customers of SIZES) {
  const collecting = collect(customers);
  const { data } = collecting;
  const fitting = timed(() => fitPurchases(mbgNbd, data.histories('now', 'weeks')));
  const earned = (_: number, index: number) => (data.now.value[index] ?? 0) > 0;
  const valuing = timed(() =>
    fitGammaGamma({ repeats: data.now.repeats.filter(earned), value: data.now.value.filter(earned) }),
  );
  const ladder = timed(() => runLadder(data));
  const scoring = timed(() => scoreAll(data, ladder.result));
  const parts = [fitting, valuing, scoring];
  const oneModel = {
    ms: parts.reduce((sum, { ms }) => sum + ms, 0),
    cpuMs: parts.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  };
  const row = [collecting, fitting, valuing, scoring, oneModel, ladder];
  const cells = row.map(({ ms, cpuMs }, i) => {
    const growth = before[i] === undefined ? '' : ` x${(cpuMs / before[i]).toFixed(1)}`;
    return `${Math.round(ms)}/${Math.round(cpuMs)}${growth}`;
  });
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log([customers, ...cells, peakMb, `${ladder.result.model} ${ladder.result.status}`].join('\t'));
  before = row.map(({ cpuMs }) => cpuMs);
}
