/** What happened since the start or the last reset. */
export interface CallReport {
  /** `GET /crm/v8/Deals/{id}` → count; ids in paths are shown as {id}. */
  calls: Record<string, number>;
  statuses: Record<string, number>;
  totalCalls: number;
  credits: number;
  /** Access tokens handed out for a refresh token. */
  refreshes: number;
  codeExchanges: number;
  /** Module → record id → field → number of writes through the API. */
  writes: Record<string, Record<string, Record<string, number>>>;
  /** Records that API writes created, by module. */
  created: Record<string, number>;
  /** API writes that would have run automation, as `trigger: []` was missing. */
  triggered: { method: string; path: string; module: string; rows: number }[];
  /** API writes that would have started cadences, as skip_feature_execution was missing. */
  cadenced: number;
  notifications: { sent: number; failed: number; withheld: number };
}

export interface ReportBook {
  call(method: string, path: string): void;
  status(status: number): void;
  credits(credits: number): void;
  token(kind: 'refresh' | 'code'): void;
  write(module: string, id: string, fields: readonly string[], isNew: boolean): void;
  triggered(write: CallReport['triggered'][number]): void;
  cadenced(): void;
  notified(outcome: keyof CallReport['notifications']): void;
  read(): CallReport;
  reset(): void;
}

type FieldCounts = Map<string, number>;

export function createReportBook(): ReportBook {
  let report = emptyReport();
  let writes = new Map<string, Map<string, FieldCounts>>();
  return {
    call: (method, path) => {
      add(report.calls, `${method} ${path.replace(/\b\d{15,}\b/g, '{id}')}`);
      report.totalCalls += 1;
    },
    status: (status) => add(report.statuses, String(status)),
    credits: (credits) => {
      report.credits += credits;
    },
    token: (kind) => {
      if (kind === 'refresh') report.refreshes += 1;
      else report.codeExchanges += 1;
    },
    write: (module, id, fields, isNew) => {
      if (isNew) add(report.created, module);
      const records = orNew(writes, module, () => new Map<string, FieldCounts>());
      const counts = orNew(records, id, () => new Map<string, number>());
      for (const field of fields) counts.set(field, (counts.get(field) ?? 0) + 1);
    },
    triggered: (write) => report.triggered.push(write),
    cadenced: () => {
      report.cadenced += 1;
    },
    notified: (outcome) => {
      report.notifications[outcome] += 1;
    },
    read: () => structuredClone({ ...report, writes: plain(writes) }),
    reset: () => {
      report = emptyReport();
      writes = new Map();
    },
  };
}

function emptyReport(): CallReport {
  return {
    calls: {},
    statuses: {},
    totalCalls: 0,
    credits: 0,
    refreshes: 0,
    codeExchanges: 0,
    writes: {},
    created: {},
    triggered: [],
    cadenced: 0,
    notifications: { sent: 0, failed: 0, withheld: 0 },
  };
}

function add(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function orNew<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}

function plain(writes: ReadonlyMap<string, ReadonlyMap<string, FieldCounts>>): CallReport['writes'] {
  return Object.fromEntries(
    [...writes].map(([module, records]) => [
      module,
      Object.fromEntries([...records].map(([id, counts]) => [id, Object.fromEntries(counts)])),
    ]),
  );
}
