import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Connection } from '../domain.ts';
import { InputError } from '../errors.ts';
import { type Assessment, assessOrg } from '../setup/assess.ts';
import { assessSettings } from '../setup/assess-look.ts';
import { assessPage, type PageSection } from '../setup/assess-page.ts';
import { say } from './command.ts';
import { fileOf, type ManyOptions, many, withConnections } from './many.ts';
import { table } from './render.ts';

/** The first line stands alone: it is the money that no customer explains. */
function textOf(sections: readonly PageSection[]): string {
  return sections
    .map((section, index) =>
      [
        ...(index === 0 ? [] : [`${section.title}:`]),
        ...section.lines.map((line) => (index === 0 ? line : `  ${line}`)),
        ...(section.table ? [table(section.table.head, section.table.rows)] : []),
      ].join('\n'),
    )
    .join('\n\n');
}

function markdownOf(sections: readonly PageSection[], title: string): string {
  const cell = (value: string | number | null) =>
    String(typeof value === 'number' ? value.toLocaleString('en') : (value ?? '')).replaceAll('|', '\\|');
  const row = (cells: readonly (string | number | null)[]) => `| ${cells.map(cell).join(' | ')} |`;
  const parts = sections.map(({ title: name, lines, table: rows }, index) => {
    const text = lines.map((line, at) => (index === 0 && at === 0 ? `**${line}**\n` : `- ${line}`));
    const grid = rows ? ['', row(rows.head), row(rows.head.map(() => '---')), ...rows.rows.map(row)] : [];
    return [`## ${name}`, ...(text.length > 0 ? ['', ...text] : []), ...grid].join('\n');
  });
  return `# ${title}\n\n${parts.join('\n\n')}\n`;
}

async function writeReport(path: string, text: string): Promise<void> {
  await writeFile(path, text).catch((cause: unknown) => {
    throw new InputError(`--out ${path}: cannot be written; name a file in a folder that exists`, { cause });
  });
  say(`report written to ${path}`);
}

async function assess(app: App, connection: Connection): Promise<Assessment> {
  const { settings } = await app.settings.of(connection);
  return assessOrg({ ...app, settings: assessSettings(settings) }, connection);
}

export function configure(command: Command): void {
  many(command)
    .option('--out <file>', 'write the report as Markdown to a file instead of stdout')
    .action((options: ManyOptions & { out?: string }) =>
      withConnections(options, async (app, connection, out) => {
        const report = await assess(app, connection);
        const page = assessPage(report, connection.org.currency);
        const file = options.out === undefined ? null : fileOf(options.out, connection, out);
        if (file !== null) {
          const day = app.clock.now().toISOString().slice(0, 10);
          await writeReport(file, markdownOf(page, `${connection.org.name}, looked at on ${day}`));
        }
        if (options.json) out.json(report);
        else if (file === null) out.print(textOf(page));
        return report.problems.length > 0 ? 4 : 0;
      }),
    );
}
