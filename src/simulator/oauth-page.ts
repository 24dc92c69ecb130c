import type { SimUser } from './state.ts';

const KEPT = ['client_id', 'response_type', 'redirect_uri', 'scope', 'state', 'access_type', 'prompt'];

/** Who consents, to what, and two buttons. */
export function consentPage(query: Readonly<Record<string, string>>, users: readonly SimUser[]): string {
  const hidden = KEPT.flatMap((name) =>
    query[name] === undefined
      ? []
      : [`<input type="hidden" name="${name}" value="${escapeHtml(query[name])}">`],
  ).join('\n');
  const people = users
    .filter(({ active }) => active)
    .map(({ id, name, email }) => `<option value="${id}">${escapeHtml(`${name} <${email}>`)}</option>`)
    .join('\n');
  const scopes = (query.scope ?? '')
    .split(',')
    .map((scope) => `<li>${escapeHtml(scope)}</li>`)
    .join('\n');
  return page(
    'Permission request',
    `<p>An application asks for access to this organisation (simulated).</p>
<ul>
${scopes}
</ul>
<form method="post" action="/oauth/v2/consent">
${hidden}
<label>User <select name="user">
${people}
</select></label>
<button name="answer" value="accept">Accept</button>
<button name="answer" value="reject">Reject</button>
</form>`,
  );
}

export function errorPage(problem: string): string {
  return page('Error', `<p>${escapeHtml(problem)}</p>`);
}

function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body><h1>${title}</h1>
${body}
</body></html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
