import diagnostics from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';

/** The requests that the simulator of this process answers, seen from within. */
export interface ZohoWatch {
  /** By account: when the answer of its first write was given, and every value that each field was given. */
  readonly writes: ReadonlyMap<string, AccountWrites>;
  /** When the last call was answered. */
  readonly lastCallAt: () => number;
  /** Counts from here on. */
  forget(): void;
  /** Of each span the milliseconds in which a call to Zoho was being answered. */
  busyMsOf(spans: readonly (readonly [from: number, to: number])[]): number[];
  stop(): void;
}
interface AccountWrites {
  readonly at: number;
  readonly fields: Map<string, string[]>;
}

/** Milliseconds since 1970, with fractions: the same in every thread. */
export const now = (): number => performance.timeOrigin + performance.now();

const Body = z.object({ data: z.array(z.record(z.string(), z.unknown())) });

export function watchZoho(): ZohoWatch {
  const writes = new Map<string, AccountWrites>();
  const begun = new WeakMap<IncomingMessage, number>();
  const calls: [from: number, to: number][] = [];
  let lastCallAt = now();
  // The diagnostics channels give one object with the request; Express adds the path and the body that it has read.
  type Seen = { request: IncomingMessage & { originalUrl?: string; body?: unknown } };
  const pathOf = ({ originalUrl, url }: Seen['request']) => originalUrl ?? url ?? '';
  const onStart = (message: unknown) => {
    begun.set((message as Seen).request, now());
  };
  const onFinish = (message: unknown) => {
    const { request } = message as Seen;
    if (!pathOf(request).startsWith('/crm/')) return;
    const at = now();
    lastCallAt = at;
    calls.push([begun.get(request) ?? at, at]);
    if (request.method !== 'PUT' || !/^\/crm\/v8\/Accounts\b/.test(pathOf(request))) return;
    for (const { id, ...fields } of Body.parse(JSON.parse(String(request.body))).data) {
      const known = writes.get(String(id)) ?? { at, fields: new Map<string, string[]>() };
      for (const [field, value] of Object.entries(fields))
        known.fields.set(field, [...(known.fields.get(field) ?? []), JSON.stringify(value)]);
      writes.set(String(id), known);
    }
  };
  diagnostics.subscribe('http.server.request.start', onStart);
  diagnostics.subscribe('http.server.response.finish', onFinish);
  return {
    writes,
    lastCallAt: () => lastCallAt,
    forget() {
      writes.clear();
      calls.length = 0;
    },
    busyMsOf(spans) {
      const sorted = calls.toSorted(([one], [other]) => one - other);
      return spans.map(([from, to]) => {
        let busy = 0;
        let until = from;
        // Calls overlap: no moment counts twice.
        for (const [start, end] of sorted) {
          if (start >= to) break;
          const [first, last] = [Math.max(start, until), Math.min(end, to)];
          if (last > first) busy += last - first;
          until = Math.max(until, last);
        }
        return busy;
      });
    },
    stop() {
      diagnostics.unsubscribe('http.server.request.start', onStart);
      diagnostics.unsubscribe('http.server.response.finish', onFinish);
    },
  };
}
