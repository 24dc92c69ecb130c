import type { Command } from 'commander';
import { type PlaybookStats, playbookStats } from '../jobs/playbook-stats.ts';
import { asOfFrom } from './as-of.ts';
import { type CommonOptions, common, print, printJson, withConnection } from './command.ts';
import { table } from './render.ts';

export function configure(command: Command): void {
  common(command.command('stats').description('what became of the reminders of each rule'))
    .option('--since <day>', 'only reminders made on or after this day, YYYY-MM-DD')
    .action((options: CommonOptions & { since?: string }) =>
      withConnection(options, async (app, connection) => {
        const stats = await playbookStats(app.deps, {
          connection,
          since: asOfFrom(options.since, '--since'),
        });
        if (options.json) printJson(stats);
        else print(statsText(stats));
        return 0;
      }),
    );
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

function statsText(stats: PlaybookStats): string {
  const { rules, since, touchDays, resultDays, ignoredDays, minCount } = stats;
  const span = since === null ? '' : ` made since ${since}`;
  if (rules.length === 0)
    return `No reminder${span} yet; they are followed from the first plan after they are made.`;
  const rows = rules.map((rule) => [
    rule.reason,
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
