/** Command lines, as the module `argparse`: the Lua library itself, kept from ending the process. */
import {
  callValue,
  type Declarations,
  defineModule,
  describeFunctions,
  drive,
  field,
  finish,
  type LuaResult,
  type LuaValue,
  lax,
  mayWait,
  openLuaLibrary,
  perEnvironment,
  raise,
  rest,
  result,
  type Steps,
} from '../host/index.ts';
import { luaSource } from './gll-argparse/lua-source.ts';

/** In front of the library, on its first line: where it would end the process, it raises what it was going to print. */
const GUARD = [
  'local said = ""',
  'local function say(_, text) said = said .. text end',
  'local print = function(text) said = said .. text .. "\\n" end',
  'local io = { stderr = { write = say }, stdout = { write = say }, write = function(text) said = said .. text end }',
  'local os = { exit = function() local text = said:gsub("%s+$", "") said = "" error(text, 0) end }',
  '',
].join(' ');

/** Made once per environment, like any module. */
const opened = perEnvironment<{ library: LuaValue }>(() => ({ library: undefined }));

function* library(): Steps<LuaValue> {
  const own = opened();
  own.library ??= yield* openLuaLibrary(GUARD + luaSource(), 'argparse');
  return own.library;
}

function* makeParser(given: readonly LuaValue[]): Steps<Exclude<LuaResult, Generator>> {
  return yield* finish(callValue(yield* library(), [...given]));
}

const self = lax('self');
const values = rest(lax('values'));
const element = [result('element', 'any')];

/** Methods of the library's tables. All of them may call functions of the script, and those may wait. */
function method(doc: string, returns = element) {
  // Only described: the library itself has them.
  return mayWait({ doc, args: [self, values], returns }, (): LuaResult => raise('not available'));
}

const SETTERS =
  'name description epilog usage help require_command handle_options action command_target help_vertical_space usage_margin usage_max_width help_usage_margin help_description_margin help_max_width add_help summary target hidden hidden_name default convert args defmode show_default argname choices init count overwrite';

const METHODS: Declarations = {
  ...Object.fromEntries(
    SETTERS.split(' ').map((name) => [name, method(`Set the property \`${name}\`; gives the element itself.`)]),
  ),
  argument: method('Add a positional argument: name, description, default, convert, args.'),
  option: method('Add an option: names, description, default, convert, args, count.'),
  flag: method('Add an option without arguments.'),
  command: method('Add a command, a parser of its own: names, description, epilog.'),
  mutex: method('Options of which only one may be given.'),
  group: method('Show elements below a heading of their own in the help: name, elements.'),
  get_usage: method('The usage text.', [result('text', 'string')]),
  get_help: method('The help text.', [result('text', 'string')]),
  parse: method('The results for a list of arguments; raises usage and error for wrong ones.', [
    result('results', 'table'),
  ]),
  pparse: method('True and the results, or false and why the arguments are wrong.', [
    result('ok', 'boolean'),
    result('results', 'table|string'),
  ]),
  error: method('Raise usage and a text.'),
  add_help_command: method('Add a command that raises the help text.'),
  add_complete: method('Add an option that raises a completion script for a shell.'),
  add_complete_command: method('Add a command that raises a completion script for a shell.'),
  get_bash_complete: method('A completion script for Bash.', [result('script', 'string')]),
  get_zsh_complete: method('A completion script for Zsh.', [result('script', 'string')]),
  get_fish_complete: method('A completion script for Fish.', [result('script', 'string')]),
};

export default defineModule({
  name: 'nauthilus_gll_argparse',
  requires: ['argparse'],
  classes: 'all',
  doc: 'Command lines: the module itself is called and gives a parser.',
  userdata: [{ describe: () => ({ name: 'argparse.Element', methods: describeFunctions(METHODS) }) }],
  functions: {},
  call: mayWait(
    {
      doc: 'A parser: name, description, epilog, or a table of properties.',
      args: [lax('module'), values],
      returns: [result('parser', 'any')],
    },
    (_module, given) => drive(makeParser(given)),
  ),
  values: () => ({ version: '0.7.1' }),
  fields: [field('version', 'string', 'Version of the library.')],
});
