/**
 * Metrics of scripts, as the module `prometheus` of gopher-lua-libs; they are on the server's own page, too. Unlike in the
 * reference a metric without labels can be asked for again: scripts run once per request.
 */
import { createServer, type ServerResponse } from 'node:http';
import {
  argumentError,
  attempt,
  type Declaration,
  defineModule,
  entries,
  error,
  fromUtf8,
  type HostCall,
  io,
  type LuaResult,
  LuaTable,
  type LuaValue,
  noResults,
  num,
  type Outcome,
  pure,
  raise,
  rawGet,
  result,
  results2,
  str,
  sync,
  table,
  textOf,
  textsOf,
  toUtf8String,
  trailing,
  UserdataKind,
} from '../host/index.ts';
import { type Listener, MetricError, type Vector } from '../services/index.ts';
import { openListener } from './go/listen.ts';

/** The page with all metrics at an address of its own. */
interface Page {
  readonly address: string;
  listener: Listener | undefined;
}

type Kind = 'gauge' | 'counter';

interface Metric {
  readonly kind: Kind;
  readonly vector: Vector;
}

const pages = new UserdataKind<Page>('prometheus_client_ud');
const metrics = new UserdataKind<Metric>('prometheus_client_metric_ud');

/** As in the reference the script does not hear of an address that cannot be listened at, but the log does. */
async function start(call: HostCall, page: Page): Promise<Outcome> {
  if (page.listener !== undefined) return [];
  const { services } = call;
  const server = createServer((request, response) => {
    if (request.url?.replace(/\?.*/s, '') === '/metrics') void answerMetrics(services.metrics, response);
    else answerNotFound(response);
  });
  const listener = await openListener(call, server, page.address);
  if (typeof listener === 'string') {
    call.log.warn({ err: listener }, 'metrics are not served');
    return [];
  }
  page.listener = listener;
  call.closeAtEnd(() => stop(page));
  return [];
}

async function answerMetrics(page: HostCall['services']['metrics'], response: ServerResponse): Promise<void> {
  try {
    const text = await page.text();
    response.writeHead(200, { 'Content-Type': page.contentType }).end(text);
  } catch {
    response.writeHead(500).end();
  }
}

function answerNotFound(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
}

function stop(page: Page): void {
  page.listener?.close();
  page.listener = undefined;
}

pages.has({
  start: io({ doc: 'Serve `/metrics` at the address, until the script ends.', args: [pages.self()] }, start),
  stop: pure({ doc: 'Serve it no longer.', args: [pages.self()] }, (page) => {
    stop(page);
    return noResults();
  }),
});

function labelsOf(given: LuaTable): Record<string, string> {
  return Object.fromEntries(
    [...entries(given)].map(([key, value]) => [toUtf8String(textOf(key)), toUtf8String(textOf(value))] as const),
  );
}

/** Labels count only where the metric has some. */
function feed({ vector }: Metric, given: LuaTable | undefined, act: (own: Record<string, string>) => void): LuaResult {
  return attempt(
    [MetricError],
    ({ message }) => raise(fromUtf8(message)),
    () => {
      act(vector.labelNames.length === 0 || given === undefined ? {} : labelsOf(given));
      return noResults();
    },
  );
}

const labels = trailing(table('labels'));

metrics.has({
  set: pure({ doc: 'Set a gauge.', args: [metrics.self(), num('value'), labels] }, (metric, value, given) => {
    if (metric.kind !== 'gauge') return argumentError(1, 'set', 'unsupported operations for counter');
    return feed(metric, given, (own) => metric.vector.set(own, value));
  }),
  add: pure({ doc: 'Add a number.', args: [metrics.self(), num('value'), labels] }, (metric, value, given) =>
    feed(metric, given, (own) => metric.vector.add(own, value)),
  ),
  inc: pure({ doc: 'Add 1.', args: [metrics.self(), labels] }, (metric, given) =>
    feed(metric, given, (own) => metric.vector.add(own, 1)),
  ),
});

interface Wanted {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

function readWanted(kind: Kind, config: LuaTable): Wanted {
  const text = (value: LuaValue): string => (value === undefined ? '' : toUtf8String(textOf(value)));
  const parts = ['namespace', 'subsystem', 'name'].map((part) => text(rawGet(config, part)));
  const given = rawGet(config, 'labels');
  if (given !== undefined && !(given instanceof LuaTable)) return argumentError(1, kind, 'labels must be string');
  return {
    name: parts.filter((part) => part !== '').join('_'),
    help: text(rawGet(config, 'help')),
    labelNames: given === undefined ? [] : textsOf(given).map(toUtf8String).sort(),
  };
}

/** The metric that exists, if it is the same. */
function create({ services: { metrics: page } }: HostCall, kind: Kind, wanted: Wanted): LuaResult {
  const { name, help, labelNames } = wanted;
  const existing = page.vectors.find('gauge', name) ?? page.vectors.find('counter', name);
  if (existing !== undefined) {
    const isSame = page.vectors.find(kind, name) === existing && existing.labelNames.join() === labelNames.join();
    return isSame ? metrics.make({ kind, vector: existing }) : results2(undefined, 'already created with over config');
  }
  try {
    page.vectors.create(kind, name, help, labelNames);
  } catch (thrown) {
    if (!(thrown instanceof MetricError)) throw thrown;
    return results2(undefined, fromUtf8(failureText(wanted, thrown.message)));
  }
  const vector = page.vectors.find(kind, name);
  return vector === undefined ? results2(undefined, 'metric cannot be registered') : metrics.make({ kind, vector });
}

function failureText({ name, help }: Wanted, reason: string): string {
  if (!reason.includes('is not a valid')) return reason;
  const described = `fqName: ${JSON.stringify(name)}, help: ${JSON.stringify(help)}`;
  return `descriptor Desc{${described}, constLabels: {}, variableLabels: {}} is invalid: ${reason}`;
}

function creator(kind: Kind, doc: string): Declaration {
  return sync(
    { doc, args: [table('config')], returns: [result('metric', `${metrics.name}?`), error] },
    (call, config) => create(call, kind, readWanted(kind, config)),
  );
}

export default defineModule({
  name: 'nauthilus_gll_prometheus',
  requires: ['prometheus'],
  classes: 'all',
  doc: 'Counters and gauges, on the page of the server and at addresses of their own.',
  userdata: [pages, metrics],
  globals: () => ({
    prometheus_client_ud: pages.metatable(),
    prometheus_client_metric_ud: metrics.metatable(),
  }),
  functions: {
    register: pure(
      {
        doc: 'The page with all metrics, for an address of its own.',
        args: [str('address')],
        returns: [result('page', pages.name)],
      },
      (address) => pages.make({ address, listener: undefined }),
    ),
    gauge: creator('gauge', 'A number that rises and falls: namespace, subsystem, name, help, labels.'),
    counter: creator('counter', 'A number that only rises: namespace, subsystem, name, help, labels.'),
  },
});
