import type { Response } from 'express';

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

export function sendPage(
  res: Response,
  status: number,
  page: { readonly title: string; readonly lines: readonly string[] },
): void {
  const title = escaped(page.title);
  const body = page.lines.map((line) => `<p>${escaped(line)}</p>`).join('\n');
  res
    .status(status)
    .type('html')
    .set('Cache-Control', 'no-store')
    .send(
      `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title></head>
<body><main><h1>${title}</h1>
${body}
</main></body></html>
`,
    );
}
