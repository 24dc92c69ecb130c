import { addDays, daysBetween } from '../../../src/days.ts';
import type { Day } from '../../../src/domain.ts';
import { type PlaybookStats, playbookStats } from '../../../src/jobs/playbook-stats.ts';
import { runDigest } from '../../../src/jobs/run-digest.ts';
import type { PlanSummary } from '../../../src/jobs/run-plan.ts';
import { type OrgRecord, recordsOf } from '../org.ts';
import { type VirtualDays, virtualDays } from '../virtual-days.ts';
import { CONFIG, FIRMS, type Firm, START, storySeed } from './cast.ts';
import { ARCS, type Arc } from './parts.ts';
import { People } from './people.ts';
import { type RuleStory, type SeenTask, TaskWatch } from './watch.ts';

/** Plays the story day by day: people do what their parts ask for, the line runs by night, every task is looked at. */

export interface StoryEnd {
  readonly rules: ReadonlyMap<string, RuleStory>;
  /** By rule, then by why: what plans did not make. */
  readonly suppressed: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** What the product itself tells of them. */
  readonly stats: PlaybookStats;
  /** What should never be. */
  readonly faults: readonly string[];
  /** Parts that were not played to their end, with where they stand. */
  readonly unfinished: readonly string[];
  readonly tasks: readonly SeenTask[];
  tasksOf(rule: string, firm: string): readonly SeenTask[];
  /** As they stand in the CRM at the end. */
  readonly accounts: readonly OrgRecord[];
  /** Ids of the rules in force. */
  readonly shipped: readonly string[];
  /** Credits of the nights after days on which nobody did anything. */
  readonly quietCredits: readonly number[];
  readonly held: readonly string[];
}

const MONDAY = 1;
const TUESDAY = 2;
const THURSDAY = 4;
const CALL_EVERY_DAYS = 24;

export async function playStory(input: { days: number; only?: (arc: Arc) => boolean }): Promise<StoryEnd> {
  const world = await virtualDays({ seed: storySeed(), from: START, files: CONFIG });
  try {
    return await new Play(world, ARCS.filter(input.only ?? (() => true))).to(input.days);
  } finally {
    await world.close();
  }
}

class Play {
  readonly #world: VirtualDays;
  readonly #people: People;
  readonly #watch: TaskWatch;
  readonly #parts: readonly Part[];
  readonly #called = new Map<string, number>();
  readonly #bought = new Map<string, number>();

  constructor(world: VirtualDays, arcs: readonly Arc[]) {
    const { reminders } = world.app.config.settings.plan;
    this.#world = world;
    this.#people = new People(world);
    this.#watch = new TaskWatch(world, reminders.perOwnerAndDay);
    this.#parts = arcs.map((arc) => new Part(arc, this.#people, this.#watch));
  }

  async to(days: number): Promise<StoryEnd> {
    const quietCredits: number[] = [];
    const held: string[] = [];
    const suppressed = new Map<string, Map<string, number>>();
    for (let day = 0; day < days; day++) {
      this.#world.at('12:00');
      this.#people.deeds = 0;
      if (day === 0) for (const firm of FIRMS) this.#people.set(firm.name, firm.known);
      for (const part of this.#parts) part.play(day);
      this.#business(day);
      const isQuiet = this.#people.deeds === 0;
      const night = await this.#world.nightly();
      this.#watch.look(night.day);
      if (isQuiet) quietCredits.push(night.credits);
      const { plan, apply } = night.result;
      if (plan?.held) held.push(`${night.day}: ${plan.held.message}`);
      if (apply && apply.rejected.length > 0)
        held.push(`${night.day}: rejected ${JSON.stringify(apply.rejected[0])}`);
      count(suppressed, plan?.byRule ?? {});
      if (weekdayOf(night.day) === MONDAY) await this.#readDigest(night.day);
    }
    const deps = await this.#world.app.depsOf(this.#world.connection);
    const stats = await playbookStats(deps, {
      connection: this.#world.connection,
      since: null,
    });
    const { coolDownDays } = deps.settings.plan.reminders;
    const { playbook } = deps.settings.plan;
    const rules = this.#watch.story(
      (id) => playbook.find((rule) => rule.id === id)?.coolDown ?? coolDownDays,
    );
    return {
      ...{ rules, suppressed, quietCredits, held, stats },
      tasks: [...this.#watch.all.values()],
      tasksOf: (rule, firm) => this.#watch.ofRule(rule, this.#people.idOf(firm)),
      accounts: recordsOf(this.#world.simulator, 'Accounts'),
      shipped: playbook.filter(({ enabled }) => enabled).map(({ id }) => id),
      faults: this.#watch.faults,
      unfinished: this.#parts.flatMap((part) => part.unfinished() ?? []),
    };
  }

  /** What the week's digest says of tasks is held against what was seen of them. */
  async #readDigest(until: Day): Promise<void> {
    const { app, connection } = this.#world;
    const [all] = await runDigest(await app.depsOf(connection), { connection });
    const from = addDays(until, -6);
    const isWithin = (day: Day | undefined) => day !== undefined && day >= from && day <= until;
    const tasks = [...this.#watch.all.values()];
    const closed = tasks.filter((task) => isWithin(task.closed?.on));
    const seen = {
      made: tasks.filter(({ madeOn }) => isWithin(madeOn)).length,
      done: closed.filter((task) => task.closed?.by !== 'us').length,
      notNeeded: closed.filter((task) => task.closed?.by === 'us').length,
      open: this.#watch.open().length,
    };
    for (const [part, count] of Object.entries(seen)) {
      const told = all?.tasks[part as keyof typeof seen];
      if (told !== count) this.#watch.faults.push(`${until}: digest tells ${part} ${told}, not ${count}`);
    }
  }

  /** Orders come on Tuesdays; on Thursdays people call whom they have not called for long, and work off their tasks. */
  #business(day: number): void {
    const weekday = weekdayOf(this.#people.today);
    const busy = new Set(this.#parts.filter((part) => part.isOn(day)).map(({ arc }) => arc.firm));
    if (weekday === TUESDAY) for (const firm of FIRMS) this.#order(firm, day);
    if (weekday !== THURSDAY) return;
    for (const { name, calls = true } of FIRMS) {
      const last = this.#called.get(name) ?? -10;
      if (!calls || busy.has(name) || day - last < CALL_EVERY_DAYS) continue;
      this.#people.call(name);
      this.#called.set(name, day);
    }
    const names = new Map(FIRMS.map(({ name }) => [this.#people.idOf(name), name]));
    for (const task of this.#watch.open()) {
      if (busy.has(names.get(task.record) ?? '') || this.#parts.some((part) => part.owns(task))) continue;
      this.#people.complete(task.id);
      this.#watch.closedByPerson(task, 'completed');
    }
  }

  #order(
    { name, every, amount, until = Number.MAX_SAFE_INTEGER, cost, offset = 0 }: Firm,
    day: number,
  ): void {
    if (every === null || day > until) return;
    const last = this.#bought.get(name) ?? offset - every;
    if (day - last < every) return;
    this.#people.win(name, amount, cost === undefined ? {} : { Cost: cost });
    this.#bought.set(name, day);
  }
}

/** One part of the story: a need arises at one firm, a task comes, and it goes as the part says. */
class Part {
  readonly arc: Arc;
  readonly #people: People;
  readonly #watch: TaskWatch;
  #isDone = false;

  constructor(arc: Arc, people: People, watch: TaskWatch) {
    this.arc = arc;
    this.#people = people;
    this.#watch = watch;
  }

  /** Nobody else turns to the firm. While a closed task cools down, people do so as they always did. */
  isOn(day: number): boolean {
    if (day < this.arc.on - 3 || this.#isDone) return false;
    if (LEFT_ALONE.has(this.arc.firm)) return true;
    const record = this.#record();
    return record === null || this.#watch.ofRule(this.arc.rule, record).at(-1)?.closed == null;
  }
  owns(task: SeenTask): boolean {
    return !this.#isDone && task.rule === this.arc.rule && task.record === this.#record();
  }
  #record(): string | null {
    try {
      return this.#people.idOf(this.arc.firm);
    } catch {
      return null; // founded later
    }
  }

  play(day: number): void {
    const { arc } = this;
    if (this.#isDone || day < arc.on) return;
    if (day === arc.on) arc.begin?.(this.#people, arc.firm);
    const record = this.#record();
    const tasks = record === null ? [] : this.#watch.ofRule(arc.rule, record);
    const task = tasks.at(-1);
    if (!task) arc.meanwhile?.(this.#people, arc.firm, day - arc.on);
    else if (task.closed) this.#afterwards(task, daysBetween(task.closed.on, this.#people.today));
    else this.#workOn(task, daysBetween(task.madeOn, this.#people.today));
  }

  #afterwards({ closed, episode }: SeenTask, days: number): void {
    const { ends, again, firm } = this.arc;
    if (closed?.by === 'us') this.#isDone = ends === 'by us' || (ends === 'by a person' && episode > 1);
    else if (ends === 'for good') this.#isDone = episode === 1 && days > FOR_GOOD_DAYS;
    else if (days === again?.after) again.happens(this.#people, firm);
  }

  #workOn(task: SeenTask, age: number): void {
    const { arc } = this;
    if (arc.ends !== 'by us' && task.episode === 1) {
      if (age < 2) return;
      this.#people.remove(task.id);
      this.#watch.closedByPerson(task, 'deleted');
      return;
    }
    if (age === 1) (arc.change ?? ((people, firm) => people.rename(firm)))(this.#people, arc.firm);
    if (age === 4) arc.satisfy(this.#people, arc.firm);
  }

  unfinished(): string | null {
    if (this.#isDone) return null;
    const { rule, firm, on } = this.arc;
    const record = this.#record();
    const tasks = record === null ? [] : this.#watch.ofRule(rule, record);
    const told = tasks.map(({ madeOn, closed }) => `${madeOn}–${closed ? `${closed.on} ${closed.by}` : ''}`);
    return `${rule} at ${firm} (from ${dayOf(on)}): ${told.join(', ') || 'no task'}`;
  }
}

const LEFT_ALONE = new Set(FIRMS.filter(({ calls }) => calls === false).map(({ name }) => name));
/** Long enough to see that no second task comes. */
const FOR_GOOD_DAYS = 60;
const weekdayOf = (day: Day): number => new Date(`${day}T12:00:00Z`).getUTCDay();
const dayOf = (offset: number): Day => addDays(START, offset);

function count(suppressed: Map<string, Map<string, number>>, byRule: PlanSummary['byRule']): void {
  for (const [reason, { why }] of Object.entries(byRule)) {
    const rule = suppressed.get(reason) ?? new Map<string, number>();
    for (const [cause, tasks] of Object.entries(why)) rule.set(cause, (rule.get(cause) ?? 0) + tasks);
    suppressed.set(reason, rule);
  }
}
