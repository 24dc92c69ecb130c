import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Language } from '../domain.ts';
import { InputError } from '../errors.ts';
import { monthReport } from '../jobs/month-report.ts';
import { reportPage } from '../texts/report.ts';
import { type ReportLook, reportCsv, reportHtml, reportText } from '../views/report-file.ts';
import { say } from './command.ts';
import { fileOf, type ManyOptions, many, withConnections } from './many.ts';

type Format = 'text' | 'pdf' | 'html' | 'csv';
type Options = ManyOptions & {
  month?: string;
  format: Format;
  lang?: Language;
  brand?: string;
  logo?: string;
  out?: string;
};

const LOGO_MAX_BYTES = 1024 * 1024;

export function configure(command: Command): void {
  many(command)
    .option('--month <month>', 'YYYY-MM; the last whole month when left out')
    .addOption(
      new Option('--format <format>', 'kind of file').choices(['text', 'pdf', 'html', 'csv']).default('text'),
    )
    .addOption(new Option('--lang <language>', 'language of the text').choices(['en', 'nl', 'pl', 'da']))
    .option('--brand <name>', 'whose name stands on it')
    .option('--logo <file>', 'PNG or JPEG picture at the head of pdf and html')
    .option('--out <file>', 'write to a file instead of stdout; {connection} and {month} stand for theirs')
    .action((options: Options) =>
      withConnections(options, async (app, connection, out) => {
        const { format } = options;
        requireTarget(options, out.isMany);
        const logo = options.logo === undefined ? null : readLogo(options.logo);
        const deps = await app.depsOf(connection);
        const report = await monthReport(deps, { connection, month: options.month ?? null });
        if (options.json) {
          out.json(report);
          if (options.out === undefined) return 0;
        }
        const language = options.lang ?? deps.settings.plan.language;
        const look: ReportLook = { language, brand: options.brand ?? null, logo };
        const page = reportPage(report, { language, currency: connection.org.currency });
        const written = await rendered(format, page, look);
        if (options.out === undefined) {
          out.print(String(written).trimEnd());
          return 0;
        }
        const file = fileOf(options.out, connection, out).replaceAll('{month}', report.from.slice(0, 7));
        write(file, written);
        if (!options.json) (out.isMany ? out.print : say)(`${page.title}: written to ${file}`);
        return 0;
      }),
    );
}

function requireTarget({ format, out }: Options, isMany: boolean): void {
  if (out !== undefined) return;
  if (format === 'pdf') throw new InputError('a PDF needs a file: --out report-{month}.pdf');
  if (isMany && format !== 'text')
    throw new InputError(
      'with many connections name a file for each: --out reports/{connection}-{month}.html',
    );
}

async function rendered(
  format: Format,
  page: Parameters<typeof reportHtml>[0],
  look: ReportLook,
): Promise<string | Buffer> {
  if (format === 'html') return reportHtml(page, look);
  if (format === 'csv') return reportCsv(page);
  if (format === 'text') return reportText(page, look);
  // Fonts and all; only who asks for a PDF loads it.
  const { reportPdf } = await import('../views/report-pdf.ts');
  return reportPdf(page, look);
}

function readLogo(path: string): NonNullable<ReportLook['logo']> {
  let bytes: Buffer;
  try {
    if (statSync(path).size > LOGO_MAX_BYTES)
      throw new InputError(
        `--logo ${path}: larger than ${LOGO_MAX_BYTES / 1024} KiB; give a smaller picture`,
      );
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`--logo ${path}: cannot be read`, { cause });
  }
  if (bytes.subarray(1, 4).toString('latin1') === 'PNG') return { type: 'image/png', bytes };
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return { type: 'image/jpeg', bytes };
  throw new InputError(`--logo ${path}: give a PNG or JPEG picture`);
}

function write(path: string, content: string | Buffer): void {
  try {
    writeFileSync(path, content);
  } catch (cause) {
    throw new InputError(`--out ${path}: cannot be written`, { cause });
  }
}
