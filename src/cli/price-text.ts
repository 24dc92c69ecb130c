import type { Instalments } from '../changes.ts';
import type { ApplySummary } from '../jobs/run-apply.ts';
import type { PlanSummary } from '../jobs/run-plan.ts';

/** What a plan costs, by which way it is written, and over how many days. */

const number = (value: number) => value.toLocaleString('en');

export function priceText({ credits, calls, method, modules, instalments }: PlanSummary): string[] {
  const ways = Object.entries(modules).map(
    ([module, part]) =>
      `${module} by ${part.method === 'bulk' ? 'bulk write' : 'calls'} ${number(part.credits)}`,
  );
  return [
    `  price: ${number(credits)} credits in ${number(calls)} calls${method === 'bulk' ? ` (${ways.join(', ')})` : ''}`,
    ...(instalments ? [`  in instalments: ${spreadText(instalments)}`] : []),
  ];
}

export function spreadText({ today, perDay, days, lastDay }: Instalments): string {
  return `${number(today)} credits now, then at most ${number(perDay)} a day, best customers first; ${days} in all, the last on ${lastDay}`;
}

export function instalmentText({ instalments, remaining, planId }: ApplySummary): string[] {
  if (!instalments) return [];
  return [
    `! today's credits are used: ${number(remaining)} changes remain, the last instalment is on ${instalments.lastDay}; go on with: zcv apply --plan ${planId}`,
  ];
}
