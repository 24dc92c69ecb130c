/** Every error class of the service. `code` is what logs, alerts and the README's troubleshooting list carry. */
export abstract class AppError extends Error {
  abstract readonly code: string;
  readonly retryable: boolean = false;
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class ConfigError extends AppError {
  readonly code = 'bad_config';
}
export class InputError extends AppError {
  readonly code = 'bad_input';
}
export class SignatureError extends AppError {
  readonly code = 'bad_signature';
}
export class NotFoundError extends AppError {
  readonly code = 'not_found';
}
export class ConflictError extends AppError {
  readonly code = 'conflict';
}

/** Somebody else is at work: the same is right a little later, and a job that meets it waits. */
export class BusyError extends ConflictError {}

/** Another process took the line over while this one stood still; nothing may be written any more. */
export class LineLostError extends BusyError {
  constructor() {
    super(
      'this run stood still for so long that another one took over; what it had not written is in the plan: zcv apply',
    );
  }
}

/** What Zoho said, kept for the person who must act: its code, HTTP status and details, never a token. */
export interface ZohoDetail {
  readonly zohoCode?: string | undefined;
  readonly status?: number | undefined;
  readonly details?: unknown;
}
abstract class ZohoError extends AppError {
  readonly zohoCode: string | null;
  readonly status: number | null;
  readonly details: unknown;
  constructor(message: string, options: ZohoDetail & { cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.zohoCode = options.zohoCode ?? null;
    this.status = options.status ?? null;
    this.details = options.details ?? null;
  }
}

/** Token refused, expired for good, or without the scope. `scope` true: re-consent helps, a refresh does not. */
export class ZohoAuthError extends ZohoError {
  readonly code = 'zoho_auth';
  readonly scope: boolean;
  constructor(message: string, options: ZohoDetail & { cause?: unknown; scope?: boolean } = {}) {
    super(message, options);
    this.scope = options.scope ?? false;
  }
}
export class ZohoRateLimitError extends ZohoError {
  readonly code = 'zoho_rate_limited';
  override readonly retryable = true;
  readonly retryAfterMs: number | null;
  constructor(message: string, options: ZohoDetail & { cause?: unknown; retryAfterMs?: number | null } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}
/** No usable answer: 5xx, HTML, reset, time-out. `answerLost` true: a write may have taken effect. */
export class ZohoUnavailableError extends ZohoError {
  readonly code = 'zoho_unavailable';
  override readonly retryable = true;
  readonly answerLost: boolean;
  constructor(message: string, options: ZohoDetail & { cause?: unknown; answerLost?: boolean } = {}) {
    super(message, options);
    this.answerLost = options.answerLost ?? false;
  }
}
export class ZohoRejectedError extends ZohoError {
  readonly code = 'zoho_rejected';
}
export class ZohoContractError extends ZohoError {
  readonly code = 'zoho_contract';
}
/** Our ceiling, or Zoho's, is reached; `availableAt` is when the rolling window gives credits back. */
export class ZohoCreditsError extends ZohoError {
  readonly code = 'zoho_credits';
  readonly availableAt: Date;
  constructor(message: string, options: ZohoDetail & { cause?: unknown; availableAt: Date }) {
    super(message, options);
    this.availableAt = options.availableAt;
  }
}
