import type { Connection, CustomerKey, Day, PlanId, RecordId, RunId } from '../domain.ts';
import { factsOf } from '../scoring/facts.ts';
import { leadFactsOf } from '../scoring/lead-facts.ts';
import { periodRows } from '../scoring/periods.ts';
import { recordUrl } from '../zoho/hosts.ts';
import { customerOptionsOf } from './customer-options.ts';
import { approvePlan, rejectPlan } from './decide-plan.ts';
import { customerPeriodRows, PERIOD_COLUMNS } from './export-periods.ts';
import { asOfDay, factContext, type LineDeps } from './line.ts';
import type { PlanSelection } from './plan-selection.ts';
import { playbookStats } from './playbook-stats.ts';
import { failedOf } from './retry-failed.ts';

/** What the API asks of the line without a run: reads of one customer, decisions about a plan. */
export function apiWork(depsOf: (connection: Connection) => Promise<LineDeps>) {
  const facts = async (connection: Connection, key: CustomerKey) => {
    const deps = await depsOf(connection);
    const options = await customerOptionsOf(deps, connection.id);
    const [rows] = await deps.store.customers.byKeys(connection.id, options, [key]);
    if (!rows) return null;
    const context = await factContext(deps, connection);
    const asOf = asOfDay(deps, connection, null);
    return { facts: factsOf(rows, context, asOf), context, asOf };
  };
  return {
    async customerOf(connection: Connection, recordId: RecordId) {
      const deps = await depsOf(connection);
      const options = await customerOptionsOf(deps, connection.id);
      for (const module of ['Accounts', 'Contacts'] as const) {
        const [record] = await deps.store.records.get(connection.id, module, [recordId]);
        const [key] = record ? await deps.store.customers.of(connection.id, options, module, [recordId]) : [];
        if (key) return key;
      }
      return null;
    },
    async periods(connection: Connection, key: CustomerKey, by: 'month' | 'year') {
      const found = await facts(connection, key);
      return found && periodRows(found.facts, found.context.rules, found.asOf, by);
    },
    async allPeriods(connection: Connection, by: 'month' | 'year') {
      const deps = await depsOf(connection);
      const asOf = asOfDay(deps, connection, null);
      return { columns: PERIOD_COLUMNS, rows: customerPeriodRows(deps, { connection, asOf, by }) };
    },
    async touches(connection: Connection, key: CustomerKey) {
      return (await facts(connection, key))?.facts.touches ?? null;
    },
    async leadTouches(connection: Connection, lead: RecordId) {
      const deps = await depsOf(connection);
      const [rows] = await deps.store.leads.byIds(connection.id, [lead]);
      if (!rows) return null;
      const asOf = asOfDay(deps, connection, null);
      return leadFactsOf(rows, await factContext(deps, connection), asOf)?.touches ?? null;
    },
    approvePlan: async (connection: Connection, plan: PlanId, selection: PlanSelection) =>
      approvePlan(await depsOf(connection), connection, plan, selection),
    rejectPlan: async (connection: Connection, plan: PlanId) =>
      rejectPlan(await depsOf(connection), connection, plan),
    failedRows: async (connection: Connection, run: RunId) =>
      failedOf(await depsOf(connection), connection, run),
    recordUrl,
    playbookStats: async (connection: Connection, since: Day | null) =>
      playbookStats(await depsOf(connection), { connection, since }),
  };
}
