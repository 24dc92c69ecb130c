import type { Command } from 'commander';
import { unknownOptions } from '../jobs/named-options.ts';
import { runDoctor } from '../setup/doctor.ts';
import { type CommonOptions, common, print, printJson, withApp } from './command.ts';

const MARK = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

function verdict(isOk: boolean, isConnected: boolean): string {
  if (!isOk) return 'Not ready: mend what is marked FAIL.';
  return isConnected ? 'Ready.' : 'Nothing is broken; an org is still to be connected.';
}

export function configure(command: Command): void {
  common(command).action((options: CommonOptions) =>
    withApp(options, async (app) => {
      const known = await app.store.connections.list();
      // Before the first connect there is nothing to name; afterwards a wrong name is an error.
      const connection = known.length === 0 ? null : await app.connection(options.connection);
      const settingsProblems = connection === null ? [] : await app.settings.problemsOf(connection);
      const isUsable = connection !== null && settingsProblems.length === 0;
      const { settings } = isUsable ? await app.settings.of(connection) : app.config;
      const report = await runDoctor(
        {
          ...app,
          settingsProblems,
          unknownOptions: (of) => unknownOptions({ store: app.store, settings }, of.id),
          publicUrl: app.config.server.publicUrl,
          settings: {
            basis: settings.scoring.customer.basis,
            rateDirection: settings.scoring.currency.rateDirection,
            defaultMarginPercent: settings.scoring.money.defaultMarginPercent,
            marginIsSet: settings.marginIsSet,
            purchaseFrom: settings.scoring.purchase.from,
            mapping: settings.mapping,
            creditCeilingPercent: settings.creditCeilingPercent,
            moneyCodes: settings.moneyCodes,
            playbook: settings.plan.playbook,
            stageHistory: settings.stageHistory,
          },
        },
        connection,
      );
      if (options.json) printJson(report);
      else {
        for (const check of report.checks) {
          print(
            `${MARK[check.status]}  ${check.id}: ${check.message}${check.repair === null ? '' : `\n      → ${check.repair}`}`,
          );
        }
        print(`\n${verdict(report.ok, connection !== null)}`);
      }
      if (report.ok) return 0;
      const hasFailed = (id: string) =>
        report.checks.some((check) => check.id === id && check.status === 'fail');
      if (hasFailed('token')) return 5;
      return hasFailed('credits') ? 6 : 1;
    }),
  );
}
