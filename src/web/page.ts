import type { Response } from 'express';
import type { Language } from '../domain.ts';

/** Plain HTML for the few pages the service shows before the admin pages come. */

const ESCAPES: { readonly [char: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

interface Page {
  readonly title: string;
  readonly lines: readonly string[];
  readonly language?: Language;
  /** Stands below the lines. */
  readonly list?: readonly string[];
  /** Where to go on: a path of ours. */
  readonly link?: { readonly path: string; readonly label: string };
  /** One button; `fields` go along unseen. */
  readonly form?: {
    /** A path of ours. */
    readonly action: string;
    readonly label: string;
    readonly fields?: { readonly [name: string]: string };
  };
}

function formOf({ action, label, fields = {} }: NonNullable<Page['form']>): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return `<form method="post" action="${escaped(action)}">${hidden.join('')}<button>${escaped(label)}</button></form>`;
}

export function sendPage(res: Response, status: number, page: Page): void {
  const title = escaped(page.title);
  const list = page.list?.map((item) => `<li>${escaped(item)}</li>`).join('\n');
  const body = [
    ...page.lines.map((line) => `<p>${escaped(line)}</p>`),
    ...(list === undefined ? [] : [`<ul>${list}</ul>`]),
    ...(page.link ? [`<p><a href="${escaped(page.link.path)}">${escaped(page.link.label)}</a></p>`] : []),
    ...(page.form ? [formOf(page.form)] : []),
  ].join('\n');
  res
    .status(status)
    .type('html')
    .set('Cache-Control', 'no-store')
    .send(
      `<!doctype html>
<html lang="${page.language ?? 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title></head>
<body><main><h1>${title}</h1>
${body}
</main></body></html>
`,
    );
}
