import { AppError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';

/** What no other module could survive either. */
export function endsTheRun(error: unknown): boolean {
  return (
    error instanceof ZohoCreditsError ||
    (error instanceof ZohoAuthError && !error.scope) ||
    !(error instanceof AppError)
  );
}

export function codeOf(error: unknown): string {
  if (error !== null && typeof error === 'object' && 'zohoCode' in error && error.zohoCode)
    return String(error.zohoCode);
  return error instanceof AppError ? error.code : 'internal_error';
}
