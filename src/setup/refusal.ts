import { ZohoAuthError, ZohoContractError, ZohoRejectedError } from '../errors.ts';

/** Zoho said no to this way of asking; another may still do. */
export function isRefused(error: unknown): boolean {
  if (error instanceof ZohoAuthError) return error.scope;
  return error instanceof ZohoRejectedError || error instanceof ZohoContractError;
}
