import { z } from 'zod';
import type { Language } from '../../domain.ts';
import { type FindingParams, findingText } from '../../texts/doctor-text.ts';
import { sentenceIn } from '../../texts/known-sentences.ts';

/** Of a run: what doctor found and why it failed, in the language of who reads it. Runs are kept in English. */

// Written by this or an earlier version: without a code, or with one that has no words here, the English stays.
const Report = z.looseObject({ checks: z.array(z.unknown()) });
const Coded = z.looseObject({ code: z.string(), params: z.record(z.string(), z.unknown()) });
const Failed = z.looseObject({ error: z.string() });

export function summaryIn(language: Language, kind: string, summary: unknown): unknown {
  if (language === 'en') return summary;
  const failed = Failed.safeParse(summary).data;
  if (failed) return { ...failed, error: sentenceIn(language, failed.error) };
  const report = kind === 'doctor' ? Report.safeParse(summary).data : undefined;
  return report ? { ...report, checks: report.checks.map((check) => checkIn(language, check)) } : summary;
}

function checkIn(language: Language, check: unknown): unknown {
  const coded = Coded.safeParse(check).data;
  if (!coded) return check;
  const params = coded.params as FindingParams; // as doctor wrote them
  return { ...coded, ...findingText({ code: coded.code, params }, language) };
}
