import type { CustomerFacts, Day } from '../domain.ts';
import type { CustomerRows } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import type { LocalDay } from './local-day.ts';
import { compareIds } from './record-order.ts';

/** What the org itself says of a relation: ended, under contract, by the project, how content. */

type RelationFacts = Pick<
  CustomerFacts,
  'closed' | 'contract' | 'isProjectBuyer' | 'survey' | 'openTasks' | 'override'
>;
interface When {
  readonly localDay: LocalDay;
  readonly asOf: Day;
}

export function relationFacts(rows: CustomerRows, when: When, rules: ScoringRules): RelationFacts {
  const { terms } = rows.record;
  return {
    closed: closedBy(rows, rules),
    contract: contractOf(rows, when.asOf),
    isProjectBuyer:
      rules.phases.buyerType === 'project' || isMarked(terms.buyerType, rules.phases.projectValues),
    survey: lowestAnswer(rows),
    openTasks: openTasks(rows, when),
    override: overrideOn(rows, when.asOf),
  };
}

const CHECKED = 'true';

/** A checkbox that is set, or one of several options that is one of these values. */
export function isMarked(value: string | undefined, values: readonly string[]): boolean {
  return valueAmong(value, values) !== null;
}

function valueAmong(value: string | undefined, values: readonly string[]): string | null {
  const options = (value ?? '').split(';').map((option) => option.trim());
  return (
    options.find((option) => option.toLowerCase() === CHECKED || values.includes(option.toLowerCase())) ??
    null
  );
}

/** Every org words its reasons itself. */
const CLOSED_DOWN = /business closed|bankrupt|dissol|liquidat|faill|opgeheven|upadł|likwid|konkurs|lukket/i;

function closedBy({ record }: CustomerRows, { phases }: ScoringRules): CustomerFacts['closed'] {
  const value = valueAmong(record.terms.closed, phases.closedValues);
  if (value !== null) return { word: value.toLowerCase() === CHECKED ? null : value };
  const { reasonLeft } = record.inputs;
  return reasonLeft !== undefined && CLOSED_DOWN.test(reasonLeft) ? { word: reasonLeft } : null;
}

/** A notice that lies ahead was not given yet. */
function contractOf({ record }: CustomerRows, asOf: Day): CustomerFacts['contract'] {
  const endDay = record.terms.contractEnd ?? null;
  const given = record.terms.noticeGiven ?? null;
  const noticeDay = given !== null && given <= asOf ? given : null;
  return endDay === null && noticeDay === null ? null : { endDay, noticeDay };
}

function lowestAnswer({ record, contacts }: CustomerRows): number | null {
  const answers = [record, ...contacts].flatMap(({ terms }) =>
    terms.survey === undefined ? [] : [Number(terms.survey)],
  );
  return answers.length === 0 ? null : Math.min(...answers);
}

function openTasks({ activities }: CustomerRows, { localDay, asOf }: When): RelationFacts['openTasks'] {
  return activities
    .filter(({ module, closedAt, status }) => {
      return module === 'Tasks' && closedAt === null && !/^completed$/i.test(status ?? '');
    })
    .map(({ id, subject, createdAt }) => ({ id, subject, createdDay: localDay(createdAt) }))
    .filter(({ createdDay }) => createdDay <= asOf)
    .sort((a, b) =>
      a.createdDay < b.createdDay ? -1 : a.createdDay > b.createdDay ? 1 : compareIds(a.id, b.id),
    );
}

/** The last that was set and holds on the day. */
function overrideOn({ overrides = [] }: CustomerRows, asOf: Day): CustomerFacts['override'] {
  const found = overrides.findLast(
    ({ setOn, until, endedOn }) => setOn <= asOf && asOf <= until && (endedOn === null || asOf < endedOn),
  );
  if (!found) return null;
  const { phase, subPhase, reason, by, setOn, until } = found;
  return { phase, subPhase, reason, by, setOn, until };
}
