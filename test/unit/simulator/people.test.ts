import { expect, test } from 'vitest';
import { anOrg, running } from './running-simulator.ts';

test('a user that an administrator switches off is shown as such, until switched on again', async () => {
  const org = await running(anOrg({}));
  const statuses = async () =>
    (await org.get('/crm/v8/users?type=AllUsers')).json.users.map((user: { status: string }) => user.status);
  const before = await statuses();

  org.sim.control.setUserActive('ada', false);
  expect(await statuses()).not.toEqual(before);
  org.sim.control.setUserActive('ada', true);

  expect(await statuses()).toEqual(before);
});
