import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Observer } from '../observe.ts';
import type { ZohoClient } from './client.ts';
import { templateOf } from './seen-call.ts';

/** The same client; each call is timed with its waits and tries, by method, module and outcome alone. */
export function observedClient(
  client: ZohoClient,
  { observer, clock }: { readonly observer: Observer; readonly clock: Clock },
): ZohoClient {
  return {
    ...client,
    async request(request) {
      const { method, path } = request;
      const startedAt = clock.now().getTime();
      const note = (outcome: string) => {
        const seconds = (clock.now().getTime() - startedAt) / 1000;
        observer.note({ kind: 'zoho', method, outcome, seconds });
      };
      const attributes = { 'http.request.method': method, 'url.template': templateOf(path) };
      try {
        const answer = await observer.span('zoho call', attributes, () => client.request(request));
        note('ok');
        return answer;
      } catch (error) {
        note(error instanceof AppError ? error.code : 'unexpected');
        throw error;
      }
    },
  };
}
