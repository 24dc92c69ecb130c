import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import type { SimClock } from './clock.ts';
import type { CoqlCatalog, CoqlSource } from './coql-types.ts';
import type { CreditLedger } from './credits.ts';
import type { ActiveFault, FaultBook, FaultKind } from './faults.ts';
import type { Notifier } from './notifier.ts';
import type { RecordLife } from './record-life.ts';
import type { RecordWriter, WriterDeps } from './record-writer.ts';
import type { ReportBook } from './report.ts';
import type { Viewer } from './row-values.ts';
import type { OrgState, SimUser } from './state.ts';
import type { Switches } from './switches.ts';
import type { TokenBook } from './token-book.ts';

/** What an endpoint may do with one authorised call. Refusals are thrown as ApiError. */
export interface Call {
  method: string;
  path: string;
  user: SimUser;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string>>;
  headers: IncomingHttpHeaders;
  /** The body as JSON; refuses what is not. */
  json(): unknown;
  /** The body as it came. */
  bytes(): Buffer;
  /** e.g. `need('modules', 'deals', 'READ')`, `need('coql', 'READ')`. Refuses with OAUTH_SCOPE_MISMATCH. */
  need(...words: string[]): void;
  /** Refuses with 429 when the day's credits do not suffice. */
  charge(credits: number): void;
  /** Takes one of the slots for heavy calls until the answer is sent; refuses with 429 when none is free. */
  enterSub(): void;
  fault(kind: FaultKind): ActiveFault | null;
  faultsOf(kind: FaultKind): ActiveFault[];
}

export interface Answer {
  status: number;
  json?: unknown;
  bytes?: Buffer;
  headers?: Record<string, string>;
}

export type Endpoint = (call: Call) => Answer | Promise<Answer>;

/** What all routers of one simulator share. */
export interface SimContext {
  state: OrgState;
  clock: SimClock;
  /** Live: read when needed, not when built. */
  switches: Switches;
  faults: FaultBook;
  report: ReportBook;
  ledger: CreditLedger;
  tokens: TokenBook;
  writer: RecordWriter;
  /** For what people and the API do with whole records. */
  writing: WriterDeps & { writer: RecordWriter };
  life: RecordLife;
  notifier: Notifier;
  /** http://127.0.0.1:port */
  url(): string;
  newToken(): string;
  /** Does what a fault makes people do between two calls. */
  intervene(fault: ActiveFault): void;
  /** What queries of that user know of. */
  catalog(user: SimUser): CoqlCatalog;
  /** How a user in that time zone sees records. */
  viewer(timeZone: string): Viewer;
  /** Rows as the API shows them to a user in that time zone. */
  source(timeZone: string): Required<CoqlSource>;
  /**
   * Counts, authorises, throttles, disturbs and answers a call. The endpoint checks scopes and charges credits itself
   * (`call.need`, `call.charge`).
   */
  endpoint(handle: Endpoint): RequestHandler;
}
