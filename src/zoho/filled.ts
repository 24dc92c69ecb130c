import { ZohoContractError, ZohoRejectedError } from '../errors.ts';
import type { ZohoClient } from './client.ts';
import { coql, literal } from './coql.ts';

/** Records that hold something in a field. */

const PAGE = 2_000;

/** Null: this kind of field cannot be asked after. */
export async function countFilled(client: ZohoClient, module: string, field: string): Promise<number | null> {
  try {
    const { rows } = await coql(client, `select COUNT(id) from ${module} where ${field} is not null`, 1);
    const [count] = Object.entries(rows[0] ?? {}).flatMap(([name, value]) =>
      /^count\(id\)$/i.test(name) ? [Number(value)] : [],
    );
    return count ?? 0;
  } catch (error) {
    if (error instanceof ZohoRejectedError || error instanceof ZohoContractError) return null;
    throw error;
  }
}

/** Their ids, in pages. Throws ZohoRejectedError for a field that cannot be asked after. */
export async function* filledIds(
  client: ZohoClient,
  module: string,
  field: string,
): AsyncGenerator<readonly string[]> {
  let after: string | null = null;
  for (;;) {
    const filled = `${field} is not null`;
    const where: string = after === null ? filled : `(${filled} and id > ${literal(after)})`;
    const query = `select id from ${module} where ${where} order by id asc limit ${PAGE}`;
    const { rows, more } = await coql(client, query, PAGE);
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ id }) => id);
    if (!more) return;
    after = last.id;
  }
}
