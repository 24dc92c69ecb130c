import type { Command } from 'commander';
import { type PlaybookStats, playbookStats } from '../jobs/playbook-stats.ts';
import { ruleTitles } from '../texts/rule-title.ts';
import { asOfFrom } from './as-of.ts';
import { type CommonOptions, commandConfig, failed, print, printJson } from './command.ts';
import { type ManyOptions, many, withConnections } from './many.ts';
import { table } from './render.ts';
import { ruleText } from './rule-text.ts';

export function configure(command: Command): void {
  command
    .command('list')
    .description('the rules in order of precedence: for whom, due, owner, cool-down')
    .option('--json', 'print exactly one JSON document')
    .action(listRules);
  many(command.command('stats').description('what became of the reminders of each rule'))
    .option('--since <day>', 'only reminders made on or after this day, YYYY-MM-DD')
    .action((options: ManyOptions & { since?: string }) =>
      withConnections(options, async (app, connection, out) => {
        const deps = await app.depsOf(connection);
        const stats = await playbookStats(deps, {
          connection,
          since: asOfFrom(options.since, '--since'),
        });
        const { playbook, language } = deps.settings.plan;
        const titleOf = ruleTitles(playbook, language);
        const titled = {
          ...stats,
          rules: stats.rules.map((row) => ({ ...row, title: titleOf(row.reason) })),
        };
        if (options.json) out.json(titled);
        else out.print(statsText(titled));
        return 0;
      }),
    );
}

function listRules(options: Pick<CommonOptions, 'json'>): void {
  try {
    const { playbook, language, reminders } = commandConfig().settings.plan;
    const titleOf = ruleTitles(playbook, language);
    const rules = playbook.map(({ task: _words, ...rule }) => ({
      ...rule,
      title: titleOf(rule.id),
      coolDown: rule.coolDown ?? reminders.coolDownDays,
    }));
    if (options.json) printJson(rules);
    else print(rules.length === 0 ? 'The playbook has no rules.' : rules.map(ruleText).join('\n'));
  } catch (error) {
    process.exitCode = failed(error, options.json === true);
  }
}

const HEAD = [
  'rule',
  'made',
  'open',
  'done',
  'ignored',
  'deleted',
  'not needed',
  'talk',
  'purchase',
  'better',
];

type TitledStats = Omit<PlaybookStats, 'rules'> & {
  readonly rules: readonly (PlaybookStats['rules'][number] & { readonly title: string })[];
};

function statsText(stats: TitledStats): string {
  const { rules, since, touchDays, resultDays, ignoredDays, minCount } = stats;
  const span = since === null ? '' : ` made since ${since}`;
  if (rules.length === 0)
    return `No reminder${span} yet; they are followed from the first plan after they are made.`;
  const rows = rules.map((rule) => [
    rule.title,
    rule.made,
    rule.open,
    counted(rule.done, rule.percent.done),
    counted(rule.ignored, rule.percent.ignored),
    rule.deleted,
    rule.needGone,
    followed(rule.touched, rule.touchKnown, rule.percent.touched),
    followed(rule.bought, rule.resultKnown, rule.percent.bought),
    followed(rule.improved, rule.resultKnown, rule.percent.improved),
  ]);
  return [
    `Reminders${span}, as of ${stats.asOf}`,
    table(HEAD, rows),
    `done, ignored: of those no longer open; ignored: more than ${ignoredDays} days past its due day`,
    `not needed: closed by us because the need was gone; deleted: by a person`,
    `talk: a contact within ${touchDays} days; purchase, better (phase): within ${resultDays} days; of those old enough to tell`,
    `–: fewer than ${minCount}, too few to say`,
  ].join('\n');
}

function counted(count: number, percent: number | null): string {
  return `${count} (${percent === null ? '–' : `${percent} %`})`;
}
function followed(count: number, known: number, percent: number | null): string {
  return `${count} of ${known} (${percent === null ? '–' : `${percent} %`})`;
}
