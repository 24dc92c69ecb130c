import type { Response } from 'express';
import type { Language } from '../domain.ts';
import { escaped } from '../views/html.ts';

/** Plain HTML for the few pages the service shows before the admin pages come. */

interface Page {
  readonly title: string;
  readonly lines: readonly string[];
  readonly language?: Language;
  /** Stands below the lines. */
  readonly list?: readonly string[];
  /** Stand below the list. */
  readonly after?: readonly string[];
  /** Where to go on: a path of ours. */
  readonly link?: { readonly path: string; readonly label: string };
  /** One button, or several that each send a value; `fields` go along unseen. */
  readonly form?: {
    /** A path of ours. */
    readonly action: string;
    readonly fields?: { readonly [name: string]: string };
  } & ({ readonly label: string } | { readonly buttons: readonly Button[] });
}
interface Button {
  readonly name: string;
  readonly value: string;
  readonly label: string;
}

function formOf({ action, fields = {}, ...form }: NonNullable<Page['form']>): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  const buttons =
    'label' in form
      ? [`<button>${escaped(form.label)}</button>`]
      : form.buttons.map(
          ({ name, value, label }) =>
            `<button name="${escaped(name)}" value="${escaped(value)}">${escaped(label)}</button>`,
        );
  return `<form method="post" action="${escaped(action)}">${hidden.join('')}${buttons.join(' ')}</form>`;
}

export function sendPage(res: Response, status: number, page: Page): void {
  res.status(status).type('html').set('Cache-Control', 'no-store').send(pageHtml(page));
}

export function pageHtml(page: Page): string {
  const title = escaped(page.title);
  const list = page.list?.map((item) => `<li>${escaped(item)}</li>`).join('\n');
  const body = [
    ...page.lines.map((line) => `<p>${escaped(line)}</p>`),
    ...(list === undefined ? [] : [`<ul>${list}</ul>`]),
    ...(page.after ?? []).map((line) => `<p>${escaped(line)}</p>`),
    ...(page.link ? [`<p><a href="${escaped(page.link.path)}">${escaped(page.link.label)}</a></p>`] : []),
    ...(page.form ? [formOf(page.form)] : []),
  ].join('\n');
  return `<!doctype html>
<html lang="${page.language ?? 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title></head>
<body><main><h1>${title}</h1>
${body}
</main></body></html>
`;
}
