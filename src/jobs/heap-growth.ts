import { setFlagsFromString } from 'node:v8';

// Left alone, V8 lets the heap grow to four times what lives before it collects the old objects.
const PERCENT = {
  // Rows stream through, so nearly all of the heap is garbage: a first sync to PostgreSQL takes 290 MB instead of 400, for a
  // tenth more processor time in collecting.
  sync: 30,
  // What a scoring makes dies young, but the ranks of everybody live in each thread.
  scoring: 50,
} as const;

/** How far the heap may grow, for what begins now; of the whole process, so the last who says holds. */
export function limitHeapGrowth(work: keyof typeof PERCENT): void {
  setFlagsFromString(`--heap-growing-percent=${PERCENT[work]}`);
}
