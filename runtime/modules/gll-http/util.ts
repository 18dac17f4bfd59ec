/** What the modules `http` and `http_util` have of URLs. */
import {
  argumentError,
  attempt,
  charge,
  chargeMemory,
  type Declarations,
  entries,
  error,
  LuaTable,
  type LuaValue,
  nilAndMessage,
  pure,
  rawGet,
  rawSet,
  result,
  str,
  table,
  tableFromArray,
  tableFromEntries,
  textOf,
} from '../../host/index.ts';
import {
  decodeUrl,
  EMPTY_URL,
  encodeUrl,
  parseQuery,
  parseUrl,
  portOf,
  queryText,
  UrlError,
  type UserInfo,
  urlText,
} from '../go/url.ts';

function orMessage<T extends LuaValue>(compute: () => T) {
  return attempt([UrlError], nilAndMessage, compute);
}

const BYTES_PER_STEP = 16;
/** A pair of a few bytes is two texts in a table. */
const MEMORY_PER_QUERY_BYTE = 16;

function urlTable(text: string): LuaTable {
  charge(text.length / BYTES_PER_STEP);
  const url = parseUrl(text);
  chargeMemory(url.rawQuery.length * MEMORY_PER_QUERY_BYTE);
  const query = tableFromEntries([...parseQuery(url.rawQuery)].map(([name, values]) => [name, tableFromArray(values)]));
  const fields = tableFromEntries([
    ['scheme', url.scheme],
    ['host', url.host],
    ['port', portOf(url)],
    ['path', url.path],
    ['raw_query', url.rawQuery],
    ['query', query],
  ]);
  if (url.user !== undefined) rawSet(fields, 'user', userTable(url.user));
  return fields;
}

function userTable({ username, password }: UserInfo): LuaTable {
  return tableFromEntries([
    ['username', username],
    ['password', password],
  ]);
}

function fieldText(fields: LuaTable, name: string): string {
  const value = rawGet(fields, name);
  if (value === undefined) return '';
  return typeof value === 'string' ? value : argumentError(1, 'build_url', `${name} must be string`);
}

function fieldTable(fields: LuaTable, name: string): LuaTable | undefined {
  const value = rawGet(fields, name);
  if (value === undefined || value instanceof LuaTable) return value;
  return argumentError(1, 'build_url', `${name} must be table`);
}

function userOf(fields: LuaTable): UserInfo | undefined {
  const user = fieldTable(fields, 'user');
  if (user === undefined) return undefined;
  // A missing password is the text nil in the reference; it means none.
  const password = rawGet(user, 'password');
  return {
    username: textOf(rawGet(user, 'username')),
    password: password === undefined ? undefined : textOf(password),
  };
}

function queryOf(fields: LuaTable): string {
  const query = fieldTable(fields, 'query');
  const values = new Map<string, string[]>();
  for (const [name, each] of query === undefined ? [] : entries(query)) {
    if (!(each instanceof LuaTable)) return argumentError(1, 'build_url', 'query values must be table');
    values.set(
      textOf(name),
      [...entries(each)].map(([, value]) => textOf(value)),
    );
  }
  return queryText(values);
}

function buildUrl(fields: LuaTable): string {
  const scheme = fieldText(fields, 'scheme');
  const host = fieldText(fields, 'host');
  const path = fieldText(fields, 'path');
  return urlText({ ...EMPTY_URL, scheme, host, path, user: userOf(fields), rawQuery: queryOf(fields) });
}

export const utilities: Declarations = {
  query_escape: pure(
    { doc: 'The text as a value in a query.', args: [str('text')], returns: [result('escaped', 'string')] },
    (text) => encodeUrl(text, 'query'),
  ),
  query_unescape: pure(
    { doc: 'The text of a value in a query.', args: [str('escaped')], returns: [result('text', 'string?'), error] },
    (escaped) => orMessage(() => decodeUrl(escaped, 'query')),
  ),
  parse_url: pure(
    {
      doc: 'The parts of a URL: scheme, host, port, path, raw_query, query and user.',
      args: [str('url')],
      returns: [result('parts', 'table?'), error],
    },
    (url) => orMessage(() => urlTable(url)),
  ),
  build_url: pure(
    {
      doc: 'The URL of its parts: scheme, host, path, user, query.',
      args: [table('parts')],
      returns: [result('url', 'string')],
    },
    buildUrl,
  ),
};
