import { once } from 'node:events';
import type { Response } from 'express';

/** Streams lines to a reader who may be slow or leave: memory holds one piece, and work stops when nobody listens. */
export async function sendLines(
  res: Response,
  head: { readonly type: string; readonly fileName: string },
  lines: AsyncIterable<string>,
): Promise<void> {
  res.status(200).type(head.type).set('Content-Disposition', `attachment; filename="${head.fileName}"`);
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  try {
    for await (const line of lines) {
      if (gone.signal.aborted) return;
      if (!res.write(line)) await once(res, 'drain', { signal: gone.signal });
    }
    res.end();
  } catch (error) {
    // Whoever left needs no answer.
    if (!gone.signal.aborted) throw error;
  }
}
