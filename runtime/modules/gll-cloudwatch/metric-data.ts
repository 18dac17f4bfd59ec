/** Values of metrics from CloudWatch. */
import { entries, fromUtf8, LuaTable, type LuaValue, rawGet, rawSet, textOf, toUtf8String } from '../../host/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../go/json-values.ts';
import { AwsError, type AwsPlace, type AwsService, callAws } from './call.ts';

const MONITORING: AwsService = {
  name: 'monitoring',
  host: (region) => `monitoring.${region}.amazonaws.com`,
  contentType: 'application/x-amz-json-1.0',
  target: 'GraniteServiceVersion20100801',
  variable: 'AWS_ENDPOINT_URL_CLOUDWATCH',
};

/** Where nothing else is said: the last ten minutes. */
const DEFAULT_SPAN_SECONDS = 600;
const DEFAULT_PERIOD_SECONDS = 60;

/** The table as the service wants it; `now` is in seconds. Throws `AwsError` for what does not fit. */
export function readQueries(config: LuaTable, now: number): JsonObject {
  const start = secondsOf(rawGet(config, 'start_time')) ?? now - DEFAULT_SPAN_SECONDS;
  const end = secondsOf(rawGet(config, 'end_time')) ?? now;
  const queries = rawGet(config, 'queries');
  if (queries !== undefined && !(queries instanceof LuaTable)) throw new AwsError('queries must be table');
  const list = queries === undefined ? [] : [...entries(queries)].map(([id, query]) => queryOf(textOf(id), query));
  return { StartTime: start, EndTime: end, MetricDataQueries: list };
}

function secondsOf(value: LuaValue): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return Math.trunc(value);
  throw new AwsError('time must be number');
}

function queryOf(id: string, query: LuaValue): JsonObject {
  if (!(query instanceof LuaTable)) throw new AwsError('query must be table');
  const text = (name: string, fallback = ''): string => {
    const value = rawGet(query, name);
    return value === undefined ? fallback : toUtf8String(textOf(value));
  };
  const period = rawGet(query, 'period') ?? DEFAULT_PERIOD_SECONDS;
  if (typeof period !== 'number') throw new AwsError('period must be number');
  const dimension = { Name: text('dimension_name'), Value: text('dimension_value') };
  const metric = {
    Namespace: text('namespace'),
    MetricName: text('metric'),
    Dimensions: dimension.Name === '' ? [] : [dimension],
  };
  return {
    Id: toUtf8String(id),
    MetricStat: { Metric: metric, Period: Math.trunc(period), Stat: text('stat', 'Average') },
  };
}

/** By the id of the query and the time in seconds; only the first page. Rejects with `AwsError`. */
export async function metricData(
  place: AwsPlace,
  input: JsonObject,
  ended: AbortSignal,
): Promise<readonly JsonObject[]> {
  const { MetricDataResults: results } = await callAws(place, MONITORING, 'GetMetricData', input, ended);
  return Array.isArray(results) ? results.filter(isJsonObject) : [];
}

export function tableOfResults(results: readonly JsonObject[]): LuaTable {
  const table = new LuaTable();
  for (const { Id: id, Timestamps: times, Values: values } of results) {
    if (typeof id === 'string') rawSet(table, fromUtf8(id), tableOfValues(listOf(times), listOf(values)));
  }
  return table;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function tableOfValues(times: readonly JsonValue[], values: readonly JsonValue[]): LuaTable {
  const table = new LuaTable();
  for (const [at, time] of times.entries()) {
    const value = values[at];
    if (typeof time === 'number' && typeof value === 'number') rawSet(table, Math.trunc(time), value);
  }
  return table;
}
