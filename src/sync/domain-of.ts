// Before the host may stand a scheme and a name, behind it a port, a path, a question or a mark.
const HOST = /^(?:[a-z][a-z\d+.-]*:(?=\/\/)|mailto:)?(?:\/\/)?(?:[^/?#@]*@)?([^/?#:@]+)/;

/** The domain of an e-mail address or a website, without "www."; null: there is none in it. */
export function domainOf(address: string | null): string | null {
  const host = HOST.exec((address ?? '').trim().toLowerCase())?.[1] ?? '';
  const domain = host.replace(/^www\./, '').replace(/\.$/, '');
  return /^[^\s.]+(\.[^\s.]+)+$/.test(domain) ? domain : null;
}
