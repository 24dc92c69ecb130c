import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../src/errors.ts';
import {
  apiDomainOf,
  hostPolicy,
  locationOf,
  recordUrl,
  requireTrusted,
  uploadOrigin,
} from '../../../src/zoho/hosts.ts';

describe('which hosts may see a token', () => {
  const zoho = hostPolicy('https://accounts.zoho.com');

  test.each([
    'https://accounts.zoho.com',
    'https://accounts.zoho.eu/oauth/v2/token',
    'https://accounts.zohocloud.ca',
    'https://www.zohoapis.com',
    'https://www.zohoapis.ca/crm/v8/org',
    'https://www.zohoapis.com.au',
    'https://www.zohoapis.com.cn',
    'https://sandbox.zohoapis.eu',
    'https://developer.zohoapis.in',
    'https://content.zohoapis.jp',
    'https://upload.zohocloud.ca',
    'https://files.zoho.sa',
    'https://www.zohoapis.uk:443/x',
  ])('%s does', (url) => {
    expect(zoho.isTrusted(url)).toBe(true);
  });

  test.each([
    'http://www.zohoapis.com',
    'https://www.zohoapis.com:8443',
    'https://www.zohoapis.com.evil.test',
    'https://evil.test/www.zohoapis.com',
    'https://zohoapis.com@evil.test',
    'https://user@www.zohoapis.com',
    'https://accounts.zoho.com@evil.test/',
    'https://www.zohoapis.org',
    'https://xwww.zohoapis.com',
    'https://www.zohoapis.com./',
    'ftp://www.zohoapis.com',
    'javascript:alert(1)',
    '//www.zohoapis.com',
    '',
  ])('%s does not', (url) => {
    expect(zoho.isTrusted(url)).toBe(false);
  });

  test('the operator’s own server does, exactly as it was set', () => {
    const own = hostPolicy('http://127.0.0.1:4010/accounts');

    expect(own.isTrusted('http://127.0.0.1:4010/crm/v8/org')).toBe(true);
    expect(own.isTrusted('http://127.0.0.1:4011')).toBe(false);
    expect(own.isTrusted('https://127.0.0.1:4010')).toBe(false);
    expect(own.isTrusted('https://www.zohoapis.com')).toBe(true);
  });

  test('the place for uploads that the operator set does, too', () => {
    const own = hostPolicy('https://accounts.zoho.com', 'http://127.0.0.1:4020/upload');

    expect(own.isTrusted('http://127.0.0.1:4020/crm/v8/upload')).toBe(true);
    expect(own.isTrusted('http://127.0.0.1:4021/crm/v8/upload')).toBe(false);
  });

  test('a refusal names the host', () => {
    const refuse = () => requireTrusted(zoho, 'https://evil.test/x?y=z', 'api_domain');

    expect(refuse).toThrow(ConfigError);
    expect(refuse).toThrow(/api_domain names evil\.test/);
    expect(requireTrusted(zoho, 'https://www.zohoapis.eu/crm', 'api_domain')).toBe('https://www.zohoapis.eu');
  });
});

describe('data centres', () => {
  test.each([
    ['eu', 'https://crm.zoho.eu/crm/org42/tab/Accounts/7'],
    ['au', 'https://crm.zoho.com.au/crm/org42/tab/Accounts/7'],
    ['ca', 'https://crm.zohocloud.ca/crm/org42/tab/Accounts/7'],
    ['custom', null],
  ])('a record of %s has its page', (location, url) => {
    expect(recordUrl({ location, org: { zgid: '42' } }, 'Accounts', '7')).toBe(url);
  });

  test('the page of a deal is where the CRM has it, under its old name', () => {
    const connection = { location: 'eu', org: { zgid: '42' } };
    expect(recordUrl(connection, 'Deals', '7')).toBe('https://crm.zoho.eu/crm/org42/tab/Potentials/7');
  });

  test.each([
    ['https://accounts.zoho.com', 'us', 'https://www.zohoapis.com'],
    ['https://accounts.zoho.eu/', 'eu', 'https://www.zohoapis.eu'],
    ['https://accounts.zohocloud.ca', 'ca', 'https://www.zohoapis.ca'],
    ['https://accounts.zoho.com.cn', 'cn', 'https://www.zohoapis.com.cn'],
    ['http://127.0.0.1:4010', 'custom', 'http://127.0.0.1:4010'],
  ])('%s is %s', (accountsUrl, location, apiDomain) => {
    expect(locationOf(accountsUrl)).toBe(location);
    expect(apiDomainOf(accountsUrl)).toBe(apiDomain);
  });
});

describe('where files of bulk writes go', () => {
  const to = (location: string, operatorUploadUrl: string | null = null) =>
    uploadOrigin(location, { apiDomain: 'http://127.0.0.1:4010', operatorUploadUrl });

  test('to the host of the data centre, for a server of the operator to its API', () => {
    expect(['us', 'eu', 'ca', 'sa', 'custom'].map((location) => to(location))).toEqual([
      'https://content.zohoapis.com',
      'https://content.zohoapis.eu',
      'https://upload.zohocloud.ca',
      'https://files.zoho.sa',
      'http://127.0.0.1:4010',
    ]);
  });

  test('to ZOHO_UPLOAD_URL where it is set', () => {
    expect(to('us', 'https://content.zohoapis.eu')).toBe('https://content.zohoapis.eu');
  });
});
