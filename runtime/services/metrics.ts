/** Metrics for Prometheus in an own registry: the server's (server.md section 9) and those that scripts create. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ServerConfig, TimerLabel } from '../config/index.ts';
import type { Clock } from './clock.ts';
import { CORE_METRICS, type CounterName, type Definition, type GaugeName, type LabelsOf } from './core-metrics.ts';
import { DURATION_BUCKETS } from './duration-buckets.ts';
import { createLatencies, type Latencies } from './latencies.ts';
import { createMachineLoad, LOAD_STATES } from './machine-load.ts';
import type { SiblingMetrics } from './sibling-metrics.ts';
import { createVectors, type Vectors } from './vectors.ts';

export interface Metrics {
  /** Adds to a counter of the server; `by` is 1 without it. */
  count<N extends CounterName>(name: N, labels: LabelsOf<N>, by?: number): void;
  /** Sets a gauge of the server. */
  set<N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number): void;
  /** The gauge, which has no labels, is read each time when somebody looks at the page. */
  measure(name: GaugeName, read: () => number): void;
  /** Adds to a gauge of the server (negative to subtract). */
  add<N extends GaugeName>(name: N, labels: LabelsOf<N>, by: number): void;
  /** Takes a series of a gauge off the page. */
  remove<N extends GaugeName>(name: N, labels: LabelsOf<N>): void;
  /** Current value of a counter or gauge for these labels; 0 when it was never touched. */
  value<N extends CounterName | GaugeName>(name: N, labels: LabelsOf<N>): Promise<number>;
  /** Seconds of an HTTP request (`http_response_time_seconds`); recorded only with `prometheus_timer.enabled`. */
  observeHttp(path: string, seconds: number): void;
  /**
   * Starts measuring `function_duration_seconds{service,task}` and gives the function that ends it. Costs nothing unless
   * the timer is enabled for this service. `task` must come from a bounded set, never from a client.
   */
  time(service: TimerLabel, task: string): () => void;
  /** Does the configuration ask for durations of the service? */
  isTimed(service: TimerLabel): boolean;
  /** A duration in milliseconds that has been measured already, under the same conditions. */
  took(service: TimerLabel, task: string, ms: number): void;
  /** Starts measuring a query of a block list (`rbl_duration_seconds`), under the same conditions as the service `feature`. */
  timeList(rbl: string): () => void;
  /** How long stages and scripts take, whatever is configured. */
  readonly latencies: Latencies;
  /** Metrics of scripts (`nauthilus_prometheus`). */
  readonly vectors: Vectors;
  /** The page for `/metrics`, and its content type. */
  text(): Promise<string>;
  readonly contentType: string;
  /** Follows other settings from now on. */
  adjust(server: ServerConfig): void;
  close(): void;
}

interface MetricsBase {
  readonly clock: Clock;
  readonly version: string;
  readonly siblings?: SiblingMetrics | undefined;
}

/** Creates the registry with all metrics of the server. */
export function createMetrics(server: ServerConfig, base: MetricsBase): Metrics {
  const registry = new Registry();
  let settings = readSettings(server);
  const reads = new Map<string, () => number>();
  const load = createMachineLoad(base.clock);
  for (const state of LOAD_STATES) reads.set(`cpu_${state}_usage_percent`, () => load(state));
  const { counters, gauges } = registerCore(registry, reads);
  const durations = new Histogram({
    name: 'function_duration_seconds',
    help: 'Time spent in stages, scripts and queries',
    labelNames: ['service', 'task'],
    buckets: [...DURATION_BUCKETS],
    registers: [registry],
  });
  const listQueries = new Histogram({
    name: 'rbl_duration_seconds',
    help: 'Time until a block list had answered',
    labelNames: ['rbl'],
    buckets: [...DURATION_BUCKETS],
    registers: [registry],
  });
  const responses = new Histogram({
    name: 'http_response_time_seconds',
    help: 'Time until an HTTP response was sent',
    labelNames: ['path'],
    registers: [registry],
  });
  collectDefaultMetrics({ register: registry });
  base.siblings?.answerWith(() => registry.getMetricsAsJSON());
  const showVersion = ({ instance_name }: ServerConfig): void => {
    gauges.nauthilus_version_info.reset();
    gauges.nauthilus_version_info.set({ instance_name, version: base.version }, 1);
  };
  showVersion(server);
  gauges.start_timestamp.set(Math.floor(base.clock.now()));
  // Rates over a counter need its first value to be 0, not the first event.
  for (const logins of ['success', 'failure']) counters.logins_total.inc({ logins }, 0);
  const metric = (name: CounterName | GaugeName) => (isCounter(name) ? counters[name] : gauges[name]);
  return {
    count: (name, labels, by = 1) => counters[name].inc(bounded(labels, settings), by),
    measure: (name, read) => void reads.set(name, read),
    set: (name, labels, value) => gauges[name].set(bounded(labels, settings), value),
    add: (name, labels, by) => gauges[name].inc(bounded(labels, settings), by),
    remove: (name, labels) => gauges[name].remove(bounded(labels, settings)),
    value: async (name, labels) => currentValue(await metric(name).get(), bounded(labels, settings)),
    observeHttp: (path, seconds) => {
      if (settings.timing) responses.observe({ path }, seconds);
    },
    time: (service, task) => {
      if (!settings.timed.has(service)) return nothing;
      const start = base.clock.monotonic();
      return () => durations.observe({ service, task }, (base.clock.monotonic() - start) / 1000);
    },
    isTimed: (service) => settings.timed.has(service),
    took: (service, task, ms) => {
      if (settings.timed.has(service)) durations.observe({ service, task }, ms / 1000);
    },
    timeList: (rbl) => {
      if (!settings.timed.has('feature')) return nothing;
      const start = base.clock.monotonic();
      return () => listQueries.observe({ rbl }, (base.clock.monotonic() - start) / 1000);
    },
    latencies: createLatencies(registry),
    vectors: createVectors(registry),
    // A page of this worker alone is better than none.
    text: () => base.siblings?.collect().catch(() => registry.metrics()) ?? registry.metrics(),
    contentType: registry.contentType,
    adjust: (changed) => {
      settings = readSettings(changed);
      showVersion(changed);
    },
    close: () => registry.clear(),
  };
}

type Counters = Readonly<Record<CounterName, Counter>>;
type Gauges = Readonly<Record<GaugeName, Gauge>>;

/** `reads` has what is to be measured when the page is made. */
function registerCore(
  registry: Registry,
  reads: ReadonlyMap<string, () => number>,
): { counters: Counters; gauges: Gauges } {
  const counters: Partial<Record<CounterName, Counter>> = {};
  const gauges: Partial<Record<GaugeName, Gauge>> = {};
  for (const [name, { help, labels }] of Object.entries(CORE_METRICS.counters)) {
    counters[name as CounterName] = new Counter({ name, help, labelNames: [...labels], registers: [registry] });
  }
  for (const [name, { help, labels, ...rest }] of Object.entries<Definition>(CORE_METRICS.gauges)) {
    gauges[name as GaugeName] = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      ...rest,
      collect() {
        const read = reads.get(name);
        if (read !== undefined) this.set(read());
      },
    });
  }
  return { counters: counters as Counters, gauges: gauges as Gauges };
}

function isCounter(name: CounterName | GaugeName): name is CounterName {
  return name in CORE_METRICS.counters;
}

interface Settings {
  readonly timing: boolean;
  readonly timed: ReadonlySet<string>;
  readonly protocols: ReadonlySet<string>;
}

/** Protocols that every installation knows; further ones come from the configuration. */
const WELL_KNOWN_PROTOCOLS = [
  'imap',
  'pop3',
  'smtp',
  'submission',
  'lmtp',
  'sieve',
  'http',
  'default',
  'oidc',
  'ory-hydra',
];

function readSettings(server: ServerConfig): Settings {
  const { enabled, labels } = server.prometheus_timer;
  return {
    timing: enabled,
    timed: new Set(enabled ? labels : []),
    protocols: new Set([...WELL_KNOWN_PROTOCOLS, ...server.brute_force_protocols]),
  };
}

type Labels = Readonly<Record<string, string>>;

/** `protocol` is chosen by clients: unknown ones share one series, or memory would be theirs to fill. */
function bounded(labels: Labels, settings: Settings): Labels {
  const { protocol } = labels;
  return protocol === undefined || settings.protocols.has(protocol) ? labels : { ...labels, protocol: 'other' };
}

function currentValue(metric: { values: readonly { labels: object; value: number }[] }, labels: Labels): number {
  const wanted = Object.entries(labels);
  const found = metric.values.find((entry) => {
    const own = new Map<string, unknown>(Object.entries(entry.labels));
    return own.size === wanted.length && wanted.every(([name, value]) => own.get(name) === value);
  });
  return found?.value ?? 0;
}

function nothing(): void {}
