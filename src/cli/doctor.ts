import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';
import { doctorDeps } from '../jobs/doctor-deps.ts';
import { type DoctorReport, runDoctor } from '../setup/doctor.ts';
import { type ExitCode, print, printJson, withApp } from './command.ts';
import { isMany, type ManyOptions, many, type Out, withConnections } from './many.ts';

const MARK = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

function verdict(isOk: boolean, isConnected: boolean): string {
  if (!isOk) return 'Not ready: mend what is marked FAIL.';
  return isConnected ? 'Ready.' : 'Nothing is broken; an org is still to be connected.';
}

export function configure(command: Command): void {
  many(command).action((options: ManyOptions) => {
    if (isMany(options))
      return withConnections({ ...options, isRepair: true }, async (app, connection, out) =>
        diagnosed(app, connection, options, out),
      );
    return withApp({ ...options, isRepair: true }, async (app) => {
      const known = await app.store.connections.list();
      // Before the first connect there is nothing to name; afterwards a wrong name is an error.
      const connection = known.length === 0 ? null : await app.connection(options.connection);
      return diagnosed(app, connection, options, { isMany: false, print, json: printJson });
    });
  });
}

async function diagnosed(
  app: App,
  connection: Connection | null,
  options: ManyOptions,
  out: Out,
): Promise<ExitCode> {
  const report = await reportOf(app, connection);
  if (options.json) out.json(report);
  else {
    for (const { id, status, message, repair } of report.checks)
      out.print(`${MARK[status]}  ${id}: ${message}${repair === null ? '' : `\n      → ${repair}`}`);
    out.print(`\n${verdict(report.ok, connection !== null)}`);
  }
  if (report.ok) return 0;
  const hasFailed = (id: string) => report.checks.some((check) => check.id === id && check.status === 'fail');
  if (hasFailed('token')) return 5;
  return hasFailed('credits') ? 6 : 1;
}

async function reportOf(app: App, connection: Connection | null): Promise<DoctorReport> {
  const settingsProblems = connection === null ? [] : await app.settings.problemsOf(connection);
  const isUsable = connection !== null && settingsProblems.length === 0;
  const { settings } = isUsable ? await app.settings.of(connection) : app.config;
  const { server, backup, smtpUrl } = app.config;
  const wishes = { publicUrl: server.publicUrl, makesBackups: backup.folder !== null, smtpUrl };
  return runDoctor(
    { ...doctorDeps({ ...app, settings, ...wishes }), settingsProblems, notInForce: app.notInForce },
    connection,
  );
}
