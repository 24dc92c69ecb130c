/** What went wrong with a call, in the words of the service (RFC 9457) where it gave any. */

interface ProblemBody {
  readonly title?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly {
    readonly in: string;
    readonly path: string;
    readonly message: string;
    /** Of a text that was sent. */
    readonly line?: number | null;
  }[];
}

export class ApiProblem extends Error {
  /** 0: no answer came. */
  readonly status: number;
  readonly code: string | null;
  readonly title: string | null;
  readonly detail: string | null;
  readonly requestId: string | null;
  readonly errors: NonNullable<ProblemBody['errors']>;
  constructor(status: number, body: ProblemBody, options: { cause?: unknown } = {}) {
    super(body.detail ?? body.title ?? `status ${status}`, options);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code ?? null;
    this.title = body.title ?? null;
    this.detail = body.detail ?? null;
    this.requestId = body.requestId ?? null;
    this.errors = body.errors ?? [];
  }
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}

export async function problemOf(answer: Response): Promise<ApiProblem> {
  const requestId = answer.headers.get('x-request-id');
  try {
    // A proxy in between may answer with anything; then the status has to do.
    const body = (await answer.json()) as ProblemBody;
    return new ApiProblem(answer.status, { ...(requestId === null ? {} : { requestId }), ...body });
  } catch (cause) {
    return new ApiProblem(answer.status, requestId === null ? {} : { requestId }, { cause });
  }
}
