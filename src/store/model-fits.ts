import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { Backtest, ModelFit } from '../scores.ts';
import type { ModelFitsStore } from './record-stores.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

// A year and a half of weekly fits: enough to see how a model moved.
const KEPT = 80;

type Details = Pick<ModelFit, 'value' | 'candidates' | 'gates' | 'data'>;

export function modelFitsStore(db: Db): ModelFitsStore {
  const { kysely } = db;
  return {
    async save(connection, fit, { madeFor, at }) {
      const { id, asOf, unit, model, status, parameters, logLikelihood, backtest } = fit;
      const { value, candidates, gates, data } = fit;
      const details: Details = { value, candidates, gates, data };
      await kysely.transaction().execute(async (trx) => {
        await trx
          .insertInto('model_fits')
          .values({
            connection_id: connection,
            id,
            as_of: asOf,
            fitted_at: at,
            made_for: madeFor,
            unit,
            model,
            status,
            parameters: toJson(parameters),
            log_likelihood: logLikelihood,
            data_from: data.firstDay,
            data_until: data.until,
            backtest: toJson(backtest),
            details: toJson(details),
          })
          .execute();
        const old = trx
          .selectFrom('model_fits')
          .select('id')
          .where('connection_id', '=', connection)
          .orderBy('fitted_at', 'desc')
          .orderBy('id', 'desc')
          .limit(KEPT);
        await trx
          .deleteFrom('model_fits')
          .where('connection_id', '=', connection)
          .where('id', 'not in', old)
          .execute();
      });
    },
    async latest(connection, { asOf, after, madeFor }) {
      const row = await kysely
        .selectFrom('model_fits')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('made_for', '=', madeFor)
        .where('as_of', '<=', asOf)
        .where('as_of', '>', after)
        .orderBy('as_of', 'desc')
        .orderBy('fitted_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? fitOf(row) : null;
    },
  };
}

function fitOf(row: Selectable<Tables['model_fits']>): ModelFit {
  return {
    id: row.id,
    asOf: row.as_of,
    logLikelihood: row.log_likelihood,
    // Written from a ModelFit only.
    unit: row.unit as ModelFit['unit'],
    model: row.model as ModelFit['model'],
    status: row.status as ModelFit['status'],
    parameters: fromJson<ModelFit['parameters']>(row.parameters),
    backtest: fromJson<Backtest | null>(row.backtest),
    ...fromJson<Details>(row.details),
  };
}
