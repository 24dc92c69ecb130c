import type { Span } from '@opentelemetry/api';
import { AppError } from './errors.ts';
import type { Observer } from './observe.ts';

/** OpenTelemetry traces, when OTEL_EXPORTER_OTLP_ENDPOINT is set. Otherwise none of its libraries is loaded. */
export interface Tracing {
  readonly span: Observer['span'];
  /** Sends what is left. */
  stop(): Promise<void>;
}

const SERVICE = 'zoho-customer-value';

/** `endpoint`: base URL of an OTLP/HTTP receiver, to which /v1/traces is added. `part`: server, jobs, worker or cli. */
export async function startTracing(endpoint: string, part: string): Promise<Tracing> {
  const [
    { context, SpanStatusCode, trace },
    { NodeTracerProvider, BatchSpanProcessor },
    exporter,
    resources,
  ] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new NodeTracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': SERVICE, 'service.component': part }),
    spanProcessors: [
      new BatchSpanProcessor(
        new exporter.OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` }),
      ),
    ],
  });
  // Registers how a span is known to the work within it.
  provider.register();
  const tracer = trace.getTracer(SERVICE);

  async function timed<T>(span: Span, work: () => Promise<T>): Promise<T> {
    try {
      return await context.with(trace.setSpan(context.active(), span), work);
    } catch (error) {
      // The code alone: a message may quote what Zoho said about a record.
      span.setAttribute('error.type', error instanceof AppError ? error.code : 'unexpected');
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  }
  return {
    span: (name, attributes, work) => timed(tracer.startSpan(name, { attributes }), work),
    async stop() {
      await provider.shutdown();
    },
  };
}
