/** Stubs for the Lua language server: definitions without code, from which editors complete and check. */
import type {
  HostField,
  HostFunction,
  HostGlobalTable,
  HostModule,
  HostParameter,
  HostUserdata,
} from '../../../runtime/contract/host.ts';

const HEAD = '-- Written from the declarations of the host modules; an editor reads it, nothing runs it.';
const KEYWORDS = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

/** The stub of a module; `page` is its name in the stub, `requireName` the one that `require` is given. */
export function moduleStub(page: string, module: HostModule, requireName: string): string {
  const calls = module.functions.filter(({ name }) => name === '__call');
  const others = module.functions.filter(({ name }) => name !== '__call');
  const owner = `---@class ${page}`;
  return text([
    `---@meta ${requireName}`,
    HEAD,
    '',
    ...module.userdata.flatMap(userdataLines),
    `---${module.doc}`,
    owner,
    ...(module.fields ?? []).map(fieldLine),
    ...calls.map(overloadLine),
    'local module = {}',
    '',
    ...others.flatMap((each) => functionLines('module.', each)),
    'return module',
  ]);
}

/** A further name under which a module can be required. */
export function aliasStub(alias: string, page: string): string {
  return text([`---@meta ${alias}`, HEAD, '', `---@type ${page}`, 'local module', 'return module']);
}

/** Globals of all script classes in one file: an editor does not know in which class a script runs. */
export function globalsStub(
  functions: readonly HostFunction[],
  tables: readonly HostGlobalTable[],
  requestFields: readonly HostField[],
): string {
  const names = [...new Set(tables.map(({ name }) => name))];
  return text([
    '---@meta',
    HEAD,
    '',
    '---What entry functions get: write `---@param request nauthilus_request` above them.',
    '---@class nauthilus_request',
    ...requestFields.map(fieldLine),
    '',
    ...functions.flatMap((each) => functionLines('', each)),
    ...names.flatMap((name) =>
      globalTableLines(
        name,
        tables.filter((each) => each.name === name),
      ),
    ),
  ]);
}

function globalTableLines(name: string, tables: readonly HostGlobalTable[]): readonly string[] {
  const [first] = tables;
  if (first === undefined) return [];
  const functions = new Map(tables.flatMap((each) => each.functions.map((one) => [one.name, one] as const)));
  const userdata = largest(tables.flatMap((each) => each.userdata));
  // The table and the objects it makes have one name in scripts; as types they need two.
  const type = `${name}_table`;
  return [
    ...userdata.flatMap(userdataLines),
    `---${first.doc}`,
    `---@class ${type}`,
    ...tables.flatMap(constantLines),
    `${name} = {}`,
    '',
    ...[...functions.values()].flatMap((each) => functionLines(`${name}.`, each)),
    ...first.aliases.flatMap((alias) => [`---@type ${type}`, `${alias} = ${name}`, '']),
  ];
}

/** Of several descriptions of one kind the one with the most methods: a class may offer only some. */
function largest(kinds: readonly HostUserdata[]): readonly HostUserdata[] {
  const byName = new Map<string, HostUserdata>();
  for (const kind of kinds) {
    const known = byName.get(kind.name);
    if (known === undefined || known.methods.length < kind.methods.length) byName.set(kind.name, kind);
  }
  return [...byName.values()];
}

function constantLines({ scriptClass, constants }: HostGlobalTable): readonly string[] {
  return Object.entries(constants).map(([name, value]) => `---@field ${name} ${value} In the class ${scriptClass}.`);
}

function userdataLines({ name, methods, fields }: HostUserdata): readonly string[] {
  // Not the bare name: a local would hide the global table that makes such objects.
  const local = `${name.replaceAll(/\W/g, '_')}_object`;
  return [
    `---@class ${name}`,
    ...(fields ?? []).map(fieldLine),
    `local ${local} = {}`,
    '',
    ...methods.flatMap((each) => functionLines(`${local}:`, each)),
  ];
}

function fieldLine({ name, type, doc }: HostField): string {
  return `---@field ${name} ${type} ${doc}`;
}

function functionLines(owner: string, { name, doc, params, returns }: HostFunction): readonly string[] {
  return [
    `---${doc}`,
    ...params.map(parameterLine),
    ...returns.map((each) => `---@return ${each.type} ${each.name}`),
    `function ${owner}${name}(${params.map(nameOf).join(', ')}) end`,
    '',
  ];
}

function parameterLine(parameter: HostParameter): string {
  const mark = parameter.optional && !parameter.variadic ? '?' : '';
  return `---@param ${nameOf(parameter)}${mark} ${parameter.type}`;
}

/** Calling the module itself, which is the first parameter. */
function overloadLine({ params, returns }: HostFunction): string {
  const given = params.slice(1).map((each) => `${nameOf(each)}${each.optional ? '?' : ''}: ${each.type}`);
  return `---@overload fun(${given.join(', ')}): ${returns.map(({ type }) => type).join(', ')}`;
}

function nameOf({ name, variadic }: HostParameter): string {
  if (variadic) return '...';
  return KEYWORDS.has(name) ? `${name}_` : name;
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n`;
}
