import type { Connection } from '../domain.ts';
import { listed, phrase } from '../texts/doctor-text.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';

/** Names of options that stand in scoring.yaml and in no picklist of the org: they would never fit anything. */
export async function checkWords({ unknownOptions }: DoctorDeps, connection: Connection): Promise<Check> {
  const unknown = (await unknownOptions?.(connection)) ?? [];
  const [first] = unknown;
  if (!first) return ok('options', 'options.known', {});
  const named = unknown.map(({ setting, word, near }) => phrase('unknown_option', { setting, word, near }));
  return finding('options', 'warn', 'options.unknown', {
    named: listed(named, ' · '),
    options: listed(first.options.slice(0, 5)),
  });
}
