import type { ZohoClient } from '../zoho/client.ts';
import {
  type Channel,
  disableChannels,
  enableChannel,
  getChannel,
  renewChannel,
} from '../zoho/notifications.ts';

interface Asked {
  readonly channelId: string;
  readonly events: readonly string[];
  readonly expiry: Date;
  readonly token: string;
  /** None: every edit is told. */
  readonly conditionFields: readonly { readonly module: string; readonly fields: readonly string[] }[];
}
/** Zoho's side of a channel, for one connection. */
export interface ChannelApi {
  enable(input: Asked & { readonly notifyUrl: string }): Promise<{ expiresAt: Date }>;
  /** Events and conditions become those given; throws ZohoRejectedError NOT_SUBSCRIBED when the channel is gone. */
  renew(input: Asked): Promise<{ expiresAt: Date }>;
  /** As Zoho has it; null: it is gone. */
  get(channelId: string): Promise<Channel | null>;
  /** Those that are gone already count as disabled. */
  disable(channelIds: readonly string[]): Promise<unknown>;
}

/** `client` is asked for at each call: it follows the settings of the connection. */
export function channelApi(client: () => Promise<ZohoClient>): ChannelApi {
  return {
    enable: async (input) => enableChannel(await client(), input),
    renew: async (input) => renewChannel(await client(), input),
    get: async (channelId) => getChannel(await client(), channelId),
    disable: async (channelIds) => disableChannels(await client(), channelIds),
  };
}
