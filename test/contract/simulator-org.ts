import type { OrgSeed } from '../../src/simulator/seed.ts';

const CREATED = '2026-01-05T09:00:00+00:00';

/** A small org with something in every corner that the contract tests look at. */
export function contractOrg(): OrgSeed {
  const stage = (
    display: string,
    forecast_type: 'Open' | 'Closed Won' | 'Closed Lost',
    probability: number,
  ) => ({
    display,
    actual: display,
    forecast_type,
    probability,
  });
  const stages = [
    stage('Qualification', 'Open', 10),
    stage('Closed Won', 'Closed Won', 100),
    stage('Closed Lost', 'Closed Lost', 0),
  ];
  const account = (number: number, more: Record<string, unknown> = {}) => ({
    $key: `account-${number}`,
    Account_Name: `Account ${number}`,
    Industry: number % 2 === 0 ? 'Retail' : 'Consulting',
    Phone: `030-${number}`,
    Owner: { $user: 'ada' },
    Created_Time: CREATED,
    Modified_Time: CREATED,
    ...more,
  });
  const deal = (number: number, Stage: string) => ({
    $key: `deal-${number}`,
    Deal_Name: `Deal ${number}`,
    Stage,
    Pipeline: 'Standard',
    Amount: number * 100.5,
    Closing_Date: '2026-02-01',
    Account_Name: { $ref: 'account-1' },
    Contact_Name: { $ref: 'contact-1' },
    Owner: { $user: 'ada' },
    Created_Time: CREATED,
    Modified_Time: CREATED,
  });
  return {
    org: {
      company_name: 'Contract Org',
      edition: 'Enterprise',
      users: 5,
      time_zone: 'Europe/Amsterdam',
      iso_code: 'EUR',
      country_code: 'NL',
    },
    users: [
      { key: 'ada', name: 'Ada Admin', email: 'ada@example.test', active: true, admin: true },
      { key: 'bob', name: 'Bob Buyer', email: 'bob@example.test', active: true, admin: false },
    ],
    pipelines: [{ name: 'Standard', default: true, stages }],
    customFields: {
      Deals: [{ label: 'Direct Cost', api_name: 'Direct_Cost', data_type: 'currency' }],
      Accounts: [
        {
          label: 'Value Tier',
          api_name: 'Value_Tier',
          data_type: 'picklist',
          pick_list_values: ['Gold', 'Silver'],
        },
        {
          label: 'Languages',
          api_name: 'Languages',
          data_type: 'multiselectpicklist',
          pick_list_values: ['English', 'German'],
        },
      ],
    },
    records: {
      Accounts: [
        account(1, { Languages: ['English', 'German'], Value_Tier: 'Gold' }),
        account(2),
        account(3),
      ],
      Contacts: [
        {
          $key: 'contact-1',
          Last_Name: 'Jansen',
          Email: 'jansen@example.test',
          Account_Name: { $ref: 'account-1' },
          Created_Time: CREATED,
        },
      ],
      Deals: [deal(1, 'Closed Won'), deal(2, 'Qualification')],
      Leads: [
        { $key: 'lead-1', Last_Name: 'Open', Company: 'One', Created_Time: CREATED },
        { $key: 'lead-2', Last_Name: 'Converted', Company: 'Two', Converted__s: true, Created_Time: CREATED },
      ],
      Tasks: [
        {
          $key: 'task-1',
          Subject: 'Call',
          Status: 'Not Started',
          What_Id: { $ref: 'account-1' },
          Created_Time: CREATED,
        },
      ],
      Notes: [
        {
          $key: 'note-1',
          Note_Title: 'Met',
          Note_Content: 'Wants a quote',
          Parent_Id: { $ref: 'account-1' },
          Created_Time: CREATED,
        },
      ],
    },
    deleted: {
      Deals: [
        {
          $key: 'deal-gone',
          display_name: 'Gone',
          type: 'recycle',
          deleted_time: '2026-01-20T10:00:00+00:00',
        },
      ],
    },
  };
}
