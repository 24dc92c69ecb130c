/** A record as Zoho sends it, from JSON or CSV: `id` is always there and always text. */
export type ZohoRow = { id: string } & Record<string, unknown>;
