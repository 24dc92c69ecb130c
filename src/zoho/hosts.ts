import { ConfigError } from '../errors.ts';

/** Which origins may see a token. A forged callback or answer must not be able to name its own. */
export interface HostPolicy {
  /** https on a host that Zoho publishes, or exactly the operator's own origin. */
  isTrusted(url: string): boolean;
  /** The same, for accounts servers alone: client secrets go nowhere else. */
  isAccountsServer(url: string): boolean;
}

interface DataCentre {
  readonly location: string;
  readonly accounts: string;
  readonly api: string;
  readonly upload: string;
}

// Zoho docs, multi-DC: the accounts host and the top-level domain of the API hosts. Canada has two domains.
const DATA_CENTRES: readonly DataCentre[] = [
  { location: 'us', accounts: 'accounts.zoho.com', api: 'zohoapis.com', upload: 'content.zohoapis.com' },
  { location: 'eu', accounts: 'accounts.zoho.eu', api: 'zohoapis.eu', upload: 'content.zohoapis.eu' },
  { location: 'in', accounts: 'accounts.zoho.in', api: 'zohoapis.in', upload: 'content.zohoapis.in' },
  {
    location: 'au',
    accounts: 'accounts.zoho.com.au',
    api: 'zohoapis.com.au',
    upload: 'content.zohoapis.com.au',
  },
  { location: 'jp', accounts: 'accounts.zoho.jp', api: 'zohoapis.jp', upload: 'content.zohoapis.jp' },
  { location: 'ca', accounts: 'accounts.zohocloud.ca', api: 'zohoapis.ca', upload: 'upload.zohocloud.ca' },
  { location: 'sa', accounts: 'accounts.zoho.sa', api: 'zohoapis.sa', upload: 'files.zoho.sa' },
  { location: 'uk', accounts: 'accounts.zoho.uk', api: 'zohoapis.uk', upload: 'content.zohoapis.uk' },
  {
    location: 'cn',
    accounts: 'accounts.zoho.com.cn',
    api: 'zohoapis.com.cn',
    upload: 'content.zohoapis.com.cn',
  },
];

const ZOHO_HOSTS: ReadonlySet<string> = new Set(
  DATA_CENTRES.flatMap(({ accounts, api, upload }) => [
    accounts,
    // Sandboxes and developer editions have hosts of their own.
    `www.${api}`,
    `sandbox.${api}`,
    `developer.${api}`,
    `content.${api}`,
    upload,
  ]),
);

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null;
}

function isZohos({ protocol, hostname, port }: URL): boolean {
  return protocol === 'https:' && port === '' && ZOHO_HOSTS.has(hostname);
}

/** What the operator set is trusted: the accounts server, and where bulk writes upload to. */
export function hostPolicy(operatorAccountsUrl: string, operatorUploadUrl: string | null = null): HostPolicy {
  const own = [operatorAccountsUrl, operatorUploadUrl ?? ''].flatMap((url) => parse(url)?.origin ?? []);
  const plain = (url: string): URL | null => {
    const asked = parse(url);
    if (asked === null || asked.username !== '' || asked.password !== '') return null;
    return asked.protocol === 'https:' || asked.protocol === 'http:' ? asked : null;
  };
  return {
    isTrusted: (url) => {
      const asked = plain(url);
      return asked !== null && (isZohos(asked) || own.includes(asked.origin));
    },
    isAccountsServer: (url) => {
      const asked = plain(url);
      if (asked === null) return false;
      if (asked.origin === own[0]) return true;
      return isZohos(asked) && DATA_CENTRES.some(({ accounts }) => accounts === asked.hostname);
    },
  };
}

/** The origin of `url`. Throws ConfigError when a token must not go there. */
export function requireTrusted(policy: HostPolicy, url: string, what: string): string {
  if (policy.isTrusted(url)) return new URL(url).origin;
  const host = parse(url)?.host ?? url.slice(0, 80);
  throw new ConfigError(
    `${what} names ${host}, which is not a Zoho host (https) nor the origin of ZOHO_ACCOUNTS_URL; nothing was sent there. Check ZOHO_ACCOUNTS_URL and connect again`,
  );
}

/** The accounts server of a data centre by its name (eu); null when there is none of that name. */
export function accountsUrlOf(location: string): string | null {
  const centre = DATA_CENTRES.find((known) => known.location === location.toLowerCase());
  return centre ? `https://${centre.accounts}` : null;
}

/** us, eu, in … by Zoho's data centres, or "custom" for the operator's own server. */
export function locationOf(accountsUrl: string): string {
  const host = parse(accountsUrl)?.hostname;
  return DATA_CENTRES.find(({ accounts }) => accounts === host)?.location ?? 'custom';
}

// Deals kept their old name there.
const TABS: { readonly [module: string]: string } = { Deals: 'Potentials' };

/** The page of a record in the CRM; null: the data centre is none of Zoho's. */
export function recordUrl(
  { location, org }: { readonly location: string; readonly org: { readonly zgid: string } },
  module: string,
  recordId: string,
): string | null {
  const centre = DATA_CENTRES.find((known) => known.location === location);
  const host = centre?.accounts.replace(/^accounts\./, 'crm.');
  return host === undefined
    ? null
    : `https://${host}/crm/org${org.zgid}/tab/${TABS[module] ?? module}/${recordId}`;
}

/** The API origin that belongs to an accounts server, for a token answer that names none. */
export function apiDomainOf(accountsUrl: string): string {
  const url = parse(accountsUrl);
  const centre = DATA_CENTRES.find(({ accounts }) => accounts === url?.hostname);
  return centre ? `https://www.${centre.api}` : (url?.origin ?? accountsUrl);
}

/** Where files of bulk writes go: by data centre, for the operator's own server wherever its API is. */
export function uploadOrigin(
  location: string,
  { apiDomain, operatorUploadUrl }: { apiDomain: string; operatorUploadUrl: string | null },
): string {
  if (operatorUploadUrl !== null) return parse(operatorUploadUrl)?.origin ?? operatorUploadUrl;
  const centre = DATA_CENTRES.find((known) => known.location === location);
  return centre ? `https://${centre.upload}` : (parse(apiDomain)?.origin ?? apiDomain);
}
