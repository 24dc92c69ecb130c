import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/domain.ts';
import { customerOptionsOf } from '../../../src/jobs/customer-options.ts';
import { storedRulesOf, unknownOptions } from '../../../src/jobs/named-options.ts';
import type { ScoringRules } from '../../../src/rules.ts';
import { readSettings } from '../../../src/settings.ts';
import type { DoctorDeps } from '../../../src/setup/check.ts';
import { checkWords } from '../../../src/setup/doctor-words.ts';

type Deps = Parameters<typeof storedRulesOf>[0];
type Option = readonly [actual: string, display: string, reference?: string];

/** A store that knows the options of some fields, by module and input. */
function depsWith(
  options: { readonly [moduleAndInput: string]: readonly Option[] },
  change: (rules: ScoringRules) => ScoringRules = (rules) => rules,
): Deps {
  const { settings } = readSettings('test/no-such-folder', []);
  if (!settings) throw new Error('the defaults are wrong');
  const inputsOf = (module: string) =>
    Object.keys(options).flatMap((key) =>
      key.startsWith(`${module}.`) ? [key.slice(module.length + 1)] : [],
    );
  const store = {
    metadata: {
      get: async (_id: string, name: string) => {
        const module = name.replace('fields:', '');
        const body = inputsOf(module).map((input) => ({
          apiName: input,
          picklist: (options[`${module}.${input}`] ?? []).map(([actual, display, reference = null]) => ({
            actual,
            display,
            reference,
          })),
        }));
        return { body, readAt: new Date(0) };
      },
    },
    mappingStates: {
      of: async (_id: string, module: string) => inputsOf(module).map((input) => ({ input, apiName: input })),
    },
  } as unknown as Deps['store']; // only these two are asked, and only for what stands here
  return { store, settings: { ...settings, scoring: change(settings.scoring) } };
}

describe('words of the settings', () => {
  test('stand for the stored text of a status that people see under another', async () => {
    const deps = depsWith({
      'Invoices.status': [
        ['State 7', 'Geannuleerd door ons', 'Cancelled'],
        ['Cancelled', 'Vervallen'],
        ['Sent', 'Verstuurd'],
      ],
      'Sales_Orders.status': [['S9', 'On hold, VOID']],
    });

    const { purchase } = await storedRulesOf(deps, 'org');

    expect(purchase.notCounted).toEqual([...deps.settings.scoring.purchase.notCounted, 's9', 'state 7']);
  });

  test('of whole values do not fit a part of one; those of reasons do', async () => {
    const deps = depsWith({
      'Accounts.closed': [
        ['C1', 'Failliet'],
        ['C2', 'Bijna failliet'],
      ],
      'Contacts.closed': [['C3', 'Uit dienst']],
      'Contacts.buyerType': [['B1', 'Projecten']],
      'Deals.lossReason': [['R1', 'Naar de concurrent']],
    });

    const { phases } = await storedRulesOf(deps, 'org');
    const before = deps.settings.scoring.phases;

    expect(phases.closedValues).toEqual([...before.closedValues, 'c1']);
    expect(phases.leftValues).toEqual([...before.leftValues, 'c3']);
    expect(phases.projectValues).toEqual([...before.projectValues, 'b1']);
    expect(phases.competitorReasons).toEqual([...before.competitorReasons, 'r1']);
    expect(phases.refusalReasons).toBe(before.refusalReasons);
  });

  test('are left as they are where the org tells of no options', async () => {
    const deps = depsWith({});

    expect(await storedRulesOf(deps, 'org')).toEqual(deps.settings.scoring);
  });

  test('that exclude a type of account do so in any case', async () => {
    const deps = depsWith({ 'Accounts.type': [['Vendor', 'Leverancier']] }, (rules) => ({
      ...rules,
      customer: { ...rules.customer, excludeAccountTypes: ['leverancier', 'VENDOR', 'Press'] },
    }));

    const { excludeAccountTypes } = await customerOptionsOf(deps, 'org');

    expect(excludeAccountTypes).toEqual(['Vendor', 'Vendor', 'Press']);
  });
});

describe('names of options that no option has', () => {
  const OPTIONS = {
    'Accounts.type': [
      ['Vendor', 'Leverancier'],
      ['Customer', 'Klant'],
    ],
    'Leads.rating': [['Active', 'Actief']],
    'Leads.status': [
      ['Verloren', 'Verloren'],
      ['Nieuw', 'Nieuw'],
    ],
  } as const;
  const doctor = (deps: Deps) =>
    checkWords(
      { unknownOptions: () => unknownOptions(deps, 'org') } as unknown as DoctorDeps, // all that is asked
      {} as Connection,
    );

  test('are named by doctor, with the option that was meant', async () => {
    const deps = depsWith(OPTIONS, (rules) => ({
      ...rules,
      customer: { ...rules.customer, excludeAccountTypes: ['Vendr', 'klant'] },
      leads: { ...rules.leads, ratings: { actief: {}, lukewarm: {} } },
    }));

    const check = await doctor(deps);

    expect(check).toMatchObject({ id: 'options', status: 'warn' });
    expect(check.message).toBe(
      'customer.excludeAccountTypes: "Vendr" is no option of the org; did you mean Vendor? · leads.ratings: "lukewarm" is no option of the org · leads.closedStatuses: "junk lead" is no option of the org',
    );
  });

  test('are none where one status of a list is found, or no options are known', async () => {
    const found = depsWith(OPTIONS, (rules) => ({
      ...rules,
      leads: { ...rules.leads, closedStatuses: ['junk lead', 'verloren'] },
    }));
    const unknown = depsWith({}, (rules) => ({
      ...rules,
      customer: { ...rules.customer, excludeAccountTypes: ['Vendr'] },
    }));

    expect((await doctor(found)).status).toBe('ok');
    expect((await doctor(unknown)).status).toBe('ok');
  });
});
