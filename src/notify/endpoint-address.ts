import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { InputError } from '../errors.ts';

/** Where events may go: never into our own network, unless the operator allows it. */

// Special-purpose registries of IANA: what is not an ordinary public address.
const V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// All but 2000::/3, and of that what maps to other addresses or is set apart.
const V6 = ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

function rangesOf(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
// A list for each: in a common one an IPv4 address is also looked for as ::ffff:a.b.c.d.
const blocked = { ipv4: rangesOf(V4, 'ipv4'), ipv6: rangesOf(V6, 'ipv6') };

export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return !blocked[family].check(address, family);
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');
function isLoopback(hostname: string): boolean {
  const name = bare(hostname);
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

/** Throws InputError that says what is wrong with the address. */
export function requireEndpointUrl(text: string, allowPrivate: boolean): URL {
  if (!URL.canParse(text)) throw new InputError(`${text} is no URL; give one that starts with https://`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw new InputError(
      'the URL of an endpoint holds no user and no password: the signature proves who sends',
    );
  const isHttp = url.protocol === 'http:' && allowPrivate && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !isHttp)
    throw new InputError(
      'an endpoint is reached over https; http is only for this machine, with events.allowPrivateAddresses in notify.yaml',
    );
  const host = bare(url.hostname);
  const isRefused = isLoopback(url.hostname) || (isIP(host) !== 0 && !isPublicAddress(host));
  if (isRefused && !allowPrivate)
    throw new InputError(
      `${url.hostname} is no public address; events.allowPrivateAddresses in notify.yaml allows it`,
    );
  return url;
}

/**
 * For the socket itself, so that what was looked up is what is connected to. Fails where a name leads to any address
 * that is not public.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const refused = addresses.find(({ address }) => !isPublicAddress(address));
    const [first] = addresses;
    if (refused || !first) return callback(new PrivateAddressError(), '', 0);
    if (options.all) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};

class PrivateAddressError extends Error {
  readonly code = 'private_address';
  constructor() {
    super('the name leads to an address that is not public');
  }
}
