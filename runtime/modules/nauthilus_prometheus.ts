/** Metrics of scripts on `/metrics`: made once, usually by the init script, and fed by all others. */
import {
  argumentError,
  attempt,
  type Declaration,
  defineModule,
  entries,
  fromUtf8,
  type HostCall,
  type LuaResult,
  type LuaTable,
  type LuaValue,
  lax,
  noResults,
  num,
  optional,
  raise,
  result,
  type Slot,
  str,
  sync,
  table,
  textOf,
  textsOf,
  toUtf8String,
  typeMismatch,
  typeName,
  UserdataKind,
} from '../host/index.ts';
import { MetricError, type Vector, type VectorKind } from '../services/index.ts';

/** A measurement that has begun. */
interface Timer {
  readonly vector: Vector;
  readonly labels: Readonly<Record<string, string>>;
  /** On the monotonic clock, in milliseconds. */
  readonly start: number;
}

const timers = new UserdataKind<Timer>('prometheus_timer');

/** What scripts read in the error for a name that nobody has created. */
const NOT_FOUND: Readonly<Record<VectorKind, string>> = {
  counter: 'CounterVec not found',
  gauge: 'GaugeVec not found',
  histogram: 'HistogramVec not found',
  summary: 'SummaryVec not found',
};

const name = str('name');
const labels = table('labels');
const timer = [result('timer', timers.name)];

/** Runs what feeds or makes a metric; what is wrong with it is an error of the script. */
function orRaise<T>(act: () => T): T {
  return attempt([MetricError], ({ message }) => raise(fromUtf8(message)), act);
}

function find({ services }: HostCall, kind: VectorKind, wanted: string, functionName: string): Vector {
  const found = services.metrics.vectors.find(kind, toUtf8String(wanted));
  return found ?? argumentError(1, functionName, NOT_FOUND[kind]);
}

function labelsOf(given: LuaTable): Record<string, string> {
  const pairs: [string, string][] = [];
  for (const [key, value] of entries(given)) pairs.push([toUtf8String(textOf(key)), toUtf8String(textOf(value))]);
  return Object.fromEntries(pairs);
}

function creator(kind: VectorKind, doc: string): Declaration {
  return sync(
    { doc, args: [name, str('help'), optional(table('label_names'))] },
    ({ services }, wanted, help, given) => {
      const names = given === undefined ? [] : textsOf(given).map(toUtf8String);
      orRaise(() => services.metrics.vectors.create(kind, toUtf8String(wanted), toUtf8String(help), names));
      return noResults();
    },
  );
}

/** A function of a name and labels. */
function stepper(functionName: string, kind: VectorKind, by: number, doc: string): Declaration {
  return sync({ doc, args: [name, labels] }, (call, wanted, given) => {
    const vector = find(call, kind, wanted, functionName);
    orRaise(() => vector.add(labelsOf(given), by));
    return noResults();
  });
}

/** A function of a gauge, a value and labels. */
function gauge(
  functionName: string,
  doc: string,
  feed: (vector: Vector, own: Record<string, string>, value: number) => void,
): Declaration {
  return sync({ doc, args: [name, num('value'), labels] }, (call, wanted, value, given) => {
    const vector = find(call, 'gauge', wanted, functionName);
    orRaise(() => feed(vector, labelsOf(given), value));
    return noResults();
  });
}

function starter(functionName: string, kind: VectorKind, doc: string): Declaration {
  return sync({ doc, args: [name, labels], returns: timer }, (call, wanted, given): LuaResult => {
    const vector = find(call, kind, wanted, functionName);
    const own = labelsOf(given);
    orRaise(() => vector.check(own));
    return timers.make({ vector, labels: own, start: call.services.clock.monotonic() });
  });
}

/** Any userdata: what is no timer has nothing to stop. */
const startedTimer = Object.freeze({
  ...lax('timer'),
  type: timers.name,
  optional: false,
  take: (value: LuaValue, slot: Slot, count: number): Timer | undefined => {
    return typeName(value) === 'userdata' ? timers.open(value) : typeMismatch('userdata', value, slot, count);
  },
});

export default defineModule({
  name: 'nauthilus_prometheus',
  classes: 'all',
  doc: 'Counters, gauges, histograms and summaries on /metrics. Creating one that exists changes nothing.',
  userdata: [timers],
  functions: {
    create_summary_vec: creator('summary', 'Create a summary: sum and number of what is observed.'),
    create_counter_vec: creator('counter', 'Create a counter.'),
    create_histogram_vec: creator('histogram', 'Create a histogram of seconds.'),
    create_gauge_vec: creator('gauge', 'Create a gauge.'),
    increment_counter: stepper('increment_counter', 'counter', 1, 'Add 1 to a counter.'),
    increment_gauge: stepper('increment_gauge', 'gauge', 1, 'Add 1 to a gauge.'),
    decrement_gauge: stepper('decrement_gauge', 'gauge', -1, 'Subtract 1 from a gauge.'),
    add_gauge: gauge('add_gauge', 'Add a value to a gauge.', (vector, own, value) => vector.add(own, value)),
    sub_gauge: gauge('sub_gauge', 'Subtract a value from a gauge.', (vector, own, value) => vector.add(own, -value)),
    set_gauge: gauge('set_gauge', 'Set a gauge to a value.', (vector, own, value) => vector.set(own, value)),
    start_summary_timer: starter('start_summary_timer', 'summary', 'Begin to measure seconds for a summary.'),
    start_histogram_timer: starter('start_histogram_timer', 'histogram', 'Begin to measure seconds for a histogram.'),
    stop_timer: sync(
      { doc: 'Observe the seconds since the timer was started.', args: [startedTimer] },
      (call, begun) => {
        if (begun === undefined) return noResults();
        begun.vector.observe(begun.labels, (call.services.clock.monotonic() - begun.start) / 1000);
        return noResults();
      },
    ),
  },
});
