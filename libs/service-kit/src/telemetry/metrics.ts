import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How something ended, as a label. */
export type Outcome = 'ok' | 'failed';

/** What `GET /metrics` shows, in the Prometheus text format; durations in seconds. One per service, never the library's global one. */
export class Metrics {
  readonly #registry = new Registry();
  readonly events = this.#seconds('skyflo_event_seconds', 'How long handlers worked on events.', ['type', 'outcome']);
  readonly answers = this.#seconds('skyflo_answer_seconds', 'How long questions took to answer.', ['type', 'outcome']);
  readonly asks = this.#seconds('skyflo_ask_seconds', 'How long answers of others were waited for.', [
    'type',
    'outcome',
  ]);
  readonly commits = this.#seconds('skyflo_commit_seconds', 'How long commits took.', ['outcome']);
  readonly publications = this.#seconds('skyflo_publish_seconds', 'How long a batch of the outbox took.', ['outcome']);
  readonly requests = this.#seconds('skyflo_http_request_seconds', 'Requests served; event streams are not timed.', [
    'method',
    'status',
  ]);
  readonly kubeRequests = this.#seconds('skyflo_kube_request_seconds', 'Requests to Kubernetes API servers.', [
    'method',
    'dry_run',
    'status',
  ]);
  readonly published = new Counter({
    name: 'skyflo_events_published_total',
    help: 'Events that the stream has stored.',
    labelNames: ['type'],
    registers: [this.#registry],
  });

  constructor(service: string) {
    this.#registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Asked whenever somebody looks. */
  gauge(name: string, help: string, current: () => Promise<number>): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      async collect() {
        this.set(await current());
      },
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #seconds<L extends string>(name: string, help: string, labelNames: readonly L[]): Histogram<L> {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets, registers: [this.#registry] });
  }
}
