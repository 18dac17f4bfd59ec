/** The HTTP request that the server is answering. */
import {
  defineModule,
  fromBuffer,
  fromUtf8,
  type HostCall,
  type LuaTable,
  result,
  str,
  sync,
  tableFromArray,
  tableFromEntries,
  toUtf8String,
  trailing,
} from '../host/index.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** The host name is not a header for scripts. */
function headersOf({ state }: HostCall): Headers {
  return (state.request?.headers ?? []).filter(([name]) => name.toLowerCase() !== 'host');
}

function valuesOf(call: HostCall, name: string): LuaTable {
  const wanted = name.toLowerCase();
  const values = headersOf(call).filter(([each]) => each.toLowerCase() === wanted);
  return tableFromArray(values.map(([, value]) => value));
}

function allHeaders(call: HostCall): LuaTable {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headersOf(call)) {
    const key = name.toLowerCase();
    const values = byName.get(key);
    if (values === undefined) byName.set(key, [value]);
    else values.push(value);
  }
  return tableFromEntries([...byName].map(([name, values]) => [name, tableFromArray(values)]));
}

/** Path and query of the request line. */
function urlOf({ state }: HostCall): readonly [path: string, query: string] {
  const { url } = state.request ?? { url: '' };
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

const headerList = [result('values', 'string[]')];

export default defineModule({
  name: 'nauthilus_http_request',
  aliases: ['nauthilus_http'],
  classes: ['callback', 'feature', 'backend', 'filter', 'action'],
  doc: 'Headers and body of the HTTP request behind the login; every script gets the same body.',
  functions: {
    get_all_http_request_headers: sync(
      {
        doc: 'All headers: lower-case name to list of values, one per header line.',
        returns: [result('headers', 'table')],
      },
      allHeaders,
    ),
    get_http_request_header: sync(
      { doc: 'The values of a header, {} without it; the name in any case.', args: [str('name')], returns: headerList },
      valuesOf,
    ),
    get_http_request_body: sync(
      { doc: 'The body as sent, an empty string without one.', returns: [result('body', 'string')] },
      ({ state }) => (state.request === undefined ? '' : fromBuffer(state.request.body)),
    ),
  },
  // Additions: scripts that list the functions find those of the reference.
  hidden: {
    get_http_method: sync(
      { doc: 'The method, e.g. `POST`; an empty string outside of a request.', returns: [result('method', 'string')] },
      ({ state }) => state.request?.method ?? '',
    ),
    get_http_path: sync(
      { doc: 'The path as sent, without query.', returns: [result('path', 'string')] },
      (call) => urlOf(call)[0],
    ),
    get_http_query_param: sync(
      {
        doc: 'The first value of a parameter of the query, or nil.',
        args: [str('name')],
        returns: [result('value', 'string?')],
      },
      (call, name) => {
        const value = new URLSearchParams(urlOf(call)[1]).get(toUtf8String(name));
        return value === null ? undefined : fromUtf8(value);
      },
    ),
    get_http_request_headers: sync(
      {
        doc: 'Like get_http_request_header; without a name like get_all_http_request_headers.',
        args: [trailing(str('name'))],
        returns: headerList,
      },
      (call, name) => (name === undefined ? allHeaders(call) : valuesOf(call, name)),
    ),
  },
});
