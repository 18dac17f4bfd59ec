/**
 * Histograms of how long stages and scripts take. They are always on, so an observation costs a few nanoseconds: a series is
 * looked up by name and counts into plain arrays, and only the page makes objects of them.
 */
import { Histogram, type HistogramConfiguration, type Registry } from 'prom-client';
import { DURATION_BUCKETS } from './duration-buckets.ts';

export interface Latencies {
  /** Milliseconds of one stage (`nauthilus_stage_duration_seconds`). */
  stage(name: string, ms: number): void;
  /** Milliseconds of one script (`nauthilus_script_duration_seconds`). */
  script(scriptClass: string, name: string, ms: number): void;
}

export function createLatencies(registry: Registry): Latencies {
  const common = { buckets: [...DURATION_BUCKETS], registers: [registry] };
  const stages = new LatencyHistogram({
    ...common,
    name: 'nauthilus_stage_duration_seconds',
    help: 'Time that logins spent in a stage',
    labelNames: ['stage'],
  });
  const scripts = new LatencyHistogram({
    ...common,
    name: 'nauthilus_script_duration_seconds',
    help: 'Time until a script had ended, waits included',
    labelNames: ['class', 'script'],
  });
  const classes = new Map<string, Map<string, Series>>();
  return {
    stage: (name, ms) => (stages.only.get(name) ?? stages.add(stages.only, name, { stage: name })).observe(ms / 1000),
    script: (scriptClass, name, ms) => {
      let known = classes.get(scriptClass);
      if (known === undefined) {
        known = new Map();
        classes.set(scriptClass, known);
      }
      const series = known.get(name) ?? scripts.add(known, name, { class: scriptClass, script: name });
      series.observe(ms / 1000);
    },
  };
}

type Labels = Readonly<Record<string, string>>;

class Series {
  readonly labels: Labels;
  /** One per bucket, and one for all that is slower. */
  readonly counts = new Float64Array(DURATION_BUCKETS.length + 1);
  sum = 0;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  observe(seconds: number): void {
    let at = 0;
    while (at < DURATION_BUCKETS.length && seconds > DURATION_BUCKETS[at]!) at++;
    this.counts[at]! += 1;
    this.sum += seconds;
  }
}

/** The same on the page as the library's own, which takes a third of a microsecond for each observation. */
class LatencyHistogram extends Histogram {
  readonly only = new Map<string, Series>();
  readonly #series: Series[] = [];
  /** Gives everything of the page but the values. */
  readonly #frame: Histogram;

  constructor(config: HistogramConfiguration<string>) {
    super(config);
    this.#frame = new Histogram({ ...config, registers: [] });
  }

  add(group: Map<string, Series>, name: string, labels: Labels): Series {
    const series = new Series(labels);
    group.set(name, series);
    this.#series.push(series);
    return series;
  }

  override async get(): ReturnType<Histogram['get']> {
    const page = await this.#frame.get();
    return { ...page, values: this.#series.flatMap((series) => valuesOf(series, page.name)) };
  }

  /** What the registry asks for instead where it writes text; the types of the library do not tell. */
  getForPromString(): ReturnType<Histogram['get']> {
    return this.get();
  }
}

function valuesOf({ labels, counts, sum }: Series, name: string) {
  let total = 0;
  const buckets = [...DURATION_BUCKETS, '+Inf'].map((le, at) => {
    total += counts[at] ?? 0;
    return { labels: { ...labels, le }, value: total, metricName: `${name}_bucket` };
  });
  return [
    ...buckets,
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: total, metricName: `${name}_count` },
  ];
}
