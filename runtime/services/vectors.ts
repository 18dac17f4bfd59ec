/** Metrics that scripts create and feed by name (lua-api.md 5.10). Errors carry the texts scripts may know. */
import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client';
import { DURATION_BUCKETS } from './duration-buckets.ts';

export type VectorKind = 'counter' | 'gauge' | 'histogram' | 'summary';

type VectorLabels = Readonly<Record<string, string>>;

/** Wrong name, wrong labels, name taken by another metric; the message is meant for the script. */
export class MetricError extends Error {}

/** A metric with its labels; several series, one for each combination of their values. */
export interface Vector {
  readonly labelNames: readonly string[];
  /** Throws MetricError on labels that do not fit. */
  check(labels: VectorLabels): void;
  /** Counters and gauges; throws MetricError on labels that do not fit or a counter that would fall. */
  add(labels: VectorLabels, by: number): void;
  /** Gauges only. */
  set(labels: VectorLabels, value: number): void;
  /** Histograms and summaries. */
  observe(labels: VectorLabels, value: number): void;
}

export interface Vectors {
  /** Creates a metric; nothing happens when one of this name and kind exists. Throws MetricError for unusable names. */
  create(kind: VectorKind, name: string, help: string, labelNames: readonly string[]): void;
  /** The metric of this kind and name. */
  find(kind: VectorKind, name: string): Vector | undefined;
}

/** Metrics of scripts; a name that is built from what a client sends must not be able to fill the memory. */
const MOST_METRICS = 1000;

/** Series per metric; a script that puts user names into labels must not be able to fill the memory. */
const MOST_SERIES = 10_000;

export function createVectors(registry: Registry): Vectors {
  const known = new Map<string, Vector>();
  return {
    create: (kind, name, help, labelNames) => {
      const key = `${kind} ${name}`;
      if (known.has(key)) return;
      checkNames(kind, name, labelNames);
      if (known.size >= MOST_METRICS) throw new MetricError(`there are ${MOST_METRICS} metrics already`);
      if (registry.getSingleMetric(name)) {
        throw new MetricError(`duplicate metrics collector registration attempted: ${name}`);
      }
      known.set(key, checked(build(kind, name, help || name, labelNames, registry), labelNames));
    },
    find: (kind, name) => known.get(`${kind} ${name}`),
  };
}

type Feeds = Omit<Vector, 'check' | 'labelNames'>;

function build(kind: VectorKind, name: string, help: string, labels: readonly string[], registry: Registry): Feeds {
  const base = { name, help, labelNames: [...labels], registers: [registry] };
  const unsupported = (): never => {
    throw new MetricError(`${name} is a ${kind}`);
  };
  switch (kind) {
    case 'counter': {
      const counter = new Counter(base);
      return { add: (own, by) => counter.inc(own, rising(by)), set: unsupported, observe: unsupported };
    }
    case 'gauge': {
      const gauge = new Gauge(base);
      return {
        add: (own, by) => gauge.inc(own, finite(by)),
        set: (own, value) => gauge.set(own, finite(value)),
        observe: unsupported,
      };
    }
    case 'histogram': {
      const histogram = new Histogram({ ...base, buckets: [...DURATION_BUCKETS] });
      return { add: unsupported, set: unsupported, observe: (own, value) => histogram.observe(own, value) };
    }
    case 'summary': {
      const summary = new Summary({ ...base, percentiles: [] });
      return { add: unsupported, set: unsupported, observe: (own, value) => summary.observe(own, value) };
    }
  }
}

/** The library has no NaN and no infinity. */
function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new MetricError('value of a gauge must be a finite number');
}

function rising(by: number): number {
  if (by < 0) throw new MetricError('counter cannot decrease in value');
  if (!Number.isFinite(by)) throw new MetricError('value of a counter must be a finite number');
  return by;
}

/** Adds the checks of labels and the limit on series to a metric. */
function checked(vector: Feeds, labelNames: readonly string[]): Vector {
  const series = new Set<string>();
  const admit = (labels: VectorLabels): boolean => {
    checkLabels(labels, labelNames);
    const key = JSON.stringify(labelNames.map((name) => labels[name]));
    if (series.has(key)) return true;
    if (series.size >= MOST_SERIES) return false;
    series.add(key);
    return true;
  };
  return {
    labelNames,
    check: (labels) => checkLabels(labels, labelNames),
    add: (labels, by) => {
      if (admit(labels)) vector.add(labels, by);
    },
    set: (labels, value) => {
      if (admit(labels)) vector.set(labels, value);
    },
    observe: (labels, value) => {
      if (admit(labels)) vector.observe(labels, value);
    },
  };
}

function checkLabels(labels: VectorLabels, labelNames: readonly string[]): void {
  const given = Object.keys(labels);
  if (given.length !== labelNames.length) {
    throw new MetricError(
      `inconsistent label cardinality: expected ${labelNames.length} label values but got ${given.length} in ${goText(labels)}`,
    );
  }
  for (const name of labelNames) {
    if (!Object.hasOwn(labels, name)) throw new MetricError(`label name "${name}" missing in label map`);
  }
}

function goText(labels: VectorLabels): string {
  const members = Object.keys(labels)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(labels[name])}`);
  return `prometheus.Labels{${members.join(', ')}}`;
}

/** Labels that the text format itself uses. */
const RESERVED_LABELS: Partial<Record<VectorKind, string>> = { histogram: 'le', summary: 'quantile' };

function checkNames(kind: VectorKind, name: string, labelNames: readonly string[]): void {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) throw new MetricError(`"${name}" is not a valid metric name`);
  for (const label of labelNames) {
    const valid = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) && !label.startsWith('__') && label !== RESERVED_LABELS[kind];
    if (!valid) throw new MetricError(`"${label}" is not a valid label name for metric "${name}"`);
  }
  if (new Set(labelNames).size !== labelNames.length)
    throw new MetricError(`duplicate label names in metric "${name}"`);
}
