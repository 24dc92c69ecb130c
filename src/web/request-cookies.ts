import type { Request } from 'express';

/** Cookies by name; of two with one name the first, which is the one with the longer path. */
export function cookiesOf(req: Pick<Request, 'headers'>): { [name: string]: string } {
  const cookies: { [name: string]: string } = Object.create(null);
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at < 0) continue;
    const name = pair.slice(0, at).trim();
    if (!(name in cookies)) cookies[name] = decoded(pair.slice(at + 1).trim());
  }
  return cookies;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
