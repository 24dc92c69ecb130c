import { expect, test } from 'vitest';
import { isPublicAddress, publicLookup, requireEndpointUrl } from '../../../src/notify/endpoint-address.ts';

test.each([
  ['8.8.8.8', true],
  ['93.184.216.34', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['172.31.255.255', false],
  ['192.168.0.1', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['::1', false],
  ['::', false],
  ['fe80::1', false],
  ['fc00::1', false],
  ['::ffff:10.0.0.1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::10.0.0.1', false],
  ['2002:0a00:0001::1', false],
  ['2001:db8::1', false],
  ['no address', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

test.each([
  ['http://hooks.test/x', 'https'],
  ['ftp://hooks.test/x', 'https'],
  ['https://user:word@hooks.test/', 'no password'],
  ['https://localhost/x', 'no public address'],
  ['https://127.0.0.1/x', 'no public address'],
  ['https://2130706433/x', 'no public address'],
  ['https://0x7f.1/x', 'no public address'],
  ['https://[::1]/x', 'no public address'],
  ['https://[::ffff:169.254.169.254]/x', 'no public address'],
  ['https://192.168.1.1/x', 'no public address'],
  ['http://127.0.0.1:3000/x', 'https'],
  ['hooks.test', 'no URL'],
])('%s is refused', (url, why) => {
  expect(() => requireEndpointUrl(url, false)).toThrow(why);
});

test('where the operator allows it, endpoints lie in the own network, and on this machine over http', () => {
  expect(requireEndpointUrl('http://127.0.0.1:3000/x', true).port).toBe('3000');
  expect(requireEndpointUrl('https://10.0.0.1/x', true).hostname).toBe('10.0.0.1');
  expect(() => requireEndpointUrl('http://10.0.0.1/x', true)).toThrow('https');
});

test.each([{ all: true }, { all: false }])(
  'a name that leads into the own network is not looked up (%j)',
  async (how) => {
    const error = await new Promise((resolve) => {
      publicLookup('localhost', how, resolve);
    });

    expect(error).toMatchObject({ code: 'private_address' });
  },
);
