import { stringify } from 'csv-stringify/sync';
import type { Language } from '../domain.ts';
import type { ReportCell, ReportPage, ReportSection } from '../texts/report.ts';
import { REPORT } from '../texts/report-words.ts';
import { fill } from '../texts/template.ts';
import { escaped } from './html.ts';
import { harmless } from './row-lines.ts';

/** The monthly report as a page that stands alone, and as a file of numbers. */

/** Whose name and picture stand on it. */
export interface ReportLook {
  readonly language: Language;
  readonly brand: string | null;
  /** A PNG or JPEG picture. */
  readonly logo: { readonly type: 'image/png' | 'image/jpeg'; readonly bytes: Buffer } | null;
}

export const madeBy = ({ language, brand }: ReportLook): string | null =>
  brand === null ? null : fill(REPORT[language].madeBy, { brand }, { language, currency: 'EUR' });
export const nobody = ({ language }: Pick<ReportLook, 'language'>): string => REPORT[language].nobody;

export const isNumber = ({ value }: ReportCell): boolean => typeof value === 'number';

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#1d2530}
header{display:flex;gap:1rem;align-items:center}img{max-height:4rem}h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .3rem}
p{margin:.2rem 0 .6rem}table{border-collapse:collapse;width:100%;font-size:.92em}th,td{padding:.3rem .5rem;border-bottom:1px solid #d5dae1;text-align:left}
.n{text-align:right;font-variant-numeric:tabular-nums}footer{margin-top:2.5rem;color:#5b6673}section{break-inside:avoid}@media print{body{margin:0;max-width:none}}`;

export function reportHtml(page: ReportPage, look: ReportLook): string {
  const { logo, language } = look;
  const picture =
    logo === null ? '' : `<img alt="" src="data:${logo.type};base64,${logo.bytes.toString('base64')}">`;
  const footer = madeBy(look);
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(page.title)}</title><style>${STYLE}</style></head>
<body><header>${picture}<div><h1>${escaped(page.title)}</h1><p>${escaped(page.subtitle)}</p></div></header>
<main>
${page.sections.map((section) => sectionHtml(section, look)).join('\n')}
</main>${footer === null ? '' : `\n<footer>${escaped(footer)}</footer>`}
</body></html>
`;
}

function sectionHtml({ title, text, head, rows }: ReportSection, look: ReportLook): string {
  const kinds = rows[0]?.map((cell) => (isNumber(cell) ? ' class="n"' : '')) ?? [];
  const headCells = head.map((cell, at) => `<th scope="col"${kinds[at] ?? ''}>${escaped(cell)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, at) =>
          at === 0
            ? `<th scope="row">${escaped(cell.text)}</th>`
            : `<td${kinds[at] ?? ''}>${escaped(cell.text)}</td>`,
        )
        .join('')}</tr>`,
  );
  const table =
    rows.length === 0
      ? `<p>${escaped(nobody(look))}</p>`
      : `<table><thead><tr>${headCells.join('')}</tr></thead>\n<tbody>${body.join('\n')}</tbody></table>`;
  return `<section><h2>${escaped(title)}</h2>${text === '' ? '' : `<p>${escaped(text)}</p>`}\n${table}</section>`;
}

/** One row a line of the report: section, then its columns. What begins like a formula is led by an apostrophe. */
export function reportCsv({ sections }: ReportPage): string {
  const rows = sections.flatMap(({ title, head, rows }) => [
    ['', ...head],
    ...rows.map((row) => [title, ...row.map(({ value }) => value)]),
  ]);
  return stringify(rows, { cast: { string: harmless } });
}

export function reportText({ title, subtitle, sections }: ReportPage, look: ReportLook): string {
  const lines = sections.flatMap((section) => {
    const cells = [section.head, ...section.rows.map((row) => row.map(({ text }) => text))];
    const widths = section.head.map((_, at) => Math.max(...cells.map((row) => [...(row[at] ?? '')].length)));
    const isRight = section.rows[0]?.map(isNumber) ?? [];
    const line = (row: readonly string[]) =>
      row
        .map((cell, at) => (isRight[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
        .join('  ')
        .trimEnd();
    const body = section.rows.length === 0 ? [nobody(look)] : cells.map(line);
    return [
      '',
      section.title,
      ...(section.text === '' ? [] : [section.text]),
      ...body.map((one) => `  ${one}`),
    ];
  });
  const footer = madeBy(look);
  return [title, subtitle, ...lines, ...(footer === null ? [] : ['', footer])].join('\n');
}
