import type { ZohoClient } from './client.ts';

export interface ChannelInput {
  readonly channelId: string;
  readonly events: readonly string[];
  readonly expiry: Date;
  readonly token: string;
}
export interface Channel {
  readonly channelId: string;
  readonly events: string[];
  readonly expiresAt: Date | null;
  readonly notifyUrl: string | null;
}
export declare function enableChannel(
  client: ZohoClient,
  input: ChannelInput & {
    notifyUrl: string;
    conditionFields?: readonly { module: string; fields: readonly string[] }[];
  },
): Promise<{ expiresAt: Date }>;
export declare function renewChannel(client: ZohoClient, input: ChannelInput): Promise<{ expiresAt: Date }>;
export declare function disableChannel(client: ZohoClient, channelId: string): Promise<void>;
export declare function getChannel(client: ZohoClient, channelId: string): Promise<Channel | null>;
