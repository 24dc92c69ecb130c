import { createHash, randomBytes } from 'node:crypto';
import type { Connection, Day } from '../domain.ts';
import type { Baseline, ModelFit } from '../scores.ts';
import { bookingsOf } from '../scoring/bookings.ts';
import { addDays, dayNumber } from '../scoring/calendar.ts';
import { runningContract } from '../scoring/contract.ts';
import { type FactContext, factsOf } from '../scoring/facts.ts';
import { type FitData, FitDataBuilder, spanOf } from '../scoring/models/fit-data.ts';
import { fitLadder } from '../scoring/models/ladder.ts';
import { customerOptionsOf } from './customer-options.ts';
import { asOfDay, factContext, type LineDeps, recordRun } from './line.ts';

/** The purchase model of a connection: fitted once a week to all customers, and by a full scoring that finds none in use. */

const CHUNK = 500;
// A first sync in parts, an import or a purge: the customers are no longer those of the fit.
const BUYERS_MOVED = 0.2;

type Data = Omit<Baseline, 'ranked'>;

/** What a fit depends on besides the data: with other rules it is another fit. */
function madeFor({ scoring, mapping }: LineDeps['settings']): string {
  const { models, customer, currency } = scoring;
  const text = JSON.stringify({ models, customer, currency, mapping });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The fit in use at a date: not older than `refitDays`, of the same rules, of about as many buyers; else null. */
export async function fitInUse(
  deps: LineDeps,
  connection: Connection,
  { asOf, buyers }: Pick<Data, 'asOf' | 'buyers'>,
): Promise<ModelFit | null> {
  const { refitDays } = deps.settings.scoring.models;
  const fit = await deps.store.modelFits.latest(connection.id, {
    asOf,
    after: addDays(asOf, -refitDays - 1),
    madeFor: madeFor(deps.settings),
  });
  if (fit === null) return null;
  const moved = Math.abs(fit.data.buyers - buyers);
  return moved > BUYERS_MOVED * Math.max(fit.data.buyers, buyers) ? null : fit;
}

/** Fits to all customers as of the baseline's date and saves the result. */
export function fitModels(
  deps: LineDeps,
  connection: Connection,
  { baseline, context }: { baseline: Data; context: FactContext },
): Promise<ModelFit> {
  const { asOf } = baseline;
  return recordRun(deps, connection, 'fit', { asOf }, async () => {
    const data = await collect(deps, connection, { baseline, context });
    const steps = fitLadder({
      id: `${asOf}-${randomBytes(4).toString('hex')}`,
      asOf,
      data,
      medianGapDays: baseline.medianGapDays,
      rules: deps.settings.scoring.models,
    });
    for (;;) {
      const step = steps.next();
      if (step.done) {
        const at = deps.clock.now();
        await deps.store.modelFits.save(connection.id, step.value, { madeFor: madeFor(deps.settings), at });
        return { summary: step.value, isPartial: false };
      }
      // Between two fits of this thread: leases are kept and other jobs have their turn.
      await deps.clock.sleep(0);
    }
  });
}

async function collect(
  deps: LineDeps,
  connection: Connection,
  { baseline, context }: { baseline: Data; context: FactContext },
): Promise<FitData> {
  const { asOf, firstPurchaseDay, lastPurchaseDay } = baseline;
  const rules = deps.settings.scoring.models;
  // Silence is counted up to the last purchase of anybody: beyond it the data may not be in yet.
  const until = dayNumber(lastPurchaseDay ?? asOf);
  const first = firstPurchaseDay === null ? until : dayNumber(firstPurchaseDay);
  const builder = new FitDataBuilder(spanOf({ first, until }, rules));
  const options = { ...(await customerOptionsOf(deps, connection.id)), without: 'touches' as const };
  for await (const rows of deps.store.customers.inKeyOrder(connection.id, options, CHUNK)) {
    for (const row of rows) {
      const facts = factsOf(row, context, asOf);
      // What is withheld is unknown, not zero: such a customer would teach a wrong rhythm.
      // Who is under contract does not buy freely, and nothing is learnt from it about those who do.
      if (facts.valueIncomplete || runningContract(facts, asOf) !== null) continue;
      builder.add(bookingsOf(facts));
    }
  }
  return builder.finish();
}

/** The weekly job. Null: nothing was scored yet, and the first scoring fits by itself. */
export async function refitModels(deps: LineDeps, connection: Connection): Promise<ModelFit | null> {
  const stored = await deps.store.baselines.latest(connection.id);
  if (stored === null) return null;
  const asOf: Day = asOfDay(deps, connection, null);
  const context = await factContext(deps, connection);
  return fitModels(deps, connection, { baseline: { ...stored, asOf }, context });
}
