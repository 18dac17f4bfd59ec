/** Searching and changing the directory that the configuration names. */
import {
  attemptLater,
  chargeMemory,
  defineModule,
  entries,
  error,
  fromUtf8,
  io,
  LuaTable,
  type LuaValue,
  pure,
  raise,
  rawGet,
  rawSet,
  result,
  str,
  table,
  tableFromArray,
  textOf,
  textsOf,
  toBuffer,
  toUtf8String,
  waitFor,
} from '../host/index.ts';
import {
  escapeDnValue,
  escapeFilterValue,
  type LdapChange,
  type LdapEntry,
  LdapError,
  type LdapSearch,
  valuesByName,
} from '../services/index.ts';

const NOT_ACTIVATED = 'LDAP backend not activated';

function required(query: LuaTable, key: string): LuaValue {
  const value = rawGet(query, key);
  return value === undefined || value === false ? raise(`${key} is required`) : value;
}

function requiredText(query: LuaTable, key: string): string {
  const value = required(query, key);
  return typeof value === 'string' ? value : raise(`${key} should be a string`);
}

function requiredTable(query: LuaTable, key: string): LuaTable {
  const value = required(query, key);
  return value instanceof LuaTable ? value : raise(`${key} should be a table`);
}

/** Mistakes raise a Lua error; the session is for logs and must be there. */
function readSearch(query: LuaTable): LdapSearch {
  requiredText(query, 'session');
  return {
    baseDn: toUtf8String(requiredText(query, 'basedn')),
    filter: requiredText(query, 'filter'),
    scope: readScope(requiredText(query, 'scope')),
    attributes: textsOf(requiredTable(query, 'attributes')).map(toUtf8String),
  };
}

function readScope(text: string): LdapSearch['scope'] {
  const scope = text.trim();
  if (scope === '') return 'sub';
  return scope === 'base' || scope === 'one' || scope === 'sub' ? scope : raise(`LDAP scope not detected: ${text}`);
}

const OPERATIONS = ['add', 'delete', 'replace'] as const;

/** `{ replace = { mail = { … } }, … }`: one value or a list of them for each attribute. */
function readChanges(query: LuaTable): readonly LdapChange[] {
  const changes = OPERATIONS.flatMap((operation) => {
    const attributes = rawGet(query, operation);
    if (attributes === undefined) return [];
    if (!(attributes instanceof LuaTable)) return raise(`${operation} should be a table`);
    return [...attributesOf(attributes)].map(([attribute, values]) => ({ operation, attribute, values }));
  });
  return changes.length === 0 ? raise('add, delete or replace is required') : changes;
}

function* attributesOf(given: LuaTable): Iterable<readonly [string, readonly Buffer[]]> {
  for (const [name, value] of entries(given)) {
    const values = value instanceof LuaTable ? textsOf(value) : [textOf(value)];
    yield [toUtf8String(textOf(name)), values.map(toBuffer)];
  }
}

function toResult(found: readonly LdapEntry[], requested: readonly string[]): LuaTable {
  const made = new LuaTable();
  for (const [name, list] of valuesByName(found, requested)) {
    for (const value of list) chargeMemory(value.length);
    rawSet(made, name, tableFromArray(list));
  }
  return made;
}

/** The outcome, or the text of what went wrong. */
async function orText<T>(work: Promise<T>): Promise<T | LdapError> {
  return attemptLater(
    [LdapError],
    (error) => error,
    () => work,
  );
}

export default defineModule({
  name: 'nauthilus_ldap',
  classes: 'all',
  doc: 'Search and change the directory of the LDAP backend.',
  unavailable: ({ services }) => (services.ldap === undefined ? NOT_ACTIVATED : undefined),
  functions: {
    ldap_search: io(
      {
        doc: 'Search with session, basedn, filter, scope (base, one, sub) and attributes; lists of values by attribute, and dn.',
        args: [table('query')],
        returns: [result('result', 'table<string, string[]>?'), error],
      },
      function* ({ services }, query) {
        const search = readSearch(query);
        if (services.ldap === undefined) return raise(NOT_ACTIVATED);
        const found = yield* waitFor(orText(services.ldap.search(search)));
        return found instanceof LdapError ? [undefined, fromUtf8(found.message)] : toResult(found, search.attributes);
      },
    ),
    ldap_modify: io(
      {
        doc: 'Change the entry dn: add, delete and replace are tables of attribute and value or values; all or nothing.',
        args: [table('change')],
        returns: [result('reply', 'string?'), error],
      },
      function* ({ services }, change) {
        const [dn, changes] = [toUtf8String(requiredText(change, 'dn')), readChanges(change)];
        if (services.ldap === undefined) return raise(NOT_ACTIVATED);
        const failed = yield* waitFor(orText(services.ldap.modify(dn, changes)));
        return failed instanceof LdapError ? [undefined, fromUtf8(failed.message)] : 'OK';
      },
    ),
    escape_filter: pure(
      {
        doc: 'A value that is safe within a filter.',
        args: [str('value')],
        returns: [result('escaped', 'string')],
      },
      escapeFilterValue,
    ),
    escape_dn: pure(
      {
        doc: 'A value that is safe within a distinguished name.',
        args: [str('value')],
        returns: [result('escaped', 'string')],
      },
      escapeDnValue,
    ),
  },
});
