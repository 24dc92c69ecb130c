import { expect, test } from 'vitest';
import { accountsUrlOf, apiDomainOf, hostPolicy, locationOf } from '../../../src/zoho/hosts.ts';
import { cell, tableRows, withoutMarks } from '../../support/markdown.ts';

const rows = tableRows('docs/connect.md', '## Which data centre');
const policy = hostPolicy('https://accounts.zoho.com');

test.each(rows.map((row) => [withoutMarks(cell(row, 'data centre')), row] as const))(
  'data centre %s: its servers and its secret are those of the program',
  (location, row) => {
    const accounts = withoutMarks(cell(row, '`ZOHO_ACCOUNTS_URL`'));

    expect(accountsUrlOf(location)).toBe(accounts);
    expect(locationOf(accounts)).toBe(location);
    expect(apiDomainOf(accounts)).toBe(withoutMarks(cell(row, 'calls go to')));
    expect(policy.isAccountsServer(accounts)).toBe(true);
    expect(withoutMarks(cell(row, 'secret of its own'))).toBe(`ZOHO_CLIENT_SECRET_${location.toUpperCase()}`);
    expect(cell(row, 'CRM in the browser')).toBe(new URL(accounts).host.replace('accounts.', 'crm.'));
  },
);

test('no data centre that the program knows is missing', () => {
  const known = ['us', 'eu', 'in', 'au', 'jp', 'ca', 'sa', 'uk', 'cn', 'ae', 'sg'].filter(
    (location) => accountsUrlOf(location) !== null,
  );

  expect(rows.map((row) => withoutMarks(cell(row, 'data centre')))).toEqual(known);
});
