import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../errors.ts';
import {
  addEndpoint,
  enableEndpoint,
  removeEndpoint,
  rotateEndpoint,
  testEndpoint,
} from '../notify/endpoints.ts';
import { EVENT_TYPES } from '../notify/event-types.ts';
import { sendDueEvents } from '../notify/send-events.ts';
import { audited } from './audited.ts';
import { type CommonOptions, common, print, printJson, repeatable, say, withConnection } from './command.ts';
import { table } from './render.ts';

type LogOptions = CommonOptions & {
  endpoint?: string;
  state?: 'waiting' | 'delivered' | 'failed';
  limit: number;
};

function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
}

const deed = (does: 'remove' | 'enable' | 'rotate', target: string) => ({
  ...{ action: `event_endpoint.${does}`, target },
  after: () => null,
});
const KEEP_IT = 'The secret is shown this once: give it to the receiver, which checks signatures with it.';

export function configure(command: Command): void {
  configureEndpoints(command);
  configureDeliveries(command);
}

function configureEndpoints(command: Command): void {
  common(command.command('endpoints').description('where events go')).action((options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const endpoints = await app.store.events.endpoints(connection.id);
      if (options.json) printJson(endpoints);
      else if (endpoints.length === 0) print('No endpoints; add one with: zcv events add URL');
      else
        print(
          table(
            ['id', 'url', 'events', 'state', 'failures'],
            endpoints.map(({ id, url, types, state, why, failures }) => [
              id,
              url,
              types.map((type) => (type === '*' ? 'all (*)' : type)).join(', '),
              why === null ? state : `${state} (${why})`,
              String(failures),
            ]),
          ),
        );
      return 0;
    }),
  );
  common(command.command('add <url>').description('send events to an https address'))
    .addOption(repeatable(new Option('--type <type>', `${EVENT_TYPES.join(', ')}; may be repeated`), '*'))
    .action((url: string, options: CommonOptions & { type: string[] }) =>
      withConnection(options, async (app, connection) => {
        const rules = app.config.settings.notify.events;
        const { endpoint, secret } = await audited(
          app,
          connection,
          {
            action: 'event_endpoint.add',
            target: connection.name,
            after: ({ endpoint: { id, types } }) => ({ id, types }),
          },
          () => addEndpoint(app, connection, { url, types: options.type, rules }),
        );
        if (options.json) printJson({ ...endpoint, secret });
        else print(`endpoint  ${endpoint.id}\nsecret    ${secret}`);
        say(`${KEEP_IT} Try it: zcv events test ${endpoint.id}`);
        return 0;
      }),
    );
  common(command.command('remove <endpoint>').description('send it nothing more, and forget it')).action(
    (id: string, options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        await audited(app, connection, deed('remove', id), () => removeEndpoint(app, connection, id));
        if (options.json) printJson({ removed: id });
        else print(`${id}: removed`);
        return 0;
      }),
  );
  common(command.command('enable <endpoint>').description('send to it again')).action(
    (id: string, options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        await audited(app, connection, deed('enable', id), () => enableEndpoint(app, connection, id));
        if (options.json) printJson({ enabled: id });
        else print(`${id}: enabled`);
        return 0;
      }),
  );
  common(
    command.command('rotate <endpoint>').description('a new secret; the former one signs along for a day'),
  ).action((id: string, options: CommonOptions) =>
    withConnection(options, async (app, connection) => {
      const { secret, formerUntil } = await audited(app, connection, deed('rotate', id), () =>
        rotateEndpoint(app, connection, id),
      );
      if (options.json) printJson({ id, secret, formerUntil });
      else print(secret);
      say(`${KEEP_IT} The former one is good until ${formerUntil.toISOString()}.`);
      return 0;
    }),
  );
}

function configureDeliveries(command: Command): void {
  common(command.command('test <endpoint>').description('send it a test event now')).action(
    (id: string, options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        const { eventId } = await testEndpoint(app, connection, id);
        await sendDueEvents({ ...app, rules: app.config.settings.notify.events });
        const log = await app.store.events.log(connection.id, { limit: 100, endpoint: id });
        const delivery = log.find((row) => row.eventId === eventId);
        if (!delivery)
          throw new InputError(`the test event of ${id} is gone: the endpoint was removed meanwhile`);
        if (options.json) printJson(delivery);
        else
          print(
            delivery.state === 'delivered'
              ? `${id}: taken with HTTP ${delivery.status} in ${delivery.durationMs} ms`
              : `${id}: not taken (${delivery.error ?? 'a server is sending to it, or it is disabled'}); ${delivery.attempts} attempts, next ${delivery.nextAt?.toISOString() ?? 'never'}`,
          );
        return delivery.state === 'delivered' ? 0 : 4;
      }),
  );
  common(command.command('log').description('what became of deliveries, newest first'))
    .option('--endpoint <endpoint>', 'only of this one')
    .addOption(new Option('--state <state>', 'only these').choices(['waiting', 'delivered', 'failed']))
    .option('--limit <count>', 'at most so many', whole, 50)
    .action((options: LogOptions) =>
      withConnection(options, async (app, connection) => {
        const { limit, endpoint, state } = options;
        const rows = await app.store.events.log(connection.id, {
          limit,
          ...(endpoint === undefined ? {} : { endpoint }),
          ...(state === undefined ? {} : { state }),
        });
        if (options.json) printJson(rows);
        else if (rows.length === 0)
          print(
            'No deliveries. An event is stored once an endpoint asks for it; try: zcv events test ENDPOINT',
          );
        else
          print(
            table(
              [
                'delivery',
                'event',
                'endpoint',
                'state',
                'attempts',
                'answer',
                'ms',
                'last (UTC)',
                'next (UTC)',
              ],
              rows.map((row) => [
                String(row.id),
                row.type,
                row.endpoint,
                row.state,
                String(row.attempts),
                row.error ?? (row.status === null ? '' : String(row.status)),
                row.durationMs === null ? '' : String(row.durationMs),
                row.attemptedAt?.toISOString() ?? '',
                row.nextAt?.toISOString() ?? '',
              ]),
            ),
          );
        return 0;
      }),
    );
  common(command.command('attempts <delivery>').description('every attempt of one delivery')).action(
    (delivery: string, options: CommonOptions) =>
      withConnection(options, async (app, connection) => {
        const attempts = await app.store.events.attempts(connection.id, whole(delivery));
        if (options.json) printJson(attempts);
        else if (attempts.length === 0)
          print('No attempt of such a delivery; its number stands in: zcv events log');
        else
          print(
            table(
              ['at (UTC)', 'answer', 'ms'],
              attempts.map(({ at, status, error, durationMs }) => [
                at.toISOString(),
                error ?? String(status),
                String(durationMs),
              ]),
            ),
          );
        return 0;
      }),
  );
  common(command.command('resend').description('deliver again, with the same webhook-id'))
    .option('--delivery <delivery>', 'this one, delivered or failed', whole)
    .option('--failed-of <endpoint>', 'all that failed at this endpoint')
    .action((options: CommonOptions & { delivery?: number; failedOf?: string }) =>
      withConnection(options, async (app, connection) => {
        const { delivery, failedOf } = options;
        if ((delivery === undefined) === (failedOf === undefined))
          throw new InputError('give either --delivery or --failed-of');
        const which = delivery === undefined ? { failedOf: failedOf ?? '' } : { delivery };
        const target = delivery === undefined ? (failedOf ?? '') : `delivery ${delivery}`;
        const resend = { action: 'event_delivery.resend', target, after: (resent: number) => ({ resent }) };
        const resent = await audited(app, connection, resend, () =>
          app.store.events.resend(connection.id, which, app.clock.now()),
        );
        if (options.json) printJson({ resent });
        else print(`Sent again by the server: ${resent}`);
        return 0;
      }),
    );
}
