import { expect, test } from 'vitest';
import type { Connection } from '../../../src/domain.ts';
import type { DoctorDeps } from '../../../src/setup/check.ts';
import { checkMail } from '../../../src/setup/doctor-mail.ts';

function check(readers: readonly { alerts: boolean; stopped: string[] }[], problem?: string | null) {
  const deps = {
    store: { mailing: { recipients: async () => readers } },
    ...(problem === undefined ? {} : { mailProblem: async () => problem }),
  } as unknown as DoctorDeps; // all that is asked
  return checkMail(deps, { id: 'c', name: 'north' } as Connection);
}
const reader = { alerts: true, stopped: [] };

test('without a mail server all is well until somebody is to get mail', async () => {
  expect(await check([])).toMatchObject({ status: 'ok' });
  expect(await check([reader])).toMatchObject({ status: 'warn', repair: 'Set SMTP_URL' });
});

test.each([
  ['smtp_535', 'mend user and password'],
  ['no_sender', 'mail.from'],
  ['ESOCKET', 'right server and port'],
])('%s is a warning with its repair', async (problem, repair) => {
  expect(await check([reader], problem)).toMatchObject({
    status: 'warn',
    message: `Mails cannot be sent (${problem})`,
    repair: expect.stringContaining(repair),
  });
});

test('a server that takes the log-in is fine when somebody hears of alerts', async () => {
  expect(await check([reader], null)).toMatchObject({ status: 'ok' });
  const deaf = await check(
    [
      { alerts: true, stopped: ['alerts'] },
      { alerts: false, stopped: [] },
    ],
    null,
  );
  expect(deaf).toMatchObject({
    status: 'warn',
    repair: 'zcv mail recipients add ADDRESS --connection north',
  });
});
