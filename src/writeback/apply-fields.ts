import type { ModuleName } from '../domain.ts';
import type { AppError } from '../errors.ts';
import {
  filePrice,
  RECORDS_PER_WRITE,
  ROWS_PER_FILE,
  type RowGroups,
  rowGroup,
  rowsInFiles,
} from '../plan/price.ts';
import type { UploadTarget } from '../zoho/bulk-write.ts';
import { writeInBulk } from './bulk-fields.ts';
import { withoutEdited } from './edited-rows.ts';
import { rowsInOrder } from './plan-order.ts';
import type { Applying, FieldRow } from './types.ts';
import { type Refusals, rowsToWrite, writeFields } from './write-fields.ts';

/** How the fields of a plan are spread over calls and files. */
export interface FieldsInput {
  /** What is left of the plan, by which each module's way is chosen. */
  readonly rows: { readonly [M in ModuleName]?: RowGroups };
  /** Credits that may be spent on fields now, and on another day; null: all that it takes. */
  readonly budget: { readonly now: number; readonly perDay: number } | null;
}
interface FieldsEnd {
  readonly stop: AppError | null;
  /** The budget was spent before the last row. */
  readonly isCut: boolean;
}

/**
 * Fields, best customers first. A module's rows fill whole calls and files across tiers: an apply costs no more than
 * its plan was priced at.
 */
export async function applyFields(applying: Applying, input: FieldsInput): Promise<FieldsEnd> {
  const writer = new FieldWriter(applying, input);
  let isAtCopies = false;
  for await (const { rows, isCopies } of rowsInOrder(applying)) {
    // Contacts go on: customers and copies of that module share calls.
    if (isCopies && !isAtCopies) await writer.flush('Accounts');
    isAtCopies = isCopies;
    for (const [module, group] of Map.groupBy(rows, (row) => row.module)) await writer.add(module, group);
    if (writer.end.stop || writer.end.isCut) return writer.end;
  }
  await writer.flushAll();
  return writer.end;
}

class FieldWriter {
  end: FieldsEnd = { stop: null, isCut: false };
  readonly #applying: Applying;
  readonly #input: FieldsInput;
  readonly #refusals: Refusals = { modules: new Map(), fields: new Map() };
  readonly #records = new Map<ModuleName, FieldRow[]>();
  /** By module and group. */
  readonly #files = new Map<string, { module: ModuleName; group: string; rows: FieldRow[] }>();
  readonly #noBulk = new Set<ModuleName>();
  readonly #creditsAtStart: number;

  constructor(applying: Applying, input: FieldsInput) {
    this.#applying = applying;
    this.#input = input;
    this.#creditsAtStart = applying.deps.zoho.usage().credits;
  }

  async add(module: ModuleName, rows: readonly FieldRow[]): Promise<void> {
    const to = this.#bulkTarget(module);
    const isAnyInFiles =
      to && Object.keys(this.#input.rows[module] ?? {}).some((group) => this.#goesInFiles(module, group));
    if (!to || !isAnyInFiles) {
      this.#addRecords(module, rows);
    } else {
      const open = await rowsToWrite(this.#applying, this.#refusals, module, rows);
      // Before they are grouped: in a file a field that is left out might be cleared.
      const unedited = await withoutEdited(this.#applying, module, open);
      if (unedited.stop) this.end = { ...this.end, stop: unedited.stop };
      for (const row of unedited.rows) {
        const group = rowGroup(row.writes);
        if (this.#goesInFiles(module, group)) this.#fileFor(module, group).rows.push(row);
        else this.#addRecords(module, [row]);
      }
      for (const file of this.#filesOf(module)) {
        while (file.rows.length >= ROWS_PER_FILE && !this.#isOver())
          await this.#writeFile(file, file.rows.splice(0, ROWS_PER_FILE), to);
      }
    }
    await this.#writeRecords(module, RECORDS_PER_WRITE);
  }

  /** The last rows of a module. */
  async flush(module: ModuleName): Promise<void> {
    for (const file of this.#filesOf(module)) {
      const rows = file.rows.splice(0);
      const to = this.#bulkTarget(module);
      const isCheaper = rowsInFiles(rows.length, this.#applying.deps.zoho.prices) === rows.length;
      if (this.#isOver()) return;
      if (to && rows.length > 0 && isCheaper) await this.#writeFile(file, rows, to);
      else this.#addRecords(module, rows);
    }
    await this.#writeRecords(module, 1);
  }

  async flushAll(): Promise<void> {
    const modules = [...this.#files.values()].map(({ module }) => module);
    for (const module of new Set([...this.#records.keys(), ...modules])) await this.flush(module);
  }

  #isOver(): boolean {
    return this.end.stop !== null || this.end.isCut;
  }

  #bulkTarget(module: ModuleName): UploadTarget | null {
    const { bulkTo = null } = this.#applying.input;
    const { budget } = this.#input;
    const { prices } = this.#applying.deps.zoho;
    // A file that no day can pay would be put off for ever.
    const isPayable = budget === null || filePrice(prices) <= budget.perDay;
    return isPayable && !this.#noBulk.has(module) ? bulkTo : null;
  }

  #goesInFiles(module: ModuleName, group: string): boolean {
    const rows = this.#input.rows[module]?.[group] ?? 0;
    return rowsInFiles(rows, this.#applying.deps.zoho.prices) > 0;
  }

  #fileFor(module: ModuleName, group: string) {
    const key = `${module}.${group}`;
    const file = this.#files.get(key) ?? { module, group, rows: [] };
    this.#files.set(key, file);
    return file;
  }

  #filesOf(module: ModuleName) {
    return [...this.#files.values()].filter((file) => file.module === module);
  }

  #addRecords(module: ModuleName, rows: readonly FieldRow[]): void {
    const waiting = this.#records.get(module) ?? [];
    for (const row of rows) waiting.push(row);
    this.#records.set(module, waiting);
  }

  async #writeFile(
    { module, group }: { module: ModuleName; group: string },
    rows: readonly FieldRow[],
    to: UploadTarget,
  ): Promise<void> {
    if (this.#creditsLeft() < filePrice(this.#applying.deps.zoho.prices)) {
      this.end = { ...this.end, isCut: true };
      return;
    }
    const done = await writeInBulk(this.#applying, this.#refusals, { module, group, rows, to });
    if (done.isRefused) this.#noBulk.add(module);
    this.#addRecords(module, done.again);
    if (done.stop) this.end = { ...this.end, stop: done.stop };
  }

  async #writeRecords(module: ModuleName, atLeast: number): Promise<void> {
    const rows = this.#records.get(module) ?? [];
    while (rows.length >= atLeast && rows.length > 0 && !this.#isOver()) {
      const most = Math.min(
        RECORDS_PER_WRITE,
        this.#creditsLeft() * this.#applying.deps.zoho.prices.recordsPerWriteCredit,
      );
      if (most <= 0) {
        this.end = { ...this.end, isCut: true };
        return;
      }
      const stop = await writeFields(this.#applying, this.#refusals, module, rows.splice(0, most));
      if (stop) this.end = { ...this.end, stop };
    }
  }

  /** By what was really spent: lost answers and read-backs are paid from the same budget. */
  #creditsLeft(): number {
    const { budget } = this.#input;
    if (budget === null) return Number.POSITIVE_INFINITY;
    return budget.now - (this.#applying.deps.zoho.usage().credits - this.#creditsAtStart);
  }
}
