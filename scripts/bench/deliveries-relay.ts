import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * Stands where Zoho's many senders and our load balancer stand: the simulator sends one notification after another and
 * waits for each answer; this one takes it at once and passes it on, to the servers in turn, without waiting for those
 * before. In a thread of its own, or what the simulator is busy with would count as our answer.
 */
export interface Relay {
  readonly url: string;
  /** From now on to these, in turn. */
  passOnTo(targets: readonly string[]): void;
  /** Everything sent since the last time, each with its answer; waits for the answers. */
  taken(): Promise<readonly Sent[]>;
  close(): Promise<unknown>;
}
export interface Sent {
  readonly module: string;
  readonly ids: readonly string[];
  /** Milliseconds since 1970, with fractions. */
  readonly at: number;
  readonly isRepeat: boolean;
  /** 0: no answer came. */
  status: number;
  answerMs: number;
}
export type Asked =
  | { readonly kind: 'pass-on-to'; readonly targets: readonly string[] }
  | { readonly kind: 'taken' };

/** `repeatEvery`: each so manieth notification of Deals is sent a second time, as Zoho may; to the next server. */
export async function startRelay(repeatEvery: number): Promise<Relay> {
  const thread = new Worker(new URL('deliveries-relay-thread.ts', import.meta.url), {
    workerData: { repeatEvery },
  });
  const ask = (asked: Asked) => thread.postMessage(asked);
  const [port] = await once(thread, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    passOnTo: (targets) => ask({ kind: 'pass-on-to', targets }),
    async taken() {
      const answer = once(thread, 'message');
      ask({ kind: 'taken' });
      const [sent] = await answer;
      return sent;
    },
    close: () => thread.terminate(),
  };
}
