import { expect } from 'vitest';
import type { Db } from '../../src/db.ts';
import { playScene, type SceneEnd } from './write-run.ts';
import { CALL_FAULTS, drawScene, EDITS, type Scene } from './write-scene.ts';

/** Many seeded scenes one after the other, and a table of what really happened in them. */
export interface Campaign {
  readonly name: string;
  readonly seed: number;
  readonly runs: number;
  readonly hasUniqueKey: boolean;
  /** Every kind of disturbance must have struck; too much to ask of a short sample. */
  readonly mustHitAll: boolean;
}

export async function playCampaign(db: Db, campaign: Campaign): Promise<void> {
  const { name, seed, runs } = campaign;
  console.log(`${name}: ZCV_SEED=${seed} ZCV_RUNS=${runs}, the seeds ${seed} to ${seed + runs - 1}`);
  const startedAt = performance.now();
  const ends: SceneEnd[] = [];
  const broken: string[] = [];
  const note = (text: string) => {
    broken.push(text);
    console.log(text);
  };
  for (let n = 0; n < runs; n++) {
    const scene = drawScene(seed + n, campaign.hasUniqueKey);
    try {
      const end = await playScene(db, scene);
      ends.push(end);
      if (end.wrong.length > 0) note(`${told(scene)}\n    ${end.wrong.slice(0, 6).join('\n    ')}`);
    } catch (error) {
      note(`${told(scene)}\n    ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  console.log(tableOf(name, ends, (performance.now() - startedAt) / 1_000));
  expect(broken, 'scenes that ended wrong').toEqual([]);
  const hits = sumOf(ends);
  // One scene that is played again may be a calm one.
  if (runs > 1) expect(hits.size, 'kinds of disturbance that struck').toBeGreaterThan(0);
  if (!campaign.mustHitAll) return;
  const kinds = [
    ...CALL_FAULTS,
    ...EDITS.map((kind) => `person: ${kind}`),
    ...['kill', 'freeze', 'second worker: apply', 'second worker: run'],
    ...(campaign.hasUniqueKey ? [] : ['key lost']),
  ];
  expect(
    kinds.filter((kind) => !hits.has(kind)),
    'disturbances that never struck',
  ).toEqual([]);
}

/** Enough to play it again, and to see at once what it was. */
function told({ seed, key, customers, hasPast, onEdit }: Scene): string {
  return `ZCV_SEED=${seed} ZCV_RUNS=1 (key ${key}, ${customers} customers, ${hasPast ? 'with' : 'without'} a past, on edit ${onEdit})`;
}

function sumOf(ends: readonly SceneEnd[]): Map<string, number> {
  const sum = new Map<string, number>();
  for (const { hits } of ends) for (const [kind, times] of hits) sum.set(kind, (sum.get(kind) ?? 0) + times);
  return sum;
}

function tableOf(name: string, ends: readonly SceneEnd[], seconds: number): string {
  const total = (of: (end: SceneEnd) => number) => ends.reduce((sum, end) => sum + of(end), 0);
  const count = (word: string) => total(({ wrong }) => wrong.filter((text) => text.includes(word)).length);
  const isCalm = ({ hits }: SceneEnd) => hits.size === 0;
  const calm = ends.filter(isCalm);
  const rows: [string, number | string][] = [
    ['runs', ends.length],
    ['lost tasks', count('LOST')],
    ['doubled tasks', count('DOUBLED')],
    ['wrong fields', count('FIELD')],
    ["people's values lost", count('THEIRS')],
    ['wrong tasks', count('TASK')],
    ['others touched', count('TOUCHED') + count('FOREIGN')],
    ['store apart from Zoho', count('STORE')],
    ['planned field values', total(({ planned }) => planned.fields)],
    ['planned tasks: new', total(({ planned }) => planned.creates)],
    ['planned tasks: changed', total(({ planned }) => planned.updates)],
    ['planned tasks: completed', total(({ planned }) => planned.closes)],
    ['credits priced', total(({ credits }) => credits.priced)],
    ['credits spent', total(({ credits }) => credits.spent)],
    ['undisturbed runs, where both are equal', calm.length],
    ['seconds a run', (seconds / Math.max(1, ends.length)).toFixed(2)],
    ...[...sumOf(ends)].sort(([left], [right]) => (left < right ? -1 : 1)),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    name,
    ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${String(value).padStart(8)}`),
  ].join('\n');
}
