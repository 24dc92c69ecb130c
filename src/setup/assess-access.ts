import type { ModuleName } from '../domain.ts';
import type { Mapping } from '../rules.ts';
import type { FieldMeta, ModuleMeta } from '../zoho/metadata.ts';
import { mappedField } from './deal-names.ts';
import { customFieldLimit, wantedFields } from './fields-plan.ts';
import { moduleAccess } from './module-access.ts';

/** What the connected user may see, and how much room there is for our fields. Pure. */

type Fields = ReadonlyMap<ModuleName, readonly FieldMeta[]>;

/** What scoring cannot do without, by the names of `mapping` in fields.yaml. */
const NEEDED: { readonly [M in ModuleName]?: readonly string[] } = {
  Accounts: ['name'],
  Contacts: ['account'],
  Deals: ['amount', 'stage', 'purchaseDate', 'account'],
  Tasks: ['status', 'what'],
  Calls: ['start', 'what'],
  Events: ['start', 'what'],
  Cases: ['status', 'account'],
};

export interface HiddenThing {
  readonly module: ModuleName;
  /** Null: the module itself. */
  readonly field: string | null;
  readonly why: string;
}

/** `modules` null: Zoho does not list them. */
export function hiddenThings(
  modules: readonly ModuleMeta[] | null,
  fields: Fields,
  mapping: Mapping,
): HiddenThing[] {
  const closed = (modules === null ? [] : moduleAccess([...modules])).flatMap(({ module, problem }) =>
    problem === null ? [] : [{ module, field: null, why: problem }],
  );
  const lacking = [...fields].flatMap(([module, present]) => {
    const names = new Set(present.map((field) => field.apiName));
    if (names.size === 0) return [];
    return (NEEDED[module] ?? []).flatMap((input) => {
      const wanted = mapping.inputs[module][input];
      if (wanted === null || mappedField(wanted, names) !== null) return [];
      const field = [wanted ?? input].flat().join(' or ');
      return [{ module, field, why: 'the org does not have it, or the connected user may not see it' }];
    });
  });
  return [...closed, ...lacking];
}

export interface FieldRoom {
  readonly module: ModuleName;
  readonly used: number;
  /** Null: not known for this edition; Zoho says so when it is full. */
  readonly limit: number | null;
  /** Fields of ours of the set essential, and of both sets; CV Ref on Tasks comes along. */
  readonly essential: number;
  readonly full: number;
  readonly fits: 'full' | 'essential' | 'part' | 'unknown';
}

export function fieldRoom(
  edition: string,
  fields: Fields,
  basis: 'both' | 'account' | 'contact',
): FieldRoom[] {
  const limit = customFieldLimit(edition);
  const essential = wantedFields(['essential'], basis);
  return [...wantedFields(['essential', 'full'], basis)].flatMap(([module, specs]): FieldRoom[] => {
    const present = fields.get(module);
    if (present === undefined) return [];
    const used = present.filter((field) => field.custom).length;
    const least = essential.get(module)?.length ?? 0;
    const room = limit === null ? null : Math.max(0, limit - used);
    return [
      { module, used, limit, essential: least, full: specs.length, fits: fitOf(room, least, specs.length) },
    ];
  });
}

function fitOf(room: number | null, essential: number, full: number): FieldRoom['fits'] {
  if (room === null) return 'unknown';
  if (room >= full) return 'full';
  return room >= essential ? 'essential' : 'part';
}

export interface ChannelAccess {
  readonly channel: 'call' | 'meeting' | 'task' | 'case' | 'note' | 'email';
  readonly readable: boolean;
  readonly note: string | null;
}

const CHANNELS: readonly { readonly channel: ChannelAccess['channel']; readonly module: string }[] = [
  { channel: 'call', module: 'Calls' },
  { channel: 'meeting', module: 'Events' },
  { channel: 'task', module: 'Tasks' },
  { channel: 'case', module: 'Cases' },
  { channel: 'note', module: 'Notes' },
];

export function channelAccess(modules: readonly ModuleMeta[], scopes: readonly string[]): ChannelAccess[] {
  const byName = new Map(modules.map((module) => [module.apiName, module]));
  const byModule = CHANNELS.map(({ channel, module }): ChannelAccess => {
    const found = byName.get(module);
    const readable = found?.apiSupported === true && found.viewable;
    return {
      channel,
      readable,
      note: readable ? null : `the org has no ${module}, or the connected user may not see them`,
    };
  });
  const mayMail = scopes.some((scope) => /^zohocrm\.modules\.(all|emails\.(all|read))$/i.test(scope));
  const note = mayMail
    ? 'only customer by customer, one credit each: inside a budget'
    : 'the grant does not cover e-mails';
  return [...byModule, { channel: 'email', readable: mayMail, note }];
}
