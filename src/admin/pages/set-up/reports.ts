import { useEffect } from 'react';
import type { AnswerOf } from '../../api/call.ts';
import { useApi } from '../../api/hooks.ts';
import { useConnection } from '../../shell/connection.tsx';

/** The set-up as the server tells it, and the reports of its steps: each is the summary of a run. */

export type SetUp = AnswerOf<'GET /connections/{connection}/set-up'>;
export type SetUpStep = SetUp['steps'][number];
export interface StepProps {
  readonly step: SetUpStep;
  readonly setUp: SetUp;
}

export interface Checks {
  readonly checks: readonly {
    readonly id: string;
    readonly status: 'ok' | 'warn' | 'fail';
    readonly message: string;
    readonly repair: string | null;
  }[];
}
interface Money {
  readonly currency: string;
  readonly deals: number;
  readonly amount: string;
}
export interface Assessment {
  readonly unmatched: {
    readonly deals: number;
    readonly ofWonDeals: number;
    readonly byCurrency: readonly Money[];
  } | null;
  readonly matched: { readonly dealsPercent: number | null } | null;
  readonly won: readonly Money[] | null;
  readonly modules: readonly {
    readonly module: string;
    readonly records: number | null;
    readonly error: string | null;
  }[];
  readonly deals: { readonly first: string | null; readonly last: string | null } | null;
  readonly duplicates: { readonly accounts: number; readonly names: number } | null;
  readonly people: {
    readonly activeUsers: number;
    readonly inactiveOwners: readonly { readonly name: string; readonly accounts: number }[];
    readonly time: { readonly usersLogging: number } | null;
  } | null;
  readonly missing: readonly string[];
  readonly credits: {
    readonly fullRun: number;
    readonly daily: number;
    readonly fullRunPercent: number;
    readonly dailyPercent: number;
  };
  readonly problems: readonly string[];
}
export interface Fields {
  readonly fields: readonly {
    readonly module: string;
    readonly key: string;
    readonly label: string;
    readonly apiName: string | null;
    readonly action: 'create' | 'adopt' | 'conflict' | 'exists' | 'over_limit' | 'unavailable' | 'failed';
    readonly note: string | null;
    readonly error?: string | null;
  }[];
}
interface Standing {
  readonly tier: Tier;
  readonly phase: Phase;
}
type Listed = AnswerOf<'GET /connections/{connection}/customers'>['items'][number];
type Tier = Listed['tier'];
type Phase = Listed['phase'];
interface Distribution {
  readonly customers: number;
  readonly gold: number;
  readonly tiers: { readonly [T in Tier]: number };
  readonly phases: { readonly [P in Phase]: number };
}
export interface WhatIf {
  readonly version: number;
  readonly before: Distribution;
  readonly after: Distribution;
  readonly changed: {
    readonly customers: number;
    readonly first: readonly {
      readonly key: { readonly id: string };
      readonly name: string;
      readonly before: Standing;
      readonly after: Standing;
    }[];
  };
}
export type PlanSummary = NonNullable<AnswerOf<'GET /connections/{connection}/plans/{plan}'>['summary']>;
export interface Applied {
  readonly written: number;
  readonly rejected: readonly unknown[];
  readonly tasks: { readonly created: number; readonly updated: number; readonly closed: number };
  readonly remaining: number;
}

const RUN = 'GET /connections/{connection}/runs/{run}';

/** The newest run of a step, and its report when it has ended well. */
export function useReport<Report>({ run, state, at }: SetUpStep) {
  const { name: connection } = useConnection();
  const query = useApi(RUN, { path: { connection, run: run ?? '' } }, { isAsked: run !== null });
  const { refetch } = query;
  // The run is the same when it ends, so it is read again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these two tell that it changed
  useEffect(() => {
    if (run !== null) void refetch();
  }, [state, at]);
  const isWhole = query.data?.state === 'done' || query.data?.state === 'partial';
  // What the server stores as the summary of a run of that kind.
  const report = isWhole ? (query.data?.summary as Report) : null;
  return { report, kind: query.data?.kind ?? null, error: query.error };
}
