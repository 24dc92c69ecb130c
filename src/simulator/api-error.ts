/** A refusal of a whole call, in Zoho's shape `{ code, details, message, status }`. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

export function errorBody({ code, details, message }: Pick<ApiError, 'code' | 'details' | 'message'>): {
  code: string;
  details: Record<string, unknown>;
  message: string;
  status: 'error';
} {
  return { code, details, message, status: 'error' };
}
