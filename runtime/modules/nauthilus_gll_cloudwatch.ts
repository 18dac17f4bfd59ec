/**
 * Logs and metrics of AWS, as the module `cloudwatch` of gopher-lua-libs. Unlike in the reference the region of `new` and
 * the timeout of `download` have an effect. An addition: the third argument of `new` is another endpoint.
 */
import {
  argumentError,
  attemptLater,
  defineModule,
  error,
  errorMessage,
  type HostCall,
  io,
  type LuaTable,
  num,
  type Outcome,
  optional,
  raise,
  result,
  type Steps,
  str,
  table,
  toUtf8String,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { readAccount, UnknownProfile } from './gll-cloudwatch/account.ts';
import { AwsError, type AwsPlace } from './gll-cloudwatch/call.ts';
import { downloadEvents, readFilter } from './gll-cloudwatch/logs.ts';
import { metricData, readQueries, tableOfResults } from './gll-cloudwatch/metric-data.ts';
import { defaultClient } from './gll-http/client-argument.ts';

const places = new UserdataKind<AwsPlace>('clw_ud');

const DEFAULT_IDLE_SECONDS = 60;

async function orMessage<T>(work: Promise<T>): Promise<{ readonly value: T } | string> {
  return attemptLater([AwsError, UnknownProfile], errorMessage, async () => ({ value: await work }));
}

function* open(profile: string | undefined, region: string | undefined, endpoint: string | undefined): Steps<Outcome> {
  const account = yield* waitFor(orMessage(readAccount(profile && toUtf8String(profile), process.env)));
  if (typeof account === 'string') return raise(account);
  const own = region ? { ...account.value, region: toUtf8String(region) } : account.value;
  return places.make({ account: own, endpoint: endpoint && toUtf8String(endpoint), client: defaultClient() });
}

function* download(
  { ended }: HostCall,
  place: AwsPlace,
  path: string,
  given: LuaTable,
  seconds: number,
): Steps<Outcome> {
  if (!(seconds > 0)) return argumentError(4, 'download', 'must be positive');
  const outcome = yield* waitFor(orMessage(downloadEvents(place, path, readFilter(given), seconds * 1000, ended)));
  return typeof outcome === 'string' ? outcome : [];
}

function* getMetricData({ services, ended }: HostCall, place: AwsPlace, config: LuaTable): Steps<Outcome> {
  const now = Math.floor(services.clock.now() / 1000);
  const outcome = yield* waitFor(orMessage((async () => metricData(place, readQueries(config, now), ended))()));
  return typeof outcome === 'string' ? [undefined, outcome] : tableOfResults(outcome.value);
}

places.has({
  download: io(
    {
      doc: 'Write the messages of all log events that fit a filter to a file; seconds without an event end it (60).',
      args: [places.self(), str('path'), table('filter'), optional(num('timeout'))],
      returns: [result('err', 'string?')],
    },
    (call, place, path, filter, seconds = DEFAULT_IDLE_SECONDS) => download(call, place, path, filter, seconds),
  ),
  get_metric_data: io(
    {
      doc: 'Values of metrics by query and time: start_time, end_time, queries.',
      args: [places.self(), table('config')],
      returns: [result('values', 'table?'), error],
    },
    getMetricData,
  ),
});

export default defineModule({
  name: 'nauthilus_gll_cloudwatch',
  requires: ['cloudwatch'],
  classes: 'all',
  doc: 'Logs and metrics of AWS CloudWatch.',
  userdata: [places],
  globals: () => ({ clw_ud: places.metatable() }),
  functions: {
    new: io(
      {
        doc: 'An account by its profile, else from the environment; with a region, and another endpoint than its own.',
        args: [optional(str('profile')), optional(str('region')), optional(str('endpoint'))],
        returns: [result('account', places.name), error],
      },
      (_call, profile, region, endpoint) => open(profile, region, endpoint),
    ),
  },
});
