import type { ZohoClient } from '../zoho/client.ts';
import { disableChannel, enableChannel, renewChannel } from '../zoho/notifications.ts';

/** Zoho's side of a channel, for one connection. */
export interface ChannelApi {
  enable(input: {
    readonly channelId: string;
    readonly events: readonly string[];
    readonly expiry: Date;
    readonly token: string;
    readonly notifyUrl: string;
    readonly conditionFields: readonly { readonly module: string; readonly fields: readonly string[] }[];
  }): Promise<{ expiresAt: Date }>;
  renew(input: {
    readonly channelId: string;
    readonly events: readonly string[];
    readonly expiry: Date;
    readonly token: string;
  }): Promise<{ expiresAt: Date }>;
  disable(channelId: string): Promise<unknown>;
}

/** `client` is asked for at each call: it follows the settings of the connection. */
export function channelApi(client: () => Promise<ZohoClient>): ChannelApi {
  return {
    enable: async (input) => enableChannel(await client(), input),
    renew: async (input) => renewChannel(await client(), input),
    disable: async (channelId) => disableChannel(await client(), channelId),
  };
}
