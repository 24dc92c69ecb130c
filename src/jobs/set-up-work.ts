import type { Connection, RecordId } from '../domain.ts';
import type { Settings } from '../rules.ts';
import { assessOrg } from '../setup/assess.ts';
import { assessSettings } from '../setup/assess-look.ts';
import { applyFields, type FieldDeps, planFields } from '../setup/fields.ts';
import type { Asked } from './asked.ts';
import { compareViews } from './compare-views.ts';
import { asOfDay, type HeldLine, recordRun } from './line.ts';
import { runSync } from './run-sync.ts';

/** What the set-up asks of an org before the first plan, each as a run whose summary is the report. */

/** How many of the customers that change are kept in the summary. */
const MOST = 200;

export async function lookInto(line: HeldLine, connection: Connection): Promise<void> {
  const deps = { ...line, zohoFor: later(line), settings: assessSettings(line.settings) };
  await recordRun(line, connection, 'assess', {}, async () => {
    const report = await assessOrg(deps, connection);
    return { summary: report, isPartial: report.problems.length > 0 };
  });
}

type FieldWork = Extract<Asked, { what: 'fields' | 'fields-plan' }>;
export async function workOnFields(line: HeldLine, connection: Connection, asked: FieldWork): Promise<void> {
  const { what, sets, max } = asked;
  const { scoring, plan } = line.settings;
  const deps: FieldDeps = {
    ...line,
    ...{ zohoFor: later(line), basis: scoring.customer.basis, language: plan.language },
  };
  await recordRun(line, connection, what, { sets, max }, async () => {
    if (what === 'fields-plan')
      return { summary: await planFields(deps, { connection, sets, max }), isPartial: false };
    const summary = await applyFields(deps, { connection, sets, max });
    const isPartial = summary.fields.some(({ action, error }) => action === 'over_limit' || error !== null);
    return { summary, isPartial };
  });
}

/** Stored customers under other rules. An org that was never read is read first, or there would be nobody to compare. */
export async function whatIf(
  line: HeldLine,
  connection: Connection,
  {
    version,
    settings,
    customer,
  }: {
    readonly version: number;
    readonly settings: Settings;
    readonly customer?: RecordId | undefined;
  },
): Promise<void> {
  const read = await line.store.runs.latest(connection.id, 'sync');
  if (read === null || read.state === 'failed') await runSync(line, { connection, full: true });
  const asOf = asOfDay(line, connection, null);
  await recordRun(line, connection, 'what-if', { version, customer: customer ?? null }, async () => {
    const comparison = await compareViews(line, {
      connection,
      before: { asOf, settings: line.settings },
      after: { asOf, settings },
      ...{ most: MOST, customer },
    });
    return { summary: { asOf, version, ...comparison }, isPartial: false };
  });
}

function later(line: HeldLine): FieldDeps['zohoFor'] {
  return async (of) => line.zohoFor(of);
}
