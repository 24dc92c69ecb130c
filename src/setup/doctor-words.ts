import type { Connection } from '../domain.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

/** Names of options that stand in scoring.yaml and in no picklist of the org: they would never fit anything. */
export async function checkWords({ unknownOptions }: DoctorDeps, connection: Connection): Promise<Check> {
  const unknown = (await unknownOptions?.(connection)) ?? [];
  const [first] = unknown;
  if (!first) return ok('options', 'Options that the settings name are options of the org');
  const named = unknown.map(
    ({ setting, word, near }) =>
      `${setting}: "${word}" is no option of the org${near === null ? '' : `; did you mean ${near}?`}`,
  );
  return {
    id: 'options',
    status: 'warn',
    message: named.join(' · '),
    repair: `Name them in scoring.yaml as the org shows them, e.g. ${first.options.slice(0, 5).join(', ')}`,
  };
}
