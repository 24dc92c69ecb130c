import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, DocumentModule, RecordId } from '../domain.ts';
import type { CustomerDocument, DocumentRecord } from '../records.ts';
import { type BulkUpsert, bulkUpsert, isOneOf, selectArrays } from './dialect.ts';
import type { DocumentLinesStore, PendingLines, ReadLines } from './record-stores.ts';
import { chunksOf, MAX_ROWS } from './rows.ts';
import type { Tables } from './tables.ts';

/** Lines of quotes, orders and invoices: they have no time of change of their own and go with their document. */

const LINES: BulkUpsert = {
  table: 'document_lines',
  columns: [
    'connection_id',
    'module',
    'document_id',
    'id',
    'product_id',
    'quantity',
    'list_price',
    'discount',
    'tax',
    'net_total',
  ].map((name) => ({ name, type: 'text' })),
  key: ['connection_id', 'module', 'document_id', 'id'],
};
// Lines of a document stay in one transaction; a document of more lines than this is rare.
const DOCUMENTS_PER_WRITE = 100;

export function documentLinesStore(db: Db): DocumentLinesStore {
  const { kysely } = db;
  return {
    async replace(connection, module, rows) {
      for (const piece of chunksOf(rows, DOCUMENTS_PER_WRITE)) {
        const ids = piece.map((row) => row.documentId);
        await kysely.transaction().execute(async (trx) => {
          await sql`delete from document_lines
            where connection_id = ${connection} and module = ${module}
            and ${isOneOf(db, 'document_id', ids)}`.execute(trx);
          await insert(db, trx, connection, module, piece);
          for (const { documentId, modifiedAt } of piece) {
            await sql`update documents set lines_read_at = ${modifiedAt}
              where connection_id = ${connection} and module = ${module} and id = ${documentId}`.execute(trx);
          }
        });
      }
    },

    async startOver(connection, module) {
      for (let ids = await pendingIds(db, connection, module, ''); ids.length > 0; ) {
        await sql`delete from document_lines
          where connection_id = ${connection} and module = ${module}
          and ${isOneOf(db, 'document_id', ids)}`.execute(kysely);
        ids = await pendingIds(db, connection, module, ids.at(-1) ?? '');
      }
    },

    async add(connection, module, rows) {
      for (const piece of chunksOf(rows, DOCUMENTS_PER_WRITE)) {
        await kysely.transaction().execute((trx) => insert(db, trx, connection, module, piece));
      }
    },

    async finish(connection, module) {
      for (let ids = await pendingIds(db, connection, module, ''); ids.length > 0; ) {
        await sql`update documents set lines_read_at = modified_at
          where connection_id = ${connection} and module = ${module} and ${isOneOf(db, 'id', ids)}`.execute(
          kysely,
        );
        ids = await pendingIds(db, connection, module, ids.at(-1) ?? '');
      }
    },

    async countPending(connection, module) {
      const { rows } = await sql<{ pending: number }>`
        select count(*) as pending from documents d where ${isPending(connection, module)}`.execute(kysely);
      return rows[0]?.pending ?? 0;
    },

    async pending(connection, module, limit) {
      const rows = await selectArrays(
        db,
        sql`select d.id, d.modified_at from documents d
          left join scores s on s.connection_id = d.connection_id and s.module = 'Accounts'
            and s.record_id = d.account_id
          where ${isPending(connection, module)}
          order by case when s.rank is null then 1 else 0 end, s.rank, d.modified_at desc, d.id limit ${limit}`,
      );
      return rows.map(pendingOf);
    },

    async pendingOf(connection, module, ids) {
      const found: PendingLines[] = [];
      for (const piece of chunksOf(ids, MAX_ROWS)) {
        const rows = await selectArrays(
          db,
          sql`select d.id, d.modified_at from documents d
            where ${isPending(connection, module)} and ${isOneOf(db, 'd.id', piece)} order by d.id`,
        );
        found.push(...rows.map(pendingOf));
      }
      return found;
    },
  };
}

function pendingOf([id, modifiedAt]: unknown[]): PendingLines {
  return { documentId: id as RecordId, modifiedAt: modifiedAt as Date }; // text and timestamptz, neither null
}

function isPending(connection: ConnectionId, module: DocumentModule): RawBuilder<boolean> {
  return sql<boolean>`d.connection_id = ${connection} and d.module = ${module} and d.deleted_at is null
    and (d.lines_read_at is null or d.lines_read_at <> d.modified_at)`;
}

async function pendingIds(
  db: Db,
  connection: ConnectionId,
  module: DocumentModule,
  after: RecordId,
): Promise<RecordId[]> {
  const rows = await selectArrays(
    db,
    sql`select d.id from documents d where ${isPending(connection, module)} and d.id > ${after}
      order by d.id limit ${MAX_ROWS}`,
  );
  return rows.map(([id]) => id as RecordId); // a text column, never null
}

async function insert(
  db: Db,
  trx: Kysely<Tables>,
  connection: ConnectionId,
  module: DocumentModule,
  rows: readonly ReadLines[],
): Promise<void> {
  const values = rows.flatMap(({ documentId, lines }) =>
    lines.map((line) => [
      connection,
      module,
      documentId,
      line.id,
      line.productId,
      line.quantity,
      line.listPrice,
      line.discount,
      line.tax,
      line.netTotal,
    ]),
  );
  for (const piece of chunksOf(values, MAX_ROWS)) await bulkUpsert(db, trx, LINES, piece);
}

type Line = CustomerDocument['lines'][number];

/** Each document with its lines, and what is known of their products. */
export async function withLines(
  db: Db,
  connection: ConnectionId,
  documents: readonly DocumentRecord[],
): Promise<CustomerDocument[]> {
  if (documents.length === 0) return [];
  const ids = [...new Set(documents.map((document) => document.id))].sort();
  const rows = await selectArrays(
    db,
    sql`select l.document_id, l.id, l.product_id, l.quantity, l.list_price, l.discount, l.tax, l.net_total,
        p.id, p.name, p.category, p.cost, p.currency, p.exchange_rate
      from document_lines l
      left join products p on p.connection_id = l.connection_id and p.id = l.product_id
      where l.connection_id = ${connection} and l.module in (${sql.join([...new Set(documents.map((one) => one.module))])})
      and ${isOneOf(db, 'l.document_id', ids)} order by l.id`,
  );
  const linesOf = new Map<RecordId, Line[]>();
  for (const row of rows) {
    const documentId = row[0] as RecordId; // a text column, never null
    const lines = linesOf.get(documentId);
    if (lines) lines.push(lineOf(row));
    else linesOf.set(documentId, [lineOf(row)]);
  }
  return documents.map((document) => ({ document, lines: linesOf.get(document.id) ?? [] }));
}

/** The columns are text; a product that is gone still says what it cost. */
function lineOf(row: readonly unknown[]): Line {
  const [, id, productId, quantity, listPrice, discount, tax, netTotal, ...product] = row as (
    | string
    | null
  )[];
  const [found, name, category, cost, currency, exchangeRate] = product;
  return {
    id: id ?? '',
    productId: productId ?? null,
    quantity: quantity ?? null,
    listPrice: listPrice ?? null,
    discount: discount ?? null,
    tax: tax ?? null,
    netTotal: netTotal ?? null,
    product: found
      ? {
          id: found,
          name: name ?? '',
          category: category ?? null,
          cost: cost ?? null,
          currency: currency ?? null,
          exchangeRate: exchangeRate ?? null,
        }
      : null,
  };
}
