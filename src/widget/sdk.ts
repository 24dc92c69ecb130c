import {
  type ListAnswer,
  listAnswer,
  type RecordAnswer,
  recordAnswer,
  themeOf,
  unpacked,
  type WriteAnswer,
  writeAnswer,
} from './answers.ts';
import { isParent } from './config.ts';
import type { ZohoRecord } from './fields.ts';

/** Zoho's widget SDK, with an end to every wait: its own promises have none. */

const SDK_ADDRESS = 'https://live.zwidgets.com/js-sdk/1.5/ZohoEmbededAppSDK.min.js';
const SCRIPT_MS = 8_000;
const INIT_MS = 5_000;
const CALL_MS = 8_000;
// For what makes the card nicer: nobody waits longer for it.
const EXTRA_MS = 2_000;

type Call = (input?: unknown) => Promise<unknown>;
/** The parts that we use, as Zoho's script defines them. */
interface ZohoSdk {
  readonly embeddedApp: {
    on(event: string, handler: (data: unknown) => void): void;
    init(): Promise<unknown>;
  };
  readonly CRM: {
    readonly API: {
      readonly getRecord: Call;
      readonly getRelatedRecords: Call;
      readonly updateRecord: Call;
      readonly coql: Call;
      readonly getOrgVariable: Call;
    };
    readonly CONFIG: {
      readonly getOrgInfo: Call;
      readonly getCurrentUser: Call;
      /** From version 1.4. */
      readonly getUserPreference?: Call;
    };
    readonly META: { readonly getFields: Call };
    readonly UI: {
      readonly Resize: Call;
      readonly Record: { readonly open: Call };
    };
  };
}
declare global {
  interface Window {
    ZOHO?: ZohoSdk;
  }
}

export class Silence extends Error {}

export function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Silence(`no answer within ${ms} ms`)), ms);
  return Promise.race([work, promise]).finally(() => clearTimeout(timer));
}

export interface Zoho {
  readonly record: (module: string, id: string) => Promise<RecordAnswer>;
  readonly related: (module: string, id: string, list: string) => Promise<ListAnswer>;
  readonly fields: (module: string) => Promise<ListAnswer>;
  readonly query: (select: string) => Promise<ListAnswer>;
  /** Runs no workflow, as our service's own writes do not. */
  readonly update: (module: string, values: ZohoRecord) => Promise<WriteAnswer>;
  readonly currency: () => Promise<string | null>;
  readonly userId: () => Promise<string | null>;
  readonly theme: () => Promise<'day' | 'night' | null>;
  readonly variable: (name: string) => Promise<string | null>;
  readonly resize: (height: number) => void;
  readonly open: (module: string, id: string) => void;
}

/** A refusal comes as a rejected promise or as an answer; both are answers here, and only silence is thrown. */
async function asked(call: () => Promise<unknown>, ms = CALL_MS): Promise<unknown> {
  try {
    return await within(call(), ms);
  } catch (error) {
    if (error instanceof Silence) throw error;
    return error;
  }
}

function zohoOf({ CRM }: ZohoSdk): Zoho {
  const quietly = async (call: () => Promise<unknown>) => {
    try {
      return unpacked(await asked(call, EXTRA_MS));
    } catch {
      return null;
    }
  };
  return {
    record: async (Entity, RecordID) =>
      recordAnswer(await asked(() => CRM.API.getRecord({ Entity, RecordID }))),
    related: async (Entity, RecordID, RelatedList) =>
      listAnswer(await asked(() => CRM.API.getRelatedRecords({ Entity, RecordID, RelatedList }))),
    fields: async (Entity) => listAnswer(await asked(() => CRM.META.getFields({ Entity })), 'fields'),
    query: async (select_query) => listAnswer(await asked(() => CRM.API.coql({ select_query }))),
    update: async (Entity, APIData) =>
      writeAnswer(await asked(() => CRM.API.updateRecord({ Entity, APIData, Trigger: [] }))),
    currency: async () => {
      const [org] = rowsIn(await quietly(() => CRM.CONFIG.getOrgInfo()), 'org');
      return typeof org?.iso_code === 'string' ? org.iso_code : null;
    },
    userId: async () => {
      const [user] = rowsIn(await quietly(() => CRM.CONFIG.getCurrentUser()), 'users');
      return user === undefined ? null : String(user.id);
    },
    theme: async () => {
      const ask = CRM.CONFIG.getUserPreference;
      return ask === undefined ? null : themeOf(await quietly(() => ask()));
    },
    variable: async (name) => variableOf(await quietly(() => CRM.API.getOrgVariable(name))),
    resize: (height) => void quietly(() => CRM.UI.Resize({ height: String(height), width: '100%' })),
    open: (Entity, RecordID) => void quietly(() => CRM.UI.Record.open({ Entity, RecordID })),
  };
}

function rowsIn(answer: unknown, of: string): readonly ZohoRecord[] {
  const found = listAnswer(answer, of);
  return found.is === 'list' ? found.rows : [];
}

function variableOf(answer: unknown): string | null {
  const success = unpacked(Reflect.get(Object(answer), 'Success'));
  const content = Reflect.get(Object(success), 'Content');
  return typeof content === 'string' && content !== '' ? content : null;
}

/**
 * Whatever comes from another window than the one around us, or from a page that is not Zoho's, never reaches the SDK:
 * its own check lets such messages pass. Must be in place before the SDK listens.
 */
export function guardMessages(parents: readonly string[], onContext: (locale: unknown) => void): void {
  window.addEventListener('message', (event) => {
    const isAround = event.source === window.parent || event.source === window.top;
    if (!isAround || !isParent(event.origin, parents)) {
      event.stopImmediatePropagation();
      return;
    }
    const message: unknown = unpacked(event.data);
    if (Reflect.get(Object(message), 'eventName') !== 'SET_CONTEXT') return;
    onContext(Reflect.get(Object(Reflect.get(Object(message), 'data')), 'locale'));
  });
}

function loadScript(address: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const script = document.createElement('script');
  script.addEventListener('load', () => resolve());
  script.addEventListener('error', () => reject(new Error('the script did not load')));
  script.src = address;
  document.head.append(script);
  return promise;
}

export type Start = { readonly is: 'ready'; readonly zoho: Zoho } | { readonly is: 'sdk' | 'outside' };

/** Handlers are registered before the handshake, or the first PageLoad would be missed. */
export async function startSdk(onPage: (data: unknown) => void): Promise<Start> {
  try {
    await within(loadScript(SDK_ADDRESS), SCRIPT_MS);
  } catch {
    return { is: 'sdk' };
  }
  const sdk = window.ZOHO;
  if (sdk === undefined) return { is: 'sdk' };
  try {
    sdk.embeddedApp.on('PageLoad', onPage);
    await within(sdk.embeddedApp.init(), INIT_MS);
  } catch {
    return { is: 'outside' };
  }
  return { is: 'ready', zoho: zohoOf(sdk) };
}
