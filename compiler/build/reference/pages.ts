/** Reference pages in Markdown, one per module, and the index. */
import {
  type HostField,
  type HostFunction,
  type HostGlobalTable,
  type HostModule,
  type HostParameter,
  type HostUserdata,
  SCRIPT_CLASSES,
  type ScriptClass,
} from '../../../runtime/contract/host.ts';
import type { NamedModule, WrittenParts } from './reference.ts';

const HEAD = '<!-- Written by `npm run docs` from the declarations in runtime: change those. -->';

/** All modules in a table, and how to read the pages. */
export function indexPage(modules: readonly NamedModule[]): string {
  const rows = modules.map(({ page, module }) =>
    row([`[${page}](${page}.md)`, `\`${module.requires[0] ?? page}\``, classesText(module.classes), module.doc]),
  );
  return text([
    HEAD,
    '# Host modules',
    '',
    'What scripts can call beside Lua itself. Every function is on the page of its module; every example there is run by the tests, and',
    'what its lines print stands behind `-->`. Globals of the script classes: [globals](globals.md). Stubs for the Lua language server',
    'are in `lua/types`: name that folder in `workspace.library` of its settings.',
    '',
    row(['module', 'require', 'script classes', 'what for']),
    row(['---', '---', '---', '---']),
    ...rows,
  ]);
}

/** Functions, objects, fields, notes and example of a module. */
export function modulePage(module: HostModule, { example, notes }: WrittenParts): string {
  const { loader, doc, requires, classes, functions, fields = [], userdata } = module;
  const [own = loader, ...others] = requires;
  const plain = functions.filter(({ name }) => name !== '__call');
  const calls = functions.filter(({ name }) => name === '__call');
  const shown = own.replace(/^nauthilus_/, '');
  return text([
    HEAD,
    `# ${own === loader ? loader : `${loader}: ${own}`}`,
    '',
    doc,
    '',
    '```lua',
    `dynamic_loader("${loader}")`,
    `local ${shown} = require("${own}")`,
    '```',
    '',
    `Script classes: ${classesText(classes)}.${others.length === 0 ? '' : ` Also found as ${listOf(others)}.`}`,
    '',
    ...section(
      '## Functions',
      plain.flatMap((each) => functionLines(`${shown}.${each.name}`, each)),
    ),
    ...section(
      '## Calling the module',
      calls.flatMap((each) => functionLines(shown, withoutFirst(each))),
    ),
    ...section('## Fields', fieldLines(fields)),
    ...userdata.flatMap(userdataLines),
    ...section('## Notes', notes === undefined ? [] : [notes.trim(), '']),
    ...section('## Example', example === undefined ? [] : ['```lua', example.trim(), '```', '']),
  ]);
}

/** What each script class finds in its globals. */
export function globalsPage(
  functions: readonly HostFunction[],
  tables: readonly HostGlobalTable[],
  requestFields: readonly HostField[],
): string {
  return text([
    HEAD,
    '# Globals',
    '',
    "What scripts find in their environment beside Lua's own libraries. Some of it depends on the script class.",
    '',
    '## In all classes',
    '',
    ...functions.flatMap((each) => functionLines(each.name, each)),
    ...SCRIPT_CLASSES.flatMap((each) =>
      section(`## In the class ${each}`, tables.filter((table) => table.scriptClass === each).flatMap(tableLines)),
    ),
    '## The table `request`',
    '',
    'The argument of the entry functions of features, backends, filters and actions. Every field is always there: an empty text, false or 0',
    'where nothing is known.',
    '',
    ...fieldLines(requestFields),
  ]);
}

function tableLines({ name, aliases, doc, functions, constants, userdata }: HostGlobalTable): readonly string[] {
  const values = Object.entries(constants);
  return [
    `### The table \`${name}\``,
    '',
    `${doc}${aliases.length === 0 ? '' : ` Also called ${listOf(aliases)}.`}`,
    '',
    ...functions.flatMap((each) => functionLines(`${name}.${each.name}`, each, '####')),
    ...(values.length === 0 ? [] : [row(['constant', 'value']), row(['---', '---'])]),
    ...values.map(([constant, value]) => row([`\`${constant}\``, String(value)])),
    '',
    ...userdata.flatMap((each) => methodLines(each, '####')),
  ];
}

function userdataLines(kind: HostUserdata): readonly string[] {
  return section(`## The object ${kind.name}`, [...methodLines(kind, '###'), ...fieldLines(kind.fields ?? [])]);
}

function methodLines({ name, methods }: HostUserdata, heading: string): readonly string[] {
  const object = name.replace(/^.*\./, '').toLowerCase();
  return methods.flatMap((each) => functionLines(`${object}:${each.name}`, each, heading));
}

function fieldLines(fields: readonly HostField[]): readonly string[] {
  if (fields.length === 0) return [];
  const rows = fields.map(({ name, type, doc }) => row([`\`${name}\``, `\`${type}\``, doc]));
  return [row(['field', 'type', '']), row(['---', '---', '---']), ...rows, ''];
}

function functionLines(
  name: string,
  { doc, params, returns, colour }: HostFunction,
  heading = '###',
): readonly string[] {
  const facts = [
    ...params.map(parameterLine),
    ...(returns.length === 0
      ? []
      : [`- returns ${returns.map((each) => `\`${each.name}\` (${typeText(each.type)})`).join(', ')}`]),
    ...(colour === 'io' ? ['- may wait; other logins go on meanwhile'] : []),
  ];
  return [
    `${heading} ${name}(${params.map(shownParameter).join(', ')})`,
    '',
    doc,
    '',
    ...facts,
    ...(facts.length > 0 ? [''] : []),
  ];
}

function parameterLine({ name, type, optional, variadic }: HostParameter): string {
  const amount = variadic ? ', any number' : optional ? ', optional' : '';
  return `- \`${name}\` (${typeText(type)}${amount})`;
}

function shownParameter({ name, optional, variadic }: HostParameter): string {
  return variadic ? `${name}...` : optional ? `${name}?` : name;
}

function withoutFirst(described: HostFunction): HostFunction {
  return { ...described, params: described.params.slice(1) };
}

/** `string?` reads as "string or nil". */
function typeText(type: string): string {
  const parts = type.endsWith('?') ? [...type.slice(0, -1).split('|'), 'nil'] : type.split('|');
  return parts.join(' or ');
}

function classesText(classes: readonly ScriptClass[]): string {
  return classes.length === SCRIPT_CLASSES.length ? 'all' : classes.join(', ');
}

function listOf(names: readonly string[]): string {
  return names.map((each) => `\`${each}\``).join(', ');
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [heading, '', ...lines];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`;
}

function text(lines: readonly string[]): string {
  return `${lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}
