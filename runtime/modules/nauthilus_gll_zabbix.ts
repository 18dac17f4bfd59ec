/** Zabbix's API and graphs, as the module `zabbix` of gopher-lua-libs. */
import {
  attemptLater,
  type Declaration,
  defineModule,
  error,
  errorMessage,
  type HostCall,
  io,
  type LuaTable,
  type Outcome,
  result,
  results2,
  type Steps,
  str,
  sync,
  table,
  trailing,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import type { HttpClient } from './gll-http/client.ts';
import { clientArgument, defaultClient } from './gll-http/client-argument.ts';
import { JsonError } from './gll-json/decode.ts';
import { COMPACT, encodeValue } from './gll-json/encode.ts';
import { readGraphSettings, readZabbixConfig } from './gll-zabbix/config.ts';
import { ZabbixConnection, ZabbixError } from './gll-zabbix/connection.ts';
import { isJsonObject, type JsonObject, type JsonValue, luaOfJson, parseJson } from './go/json-values.ts';

const connections = new UserdataKind<ZabbixConnection>('zabbix_bot_ud');

function connect({ services }: HostCall, given: LuaTable, client: HttpClient | undefined) {
  const config = readZabbixConfig(given);
  if (typeof config === 'string') return results2(undefined, config);
  return connections.make(new ZabbixConnection(config, client ?? defaultClient(), () => services.clock.now()));
}

const connector: Declaration = sync(
  {
    doc: 'A connection: url, user, passwd and others; with a client of `http`.',
    args: [table('config'), clientArgument],
    returns: [result('connection', `${connections.name}?`), error],
  },
  connect,
);

async function orMessage<T>(work: Promise<T>): Promise<{ readonly value: T } | string> {
  return attemptLater([ZabbixError], errorMessage, async () => ({ value: await work }));
}

/** Nothing, or the text of what went wrong. */
function* orText(work: Promise<void>): Steps<Outcome> {
  const outcome = yield* waitFor(orMessage(work));
  return typeof outcome === 'string' ? outcome : [];
}

function* request({ ended }: HostCall, connection: ZabbixConnection, method: string, given: LuaTable): Steps<Outcome> {
  const params = paramsOf(given);
  if (typeof params === 'string') return [undefined, params];
  const outcome = yield* waitFor(orMessage<JsonValue>(connection.request(method, params, ended)));
  return typeof outcome === 'string' ? [undefined, outcome] : luaOfJson(outcome.value);
}

function paramsOf(given: LuaTable): JsonObject | string {
  try {
    const params = parseJson(encodeValue(given, COMPACT));
    return isJsonObject(params) ? params : 'json: cannot unmarshal array into Go value of type map[string]interface {}';
  } catch (thrown) {
    if (thrown instanceof JsonError) return thrown.message;
    throw thrown;
  }
}

function* saveGraph(
  { ended }: HostCall,
  connection: ZabbixConnection,
  item: string,
  path: string,
  given: LuaTable | undefined,
): Steps<Outcome> {
  const settings = readGraphSettings(given);
  if (typeof settings === 'string') return settings;
  return yield* orText(connection.saveGraph(item, path, settings, ended));
}

const failure = [result('err', 'string?')];

connections.has({
  login: io({ doc: 'Log in to the API.', args: [connections.self()], returns: failure }, ({ ended }, connection) =>
    orText(connection.login(ended)),
  ),
  logout: io({ doc: 'Log out of the API.', args: [connections.self()], returns: failure }, ({ ended }, connection) =>
    orText(connection.logout(ended)),
  ),
  request: io(
    {
      doc: 'Call a method of the API.',
      args: [connections.self(), str('method'), table('params')],
      returns: [result('result', 'any'), error],
    },
    request,
  ),
  save_graph: io(
    {
      doc: 'Write a picture of the values of an item to a file; settings: period, width, height.',
      args: [connections.self(), str('item_id'), str('path'), trailing(table('settings'))],
      returns: failure,
    },
    saveGraph,
  ),
});

export default defineModule({
  name: 'nauthilus_gll_zabbix',
  requires: ['zabbix'],
  classes: 'all',
  doc: 'The API and the graphs of a Zabbix server.',
  userdata: [connections],
  globals: () => ({ zabbix_bot_ud: connections.metatable() }),
  functions: { new: connector, bot: connector },
});
