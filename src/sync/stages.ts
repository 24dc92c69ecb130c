import type { DealOutcome, StageRow } from '../records.ts';
import type { FieldMeta } from '../zoho/metadata.ts';

/** Won or lost by the pipeline's forecast type; a stage that left its pipeline still counts by its name elsewhere. */
export function outcomeIndex(
  stages: readonly StageRow[],
): (pipeline: string | null, stage: string | null) => DealOutcome {
  const exact = new Map(stages.map((row) => [`${row.pipeline}\n${row.stage}`, row.outcome]));
  const byStage = new Map(stages.map((row) => [row.stage, row.outcome]));
  return (pipeline, stage) =>
    stage === null
      ? 'unknown'
      : (exact.get(`${pipeline ?? ''}\n${stage}`) ?? byStage.get(stage) ?? 'unknown');
}

/** Where pipelines cannot be read, Zoho's own stage names are all there is: "Closed Won", "Closed Lost …". */
export function stagesFromPicklist(fields: readonly FieldMeta[]): StageRow[] {
  const stage = fields.find((field) => field.apiName === 'Stage');
  return (stage?.picklist ?? []).flatMap(({ actual, display }) => {
    const outcome = /\bwon\b/i.test(actual) ? 'won' : /\blost\b/i.test(actual) ? 'lost' : 'open';
    return [...new Set([actual, display])].map(
      (name) => ({ pipeline: '', stage: name, outcome }) satisfies StageRow,
    );
  });
}
