import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { closest, distance } from 'fastest-levenshtein';
import type { App } from '../app.ts';
import { dayOf } from '../clock.ts';
import { isDay } from '../days.ts';
import type { Connection, Day, Phase, PhaseOverride, SubPhase } from '../domain.ts';
import { InputError, NotFoundError } from '../errors.ts';
import type { ListedOverride } from '../store/import-stores.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { customerOf } from './noted.ts';

/** What a person may set, and the sub-phases that each has. */
const SUB_PHASES: { readonly [P in Phase]: readonly SubPhase[] } = {
  prospect: ['cold', 'contacted', 'open_deal', 'dormant'],
  new: ['first_order', 'second_order', 'won_back'],
  established: [],
  loyal: [],
  leaving: [],
  lost: ['win_back', 'win_back_running', 'closed'],
};

type SetOptions = CommonOptions & {
  phase: string;
  subPhase?: string;
  reason: string;
  until: string;
  by?: string;
};

export function configure(command: Command): void {
  common(
    command.command('set').description('set the phase of a customer by hand, for a time and with a reason'),
  )
    .argument('<record-id>', 'Zoho id of the account or contact')
    .requiredOption('--phase <phase>', `${Object.keys(SUB_PHASES).join(', ')}`)
    .option('--sub-phase <sub-phase>', 'e.g. closed or win_back of lost; by the rules when left out')
    .requiredOption('--reason <text>', 'why the computed phase is wrong')
    .requiredOption('--until <day>', 'YYYY-MM-DD, the last day on which it holds')
    .option('--by <name>', 'who sets it; the user of this machine when left out')
    .action((id: string, options: SetOptions) =>
      withConnection(options, async (app, connection) => {
        const override = overrideFrom(options, today(app, connection));
        const key = await customerOf(app, connection, id);
        const { phase, subPhase, until } = override;
        const deed = {
          action: 'override.set',
          target: `${key.module} ${key.id}`,
          after: () => ({ phase, subPhase, until }),
        };
        await audited(app, connection, deed, () =>
          app.store.overrides.set(connection.id, key, override, app.clock.now()),
        );
        if (options.json) printJson({ customer: key, ...override });
        else {
          print(
            `${key.module} ${key.id} is ${nameOf(override)} until ${override.until}; shown from the next scoring on (zcv score), the computed phase beside it.`,
          );
        }
        return 0;
      }),
    );
  common(command.command('list').description('phases set by hand, newest first'))
    .option('--all', 'those that have ended too')
    .action((options: CommonOptions & { all?: boolean }) =>
      withConnection(options, async (app, connection) => {
        const now = today(app, connection);
        const all = (await app.store.overrides.list(connection.id)).map((one) => ({
          ...one,
          holds: holds(one, now),
        }));
        const shown = options.all === true ? all : all.filter((one) => one.holds);
        if (options.json) printJson({ overrides: shown });
        else if (shown.length === 0) print('No phase is set by hand.');
        else for (const one of shown) print(lineOf(one));
        return 0;
      }),
    );
  common(command.command('end').description('end a phase set by hand before its time'))
    .argument('<record-id>', 'Zoho id of the account or contact')
    .option('--by <name>', 'who ends it; the user of this machine when left out')
    .action((id: string, options: CommonOptions & { by?: string }) =>
      withConnection(options, async (app, connection) => {
        const key = await customerOf(app, connection, id);
        const on = today(app, connection);
        const by = authorOf(options.by);
        const deed = {
          action: 'override.end',
          target: `${key.module} ${key.id}`,
          after: (isEnded: boolean) => ({ ended: isEnded }),
        };
        const isEnded = await audited(app, connection, deed, () =>
          app.store.overrides.end(connection.id, key, { on, by }, app.clock.now()),
        );
        if (!isEnded)
          throw new NotFoundError(`no phase of ${key.module} ${key.id} is set by hand (zcv override list)`);
        if (options.json) printJson({ customer: key, endedOn: on, endedBy: by });
        else
          print(
            `The computed phase of ${key.module} ${key.id} is shown again from the next scoring on (zcv score).`,
          );
        return 0;
      }),
    );
}

function today(app: App, connection: Connection): Day {
  return dayOf(app.clock.now(), connection.org.timeZone);
}

function overrideFrom(options: SetOptions, now: Day): PhaseOverride {
  const phase = oneOf('--phase', options.phase, Object.keys(SUB_PHASES) as Phase[]); // the keys of a record by phase
  const subPhase = options.subPhase === undefined ? null : subPhaseFrom(phase, options.subPhase);
  const reason = options.reason.trim();
  if (reason === '') throw new InputError('--reason: say why, e.g. "signs again in May, by telephone"');
  const { until } = options;
  if (!isDay(until)) throw new InputError(`--until ${until}: give a calendar day as YYYY-MM-DD`);
  if (until < now) throw new InputError(`--until ${until} is past; give today (${now}) or a later day`);
  return { phase, subPhase, reason, by: authorOf(options.by), setOn: now, until };
}

function subPhaseFrom(phase: Phase, given: string): SubPhase {
  const known = SUB_PHASES[phase];
  if (known.length === 0)
    throw new InputError(`--sub-phase ${given}: ${phase} has no sub-phases; leave it out`);
  return oneOf('--sub-phase', given, known);
}

function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((one) => one === given);
  if (found !== undefined) return found;
  const near = closest(given, known);
  const hint = distance(given, near) <= Math.max(2, given.length / 3) ? ` Did you mean ${near}?` : '';
  throw new InputError(`${option} ${given}: take one of ${known.join(', ')}.${hint}`);
}

function authorOf(given: string | undefined): string {
  const name = given?.trim() ?? accountName();
  if (name === '') throw new InputError('--by: say who, e.g. --by "Anna de Wit"');
  return name;
}

/** A container may run as a user without a name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

function holds({ until, endedOn }: ListedOverride, now: Day): boolean {
  return now <= until && endedOn === null;
}

function nameOf({ phase, subPhase }: Pick<PhaseOverride, 'phase' | 'subPhase'>): string {
  return subPhase === null ? phase : `${phase} (${subPhase})`;
}

function lineOf(one: ListedOverride): string {
  const { customer, setOn, until, by, reason, endedOn, endedBy } = one;
  const ended = endedOn === null ? '' : `, ended ${endedOn}${endedBy === null ? '' : ` by ${endedBy}`}`;
  return `${customer.module} ${customer.id}  ${nameOf(one)}  ${setOn} to ${until}${ended}  by ${by}: ${reason}`;
}
