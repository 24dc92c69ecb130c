/** What the service notices about itself. Metrics count it, traces time it; neither sees records, texts or secrets. */

export type Observation =
  | { readonly kind: 'run'; readonly run: string; readonly outcome: string; readonly seconds: number }
  | { readonly kind: 'job'; readonly job: string; readonly outcome: string; readonly seconds: number }
  | { readonly kind: 'zoho'; readonly method: string; readonly outcome: string; readonly seconds: number }
  /** From the receipt of a notification to the end of the work on it, the answer of the write included. */
  | { readonly kind: 'delivery'; readonly seconds: number };

type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface Observer {
  note(observation: Observation): void;
  /** Times the work as a span within the one around it; without traces it just does the work. */
  span<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>;
}

export const unobserved: Observer = {
  note: () => undefined,
  span: (_name, _attributes, work) => work(),
};
